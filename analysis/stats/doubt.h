/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a difference must be larger than before anything is said of it; the same as for compare. */
#ifndef MIGBENCH_ANALYSIS_STATS_DOUBT_H
#define MIGBENCH_ANALYSIS_STATS_DOUBT_H

#include "analysis/stats/summary.h"

/* Below these a difference is none, whatever the floors say. */
#define AN_MARGIN_INSNS 0.001
#define AN_MARGIN_TIME 0.02

/*
 * The largest of the noise floors, of what the boots of a side differ by, and of the margin, as a
 * fraction, for the totals of @a and @b under the clock of @run; INFINITY where one boot a side says
 * nothing of another, or a point has no total.
 */
double an_doubt(const struct an_run *run, const struct an_point *a, const struct an_point *b);

/* Whether a noise floor was measured for any point of @run. */
bool an_has_floor(const struct an_run *run);

#endif
