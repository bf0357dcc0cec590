/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the hunks of a patch would have their places, and what keeps them from it. */
#ifndef MIGBENCH_LAB_DIFF_PLACE_H
#define MIGBENCH_LAB_DIFF_PLACE_H

#include "lab/diff/patches.h"

/*
 * Why @patch, taken in this direction, does not apply to the files in @tree: malloc'd words that
 * follow its name. NULL: all of it seems to fit. @called: the source, in words.
 */
char *lab_diff_misfit(const struct lab_patch *patch, const char *tree, unsigned int strip,
		      bool reverse, const char *called);

#endif
