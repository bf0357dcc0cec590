/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest's log says of the kernel's memory (kmod/slabs.c, and init.c of vmalloc areas). */
#ifndef MIGBENCH_LAB_PROFILE_SAID_H
#define MIGBENCH_LAB_PROFILE_SAID_H

#include <stdbool.h>
#include <stdint.h>

enum lab_said_what {
	LAB_SAID_SIZES, /* bytes of a page in from, of a task's stack in to */
	LAB_SAID_AREA, /* of the kind name */
	LAB_SAID_PER_CPU, /* a CPU's offset in from */
	LAB_SAID_SLAB, /* of the cache name */
	LAB_SAID_VMALLOC /* by the function name */
};

struct lab_said {
	enum lab_said_what what;
	uint64_t from, to; /* virtual, unless said above */
	char name[256]; /* "" where there is none */
};

/* The next such line of *@log, which is moved behind it; false when there is none left. */
bool lab_said_next(const char **log, struct lab_said *said);

#endif
