/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a patch names, and how much of their names to strip. */
#ifndef MIGBENCH_LAB_DIFF_NAMES_H
#define MIGBENCH_LAB_DIFF_NAMES_H

#include <stdbool.h>

#include "core/base/list.h"

/*
 * Add all names in the lines of @text that may be a patch's headers, as if read with -p@strip, each
 * once. That may be more than its files: a line of prose can look like a header.
 */
void lab_diff_names(const char *text, unsigned int strip, struct mb_list *names);

/*
 * How many leading parts of the names are not of the source in @tree: the least of those under which
 * most of the files, or at least their folders, are there.
 */
unsigned int lab_diff_strip(const char *text, const char *tree);

/* Whether @text has what begins a patch: a header or a hunk, at the beginning of a line. */
bool lab_diff_has(const char *text);

/* Whether @text is of diff -c. */
bool lab_diff_is_context(const char *text);

/* The line after @line, or its end where there is none. */
const char *lab_diff_next(const char *line);

/* The first line of @text that a reply quotes and that belongs to a patch; 0: none. */
unsigned long lab_diff_quoted(const char *text);

#endif
