/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the run's records say of the one point that is profiled. */
#ifndef MIGBENCH_LAB_PROFILE_SAMPLED_H
#define MIGBENCH_LAB_PROFILE_SAMPLED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/list.h"
#include "core/record/record.h"

/* One value of every metric that a profile can divide: instructions. */
struct lab_value {
	uint64_t total, phase[MB_PHASES];
};

struct lab_sampled {
	char *name;
	unsigned long pages; /* of one value, base pages */
	unsigned long moved; /* of these, or more: one fault may bring back a whole 2m page */
	bool phased; /* the benchmark tells its phases */
	struct lab_value *values; /* in the order of sampling */
	size_t count;
};

/*
 * Take them from the lines of a run. Returns MB_OK, or MB_MACHINE after one line: the point was
 * skipped or invalid there, or this is no run of one point.
 */
int lab_sampled_read(struct lab_sampled *sampled, const struct mb_list *lines);
void lab_sampled_free(struct lab_sampled *sampled);

#endif
