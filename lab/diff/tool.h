/* SPDX-License-Identifier: GPL-2.0-or-later */
/* git and patch(1), which do the work, kept from the user's settings and repositories. */
#ifndef MIGBENCH_LAB_DIFF_TOOL_H
#define MIGBENCH_LAB_DIFF_TOOL_H

#include "core/base/list.h"
#include "lab/diff/patches.h"

/*
 * Run @words, which are emptied, in @folder (NULL: ours), their input the file @input (NULL: none);
 * what they said, malloc'd, in *@said unless NULL. Returns the exit status, -1 when they could not be
 * started or we were interrupted.
 */
int lab_diff_run(struct mb_list *words, const char *folder, const char *input, char **said);

/* How lab_diff_tool() is to go about it. */
struct lab_diff_how {
	const char *folder; /* NULL: only read the patch */
	unsigned int strip; /* -p */
	bool reverse, check; /* -R; change nothing */
};

/* Whether git, or patch(1), takes @patch that way; what it said, malloc'd, in *@said unless NULL. */
bool lab_diff_tool(const struct lab_patch *patch, const struct lab_diff_how *how, char **said);

/* A folder of our own for files that such programs read; NULL after one line. */
const char *lab_diff_scratch(void);

#endif
