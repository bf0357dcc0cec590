// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of a log that an error is shown with. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "lab/base/log.h"

/* The log of a broken guest may hold anything; a terminal shall not obey it. */
static void print_safely(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n' || text[i] == '\t' || isprint((unsigned char)text[i]))
			putc(text[i], stderr);
		else if (text[i] != '\r')
			putc('?', stderr);
	if (length && text[length - 1] != '\n')
		putc('\n', stderr);
}

void lab_print_tail(const char *path, int lines)
{
	size_t length = 0, start;
	char *text = mb_read_file(path, &length);

	/* The end of the last line begins no line of its own. */
	start = text && length && text[length - 1] == '\n' ? length - 1 : length;
	for (int seen = 0; text && start; start--)
		if (text[start - 1] == '\n' && ++seen == lines)
			break;
	if (text)
		print_safely(text + start, length - start);
	free(text);
}

void lab_print_trouble(const char *path, int lines)
{
	static const char *const signs[] = { "error: ", "undefined reference", "*** " };
	size_t length = 0, end;
	char *text = mb_read_file(path, &length), *found = NULL, *start;

	for (size_t i = 0; text && !found && i < sizeof(signs) / sizeof(signs[0]); i++)
		found = strstr(text, signs[i]);
	if (!found) {
		free(text);
		lab_print_tail(path, lines);
		return;
	}
	for (start = found; start > text && start[-1] != '\n'; start--)
		;
	for (end = (size_t)(start - text); end < length && lines; end++)
		lines -= text[end] == '\n';
	print_safely(start, end - (size_t)(start - text));
	free(text);
}
