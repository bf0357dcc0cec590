/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which points stand together, and by which key: the one question behind every
 * table and picture. The parameters that are no axis split the points into
 * slices, so that all points of a slice differ in its axes alone.
 */
#ifndef MIGBENCH_ANALYSIS_SELECT_PIVOT_H
#define MIGBENCH_ANALYSIS_SELECT_PIVOT_H

#include "analysis/select/slice.h"

struct an_pivot {
	/*
	 * "numa"; or with others beside it, "migrate+evict/copy": theirs join each slice that
	 * has all parameters that they have. Where there is none, those behind a plus make one.
	 */
	const char *benchmark;
	/*
	 * The axes, NULL for none: a parameter, "from" or "to" (of nodes=0>1), or "kernel" (the
	 * run's). A point without the parameter has its benchmark's name there.
	 */
	const char *rows, *cols, *panels;
	const char *metric; /* of the cells' values, see an_value(); NULL: "total" */
};

/* Whether @benchmark is one of those that @pivot names. */
bool an_pivot_is_of(const struct an_pivot *pivot, const char *benchmark);

/* The slices of @runs, in the order of their first points; free with an_slices_free(). */
struct an_slice *an_pivot(const struct an_pivot *pivot, const struct an_run *const *runs,
			  size_t run_count, size_t *count);
/* The same of one run. */
struct an_slice *an_pivot_run(const struct an_pivot *pivot, const struct an_run *run,
			      size_t *count);

#endif
