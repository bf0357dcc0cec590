/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The benchmark refault in pairs: the same hot set with A/D bits kept, and dropped. */
#ifndef MIGBENCH_ANALYSIS_SELECT_REFAULT_H
#define MIGBENCH_ANALYSIS_SELECT_REFAULT_H

#include "analysis/stats/summary.h"

struct an_refault {
	const char *order, *lru;
	const struct an_point *kept, *dropped; /* retention on and off */
};

/* Pairs with both sides counted, interleaved and classic first; the caller frees the array. */
struct an_refault *an_refaults(const struct an_run *run, size_t *count);

/*
 * Pages swapped in with the bits kept, as a part of those with them dropped, in
 * the first walk or the @second; NAN if nothing was swapped in with them dropped.
 */
double an_refault_ratio(const struct an_refault *refault, bool second);

/* Pages of @point swapped in while the hot set was walked the first or the @second time. */
double an_swapped_in(const struct an_point *point, bool second);

#endif
