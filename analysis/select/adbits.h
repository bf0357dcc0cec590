/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The benchmark ad in rows: after one journey, with the switch one way, what became of the bits. */
#ifndef MIGBENCH_ANALYSIS_SELECT_ADBITS_H
#define MIGBENCH_ANALYSIS_SELECT_ADBITS_H

#include "analysis/stats/summary.h"

struct an_ad {
	const char *journey, *retention;
	const struct an_point *read, *write; /* first touch; NULL where it was not measured */
	const struct an_point *any; /* one of them */
};

/* The rows of @run in its order; the caller frees the array. */
struct an_ad *an_ads(const struct an_run *run, size_t *count);

/* The row of @rows that is like @ad, with the switch the other way; NULL if there is none. */
const struct an_ad *an_ad_other(const struct an_ad *rows, size_t count, const struct an_ad *ad);

#endif
