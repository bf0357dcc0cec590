// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command prints: no name that others chose moves the terminal. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/plain.h"
#include "core/base/say.h"
#include "core/base/text.h"

char *mb_shown(const char *text)
{
	char *shown = mb_strdup(text);

	mb_plain(shown);
	return shown;
}

void mb_say(FILE *out, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mb_vformat(fmt, ap);
	va_end(ap);
	mb_plain(text);
	fprintf(out, "%s\n", text);
	free(text);
}

void mb_put_name(const char *name)
{
	if (isatty(STDOUT_FILENO))
		mb_say(stdout, "%s", name);
	else
		puts(name);
}

void mb_put_lines(const char *text)
{
	if (!isatty(STDOUT_FILENO)) {
		fputs(text, stdout);
		return;
	}
	while (*text) {
		size_t length = strcspn(text, "\t\n");
		char *piece = mb_format("%.*s", (int)length, text);

		mb_plain(piece);
		fputs(piece, stdout);
		free(piece);
		text += length;
		if (*text)
			putchar(*text++);
	}
}
