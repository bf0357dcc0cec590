/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files and hunks of a patch that git reads, to say why it does not apply. */
#ifndef MIGBENCH_LAB_DIFF_HUNKS_H
#define MIGBENCH_LAB_DIFF_HUNKS_H

#include <stdbool.h>
#include <stddef.h>

struct lab_line {
	const char *at; /* without its end; not terminated */
	size_t length;
	unsigned long number; /* in the patch's text, or in the file; from 1 */
	bool context;
};

struct lab_hunk {
	unsigned long number; /* of its @@ line in the text */
	unsigned long start; /* the line of the file where it is said to begin */
	struct lab_line *before, *after; /* what must be there, and what will be */
	size_t before_count, after_count;
};

/* What a patch does to one file. */
struct lab_change {
	char *from, *to; /* names in the tree; NULL: makes it, or takes it away */
	bool git; /* its names stand in a line "diff --git" */
	struct lab_hunk *hunks;
	size_t count;
};

struct lab_changes {
	struct lab_change *at;
	size_t count;
};

/* Read @text, which must outlive the changes; @reverse turns each of them round. */
void lab_changes_read(const char *text, unsigned int strip, bool reverse,
		      struct lab_changes *changes);
void lab_changes_free(struct lab_changes *changes);

/* The lines of @text, malloc'd, and their count. */
struct lab_line *lab_lines(const char *text, size_t *count);

#endif
