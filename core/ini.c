// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections of INI files: inih reports those with keys only, and passes over what stands behind one. */
#include <ctype.h>
#include <stddef.h>
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
