/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of several mails are patches of a series, in which order, and what they are called. */
#ifndef MIGBENCH_LAB_DIFF_SORT_H
#define MIGBENCH_LAB_DIFF_SORT_H

#include <stdbool.h>

#include "lab/diff/patches.h"

/*
 * Of what one file or folder holds: leave out cover letters and answers where there are patches
 * beside them, and put a series into the order of its numbers (2/7). @alone: nothing else was given.
 */
void lab_diff_sort(struct lab_patches *patches, bool alone);

/* Whether @subject (may be NULL) is a cover letter's. */
bool lab_diff_is_cover(const char *subject);

/* Which of a series it is by its @subject (may be NULL), 3 for "[PATCH 3/7]"; 0: none, or the cover. */
unsigned long lab_diff_number(const char *subject);

/* @subject without what stands in brackets before it, "" for NULL. */
const char *lab_diff_title(const char *subject);

/* A word of letters, digits and "._+-" for what @operand holds, malloc'd. */
char *lab_diff_word(const char *operand, const char *subject);

#endif
