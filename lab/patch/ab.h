/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab ab: what a patch costs, from its file to the points and functions that changed. */
#ifndef MIGBENCH_LAB_PATCH_AB_H
#define MIGBENCH_LAB_PATCH_AB_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/list.h"

int lab_ab_main(int argc, char **argv);

/*
 * The points of one benchmark that differ in their batch size alone, of which some changed. Two
 * batch sizes tell what changed for each page from what changed once a batch.
 */
struct lab_ab_family {
	char *name; /* a point's, without its batch */
	char *worst; /* name of the point that changed most, by ratio */
	char *largest; /* of the one with most pages */
	const char *unit;
	size_t points, slower, faster;
	double low, high; /* the changed points' ratios B/A */
	double ratio; /* of the worst */
	double pages[2], change[2]; /* smallest and largest batch: pages, and B - A for all of it */
};

struct lab_ab_changes {
	struct lab_ab_family *at; /* those that changed, largest change first */
	size_t count;
	struct mb_list others; /* of each that did not, the point with most pages */
	size_t points, inconclusive, alone; /* compared, undecided, of one side only */
	char *meaning; /* the paragraph on what changed most; NULL: nothing did */
};

/*
 * Read what "compare --format json" printed, @text. Returns an exit status, after one line if it
 * is not MB_OK. lab_ab_changes_free() is right in both cases.
 */
int lab_ab_changes_read(const char *text, struct lab_ab_changes *changes);
void lab_ab_changes_free(struct lab_ab_changes *changes);

/* Print them for people on stdout. */
void lab_ab_changes_print(const struct lab_ab_changes *changes);

#endif
