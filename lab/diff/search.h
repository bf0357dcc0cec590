/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a hunk looked for in a file. */
#ifndef MIGBENCH_LAB_DIFF_SEARCH_H
#define MIGBENCH_LAB_DIFF_SEARCH_H

#include <stdbool.h>

#include "lab/diff/hunks.h"
#include "lab/diff/patches.h"

struct lab_file {
	char *text;
	struct lab_line *lines;
	size_t count;
};

/* One hunk that is looked at. */
struct lab_look {
	const struct lab_patch *patch;
	const char *name; /* the file's */
	const struct lab_file *file;
	const struct lab_hunk *hunk;
};

typedef bool (*lab_same_fn)(const struct lab_line *a, const struct lab_line *b);

bool lab_lines_same(const struct lab_line *a, const struct lab_line *b);

/* The same but for white space, wherever it is. */
bool lab_lines_alike(const struct lab_line *a, const struct lab_line *b);

/* Whether there is nothing but white space in it. */
bool lab_line_blank(const struct lab_line *line);

/* Where all @count lines are in the file, as near to @wanted as can be, from 0; -1: nowhere. */
long lab_search(const struct lab_file *file, const struct lab_line *lines, size_t count,
		size_t wanted, lab_same_fn same);

/* Where most of the hunk's lines are, and how many, blank ones not counted. */
size_t lab_search_nearest(const struct lab_look *look, size_t wanted, size_t *most);

/*
 * Whether the hunk, without some of its outer lines, as patch(1) would try it, is in the file;
 * *@place: of the first one.
 */
bool lab_search_fuzzy(const struct lab_look *look, size_t wanted, size_t *place);

#endif
