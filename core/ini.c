// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines and sections of INI files: inih takes 200 bytes of a line, reports sections with keys only, and passes over what stands behind one. */
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/ini.h"

#define BLANKS " \t\r\n\v\f"

bool mb_ini_section(const char *line, char **name, char **behind)
{
	const char *end;
	size_t length;

	*name = NULL;
	*behind = NULL;
	line += strspn(line, BLANKS);
	if (*line != '[')
		return false;
	end = strchr(line, ']');
	if (!end)
		return true;
	*name = mb_format("%.*s", (int)(end - line - 1), line + 1);
	end += 1 + strspn(end + 1, BLANKS);
	if (!*end || strchr(";#", *end))
		return true;
	length = strlen(end);
	while (isspace((unsigned char)end[length - 1]))
		length--;
	*behind = mb_format("%.*s", (int)length, end);
	return true;
}

/* As inih has a value: without blanks around it, and without a comment that a blank and ; begin. */
static char *trimmed(char *value)
{
	char *end = value;

	while ((end = strchr(end, ';')) && !isspace((unsigned char)end[-1]))
		end++;
	if (!end)
		end = value + strlen(value);
	while (end > value && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return value + strspn(value, " \t");
}

bool mb_ini_next(struct mb_ini_lines *lines)
{
	size_t length = 0;
	int c = 0;

	lines->rest = NULL;
	if (lines->binary)
		return false;
	/* What has no end is no text: a device's first NUL byte is as far as it gets. */
	while (c != '\n' && (c = getc(lines->in)) > 0) {
		lines->line = mb_grow(lines->line, &lines->room, length + 1, 1);
		lines->line[length++] = (char)c;
	}
	lines->binary = !c;
	lines->number += lines->binary || length;
	if (lines->binary || !length)
		return false;
	lines->line[length] = '\0';
	/* As inih does. */
	if (lines->number == 1 && !strncmp(lines->line, "\xef\xbb\xbf", 3))
		memmove(lines->line, lines->line + 3, strlen(lines->line + 3) + 1);
	return true;
}

char *mb_ini_give(struct mb_ini_lines *lines, char *buffer, int size)
{
	size_t length = strcspn(lines->line, "=:");

	if (strlen(lines->line) < (size_t)size) {
		snprintf(buffer, (size_t)size, "%s", lines->line);
	} else if (strchr(";#", lines->line[strspn(lines->line, " \t")])) {
		snprintf(buffer, (size_t)size, "\n");
	} else if (!lines->line[length] || length + sizeof("= +\n") > (size_t)size) {
		snprintf(buffer, (size_t)size, "?\n"); /* what it has no name for */
	} else {
		snprintf(buffer, (size_t)size, "%.*s= +\n", (int)length, lines->line);
		lines->rest = trimmed(lines->line + length + 1);
	}
	return buffer;
}

void mb_ini_free(struct mb_ini_lines *lines)
{
	free(lines->line);
	lines->line = NULL;
}
