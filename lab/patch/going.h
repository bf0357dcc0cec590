/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an interrupted lab ab or lab gate has measured, and whether the same command can use it. */
#ifndef MIGBENCH_LAB_PATCH_GOING_H
#define MIGBENCH_LAB_PATCH_GOING_H

#include <stdbool.h>

#include "core/base/list.h"
#include "core/options.h"

/* What is measured into FOLDER/NAME.jsonl, or into NAME-KERNEL.jsonl where there are several. */
struct lab_going {
	const char *folder, *name;
	struct mb_list kernels;
	const char *suite;
	char *const *program; /* of the user's own, and what is added for it; NULL: none */
	const struct mb_strings *adds;
	bool force; /* whatever is there */
};

/* Whether @folder is one that such a command has begun to measure into, and has not finished. */
bool lab_going_is(const char *folder);

/*
 * Add to @words, the "lab run" that measures it but for the program, how it begins: with what an earlier call left of the
 * same, or anew, with what is there of the name removed. The kernels are built: it is the same if
 * they, the words, the suite, what is added and migbench itself are what they were. Returns MB_OK, or
 * after one line MB_REQUEST (the folder has another measurement) or MB_MACHINE.
 */
int lab_going_begin(const struct lab_going *going, struct mb_list *words);

/*
 * The command has ended with @status. Where it has an answer, good or bad, its traces go from @folder;
 * else what is measured stays for the same command, and one that was interrupted names the folder.
 */
void lab_going_end(const char *folder, int status);

#endif
