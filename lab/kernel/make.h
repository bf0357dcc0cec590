/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's make, in an environment of our own: the same input gives the same kernel. */
#ifndef MIGBENCH_LAB_KERNEL_MAKE_H
#define MIGBENCH_LAB_KERNEL_MAKE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/list.h"
#include "core/progress.h"
#include "lab/base/arch.h"

struct lab_make {
	const char *source; /* the kernel's tree; NULL: make runs in @build itself */
	const char *build; /* the folder for what is made (O=) */
	const char *fragment; /* KCONFIG_ALLCONFIG, or NULL */
	const struct lab_arch *arch; /* of the kernel */
	const char *compiler; /* with its options; NULL: gcc */
	bool lenient; /* what the host's programs warn of is no error */
	unsigned long jobs; /* 0: one */
	int hold; /* a lock that outlives us with what make has started, see lab_spawn() */
	struct mb_list targets; /* and VARIABLE=value words; emptied by lab_make() */
	FILE *log;
	void (*line)(void *context, const char *text); /* NULL, or called for each line */
	void *context;
};

/* For a line callback that counts. */
struct lab_make_count {
	struct mb_progress *progress;
	unsigned int done, about;
};

/*
 * Run it. Returns 0, the exit status, or -1: errno as lab_run_program() has it, or ENOENT after one
 * line: there is no compiler of that architecture here.
 */
int lab_make(struct lab_make *make);

#endif
