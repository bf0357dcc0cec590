/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What inih does not tell of an INI file: its lines, its sections, what stands behind one, and the rest of a long value. */
#ifndef MIGBENCH_CORE_INI_H
#define MIGBENCH_CORE_INI_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Whether @line begins a section. *@name is what stands in the brackets, NULL where the second one is missing;
 * *@behind is what stands behind them and is no comment, without blanks around it, NULL: nothing. Both malloc'd.
 */
bool mb_ini_section(const char *line, char **name, char **behind);

/* The lines of a file. All zero but for in is before the first. */
struct mb_ini_lines {
	FILE *in;
	unsigned long number; /* of the last line, from 1 */
	char *line; /* all of it; NULL before the first */
	size_t room;
	const char *rest; /* the value in it, if inih gets another one in its place; else NULL */
	bool binary; /* the last line has a NUL byte, behind which a text would go on unseen; none follows */
};

/* Whether there is a next line, which then is lines->line. */
bool mb_ini_next(struct mb_ini_lines *lines);

/*
 * @buffer, of @size bytes, filled as inih's reader wants it. It takes 200 bytes of a line: of a longer one it gets the
 * key, and lines->rest is the value.
 */
char *mb_ini_give(struct mb_ini_lines *lines, char *buffer, int size);

/* But for the file. */
void mb_ini_free(struct mb_ini_lines *lines);

/* The line's text of an error for a line that is binary. */
#define MB_INI_BINARY "a NUL byte; an INI file is a text"

/* The line's text of an error for what stands behind a section. */
#define MB_INI_BEHIND "'%s' stands behind [%s]; a key begins a line of its own"

#endif
