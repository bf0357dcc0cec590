/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a patch that can't be read. */
#ifndef MIGBENCH_LAB_DIFF_DAMAGE_H
#define MIGBENCH_LAB_DIFF_DAMAGE_H

#include "lab/diff/patches.h"

/* Where the text's line @number is, for a message; malloc'd. */
char *lab_diff_where(const struct lab_patch *patch, unsigned long number);

/*
 * What of its lines makes @patch one that is not to be applied, whatever git says: hunks with other
 * lines than they announce, binary files; malloc'd words that follow the patch's name. NULL: nothing.
 */
char *lab_diff_damage(const struct lab_patch *patch);

/* The same for a text that has no patch in it at all, with a cause in any case. */
char *lab_diff_no_patch(const struct lab_patch *patch);

#endif
