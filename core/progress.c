// SPDX-License-Identifier: GPL-2.0-or-later
/* One line of progress on a terminal, written over itself. */
#include <stdarg.h>
#include <unistd.h>

#include "core/progress.h"

/* Narrow enough for any terminal: a line that wraps could not be erased. */
#define WIDTH 78

struct mb_progress mb_progress(FILE *out)
{
	return (struct mb_progress){ .out = out, .terminal = isatty(fileno(out)) };
}

static void show(struct mb_progress *progress, const char *fmt, va_list ap)
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

void mb_step(struct mb_progress *progress, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show(progress, fmt, ap);
	va_end(ap);
}

void mb_tick(struct mb_progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (!progress->terminal)
		return;
	va_start(ap, fmt);
	show(progress, fmt, ap);
	va_end(ap);
}

void mb_progress_clear(struct mb_progress *progress)
{
	if (!progress->shown)
		return;
	fprintf(progress->out, "\r%-*s\r", WIDTH, "");
	fflush(progress->out);
	progress->shown = false;
}
