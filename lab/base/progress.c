// SPDX-License-Identifier: GPL-2.0-or-later
/* One line of progress on a terminal, written over itself. */
#include <stdarg.h>
#include <unistd.h>

#include "lab/base/progress.h"

/* Narrow enough for any terminal: a line that wraps could not be erased. */
#define WIDTH 78

struct lab_progress lab_progress(FILE *out)
{
	return (struct lab_progress){ .out = out, .terminal = isatty(fileno(out)) };
}

static void show(struct lab_progress *progress, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (progress->terminal)
		fprintf(progress->out, "\r%-*.*s\r%.*s", WIDTH, 0, "", WIDTH, text);
	else
		fprintf(progress->out, "%s\n", text);
	fflush(progress->out);
	progress->shown = progress->terminal;
}

void lab_step(struct lab_progress *progress, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show(progress, fmt, ap);
	va_end(ap);
}

void lab_tick(struct lab_progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (!progress->terminal)
		return;
	va_start(ap, fmt);
	show(progress, fmt, ap);
	va_end(ap);
}

void lab_progress_clear(struct lab_progress *progress)
{
	if (!progress->shown)
		return;
	fprintf(progress->out, "\r%-*s\r", WIDTH, "");
	fflush(progress->out);
	progress->shown = false;
}
