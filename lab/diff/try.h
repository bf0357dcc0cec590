/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches tried on copies of the files that they name. */
#ifndef MIGBENCH_LAB_DIFF_TRY_H
#define MIGBENCH_LAB_DIFF_TRY_H

#include "lab/diff/patches.h"

/* A new folder with copies of those files of @tree; malloc'd, or NULL after one line. */
char *lab_try_copy(const struct lab_patches *patches, const char *tree);

/*
 * Apply the patches to @folder in their order, or, if @reverse, take them out in the other one.
 * @strips: of each of them. Returns how many of them were done, in the order of doing; what the tool
 * said of the one that was not, malloc'd, in *@said unless NULL.
 */
size_t lab_try_all(const struct lab_patches *patches, const char *folder, bool reverse,
		   const unsigned int *strips, char **said);

/* The patch that comes as the @done'th. */
size_t lab_try_index(const struct lab_patches *patches, bool reverse, size_t done);

/* What to strip from the names of each patch; malloc'd. */
unsigned int *lab_try_strips(const struct lab_patches *patches, const char *tree);

/* Whether all of them can be taken out of @tree (or, with @reverse, be put into it). */
bool lab_try_undo(const struct lab_patches *patches, const char *tree);

#endif
