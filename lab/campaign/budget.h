/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab run --budget: what a time buys, found out by a pilot. */
#ifndef MIGBENCH_LAB_CAMPAIGN_BUDGET_H
#define MIGBENCH_LAB_CAMPAIGN_BUDGET_H

#include <stdbool.h>
#include <jansson.h>

#include "core/options.h"
#include "lab/vm/vm.h"

/* Settings of the suite that were bought; 0: they stay. */
struct lab_pace {
	unsigned long rounds, point_time; /* point_time: ms */
};

struct lab_budget {
	/* Set by the caller. */
	unsigned long seconds;
	/* Of the pilot; all but the kernel may be NULL. */
	const char *kernel, *topology, *accel, *cpu, *qemu, *append;
	enum mb_clock clock;
	const char *suite, *only; /* only: may be NULL */
	const struct mb_strings *set, *module_params;
	unsigned long seed;
	unsigned long targets; /* kernels times topologies: they share the time */
	bool quiet;

	/* What was decided. */
	unsigned long boots, calibrate;
	struct lab_pace pace;
	json_t *found; /* for the run file; the caller's */
};

/*
 * Measure the pilot, decide, and say on stderr what and why unless @budget->quiet. Returns MB_OK,
 * or an exit status after one line on stderr (none when interrupted).
 */
int lab_budget_plan(struct lab_budget *budget);

#endif
