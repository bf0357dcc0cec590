// SPDX-License-Identifier: GPL-2.0-or-later
/* An error's one line. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/plain.h"
#include "core/status.h"

void (*mb_before_line)(void);

static void print_line(const char *prefix, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void print_line(const char *prefix, const char *fmt, va_list ap)
{
	char beginning[1024], *text = beginning;
	int error = errno, length;
	va_list again;

	va_copy(again, ap);
	length = vsnprintf(beginning, sizeof(beginning), fmt, ap);
	errno = error;
	/* Behind a long name stands the cause. Without memory there is the beginning at least. */
	if (length >= (int)sizeof(beginning) && vasprintf(&text, fmt, again) < 0)
		text = beginning;
	va_end(again);
	/* A file name or a value may hold anything; the promise is one line. */
	mb_plain(text);
	if (mb_before_line)
		mb_before_line();
	fprintf(stderr, "migbench: %s%s\n", prefix, text);
	if (text != beginning)
		free(text);
}

int mb_fail(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("", fmt, ap);
	va_end(ap);
	return status;
}

void mb_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("note: ", fmt, ap);
	va_end(ap);
}
