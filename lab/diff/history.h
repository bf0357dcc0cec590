/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Since when a source has what a patch does. */
#ifndef MIGBENCH_LAB_DIFF_HISTORY_H
#define MIGBENCH_LAB_DIFF_HISTORY_H

#include "lab/diff/patches.h"

/* The source in @tree in words: "this source (6.1.192)"; malloc'd. */
char *lab_patches_call(const char *tree);

/*
 * Since when @patches, which @tree has, are in the kernel, as far as its git or the @others tell;
 * malloc'd, "" when nothing tells.
 */
char *lab_patches_since(const struct lab_patches *patches, const char *tree,
			const struct lab_patches_other *others, size_t other_count);

#endif
