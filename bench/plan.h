/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan: every point of a suite, and the order of each round. */
#ifndef MIGBENCH_BENCH_PLAN_H
#define MIGBENCH_BENCH_PLAN_H

#include <jansson.h>

#include "bench/suite.h"

struct mb_plan {
	struct mb_point *points; /* points[i].id == i */
	size_t count;
};

/* The machine that a suite's words stand for. */
struct mb_ground {
	unsigned long from, to; /* nodes: the nearest pair */
	unsigned long base, pmd; /* bytes of a base page, and of what one PMD maps */
};

/*
 * Put what @ground has in the place of @suite's words for nodes and sizes, see MB_PARAM_NODES and
 * bench/scene/sizes.h: to be done before a plan is made of it.
 */
void mb_plan_place(struct mb_suite *suite, const struct mb_ground *ground);
/*
 * Cross the suite's lists into points, in the suite's order, keeping those whose
 * name matches the fnmatch pattern @only (NULL: all). The suite must outlive the
 * plan. Returns 0, or MB_REQUEST after a line on stderr when nothing is left.
 */
int mb_plan_make(struct mb_plan *plan, const struct mb_suite *suite, const char *only);
void mb_plan_free(struct mb_plan *plan);

/*
 * The order of round @round: a permutation of 0…count-1 that depends on nothing
 * but @seed, @round and @count. malloc'd.
 */
size_t *mb_plan_order(const struct mb_plan *plan, unsigned long seed, unsigned long round);

/* The point's "params" object, as the run file has it: without what is neutral. New reference. */
json_t *mb_point_params(const struct mb_point *point);
/* The parameters that are neutral, with their values; NULL if none is. New reference. */
json_t *mb_point_neutral(const struct mb_point *point);

#endif
