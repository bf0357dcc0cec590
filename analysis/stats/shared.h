/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a boot moves all of its points alike: then many points are one observation. */
#ifndef MIGBENCH_ANALYSIS_STATS_SHARED_H
#define MIGBENCH_ANALYSIS_STATS_SHARED_H

#include <stddef.h>

#define AN_SHARED_POINTS 10 /* with fewer nothing can be said */
#define AN_SHARED_MUCH 0.3 /* far from what chance makes of thirty points and five boots */

/* What one side's boots have in common over the points so far; all zero is empty. */
struct an_shared_side {
	double *sums; /* by boot: of the logs' distances from the side's mean, in their spread */
	size_t boots;
};

struct an_shared {
	struct an_shared_side a, b;
	size_t points;
};

/*
 * Take a point that has a location in each of @a's and @b's boots, always as many. One without a
 * log or without any spread says nothing and is passed over.
 */
void an_shared_add(struct an_shared *shared, const double *a, size_t a_boots, const double *b,
		   size_t b_boots);

/* The mean correlation of two points over the boots of a side; NAN if too little is known. */
double an_shared_correlation(const struct an_shared *shared);

/*
 * What the corrected p of every point is multiplied by. A correction for many points bounds the
 * share of them that is expected to be wrong, and not how many are wrong together: of independent
 * points few are wrong in a bad comparison; of points that move as one, all are. So that no more
 * than one in a hundred is expected to be wrong then, too, the level goes from 5 % down to 1 % as
 * @correlation goes to 1; how fast was chosen by the error rates of docs/statistics.md. 1 where
 * @correlation is NAN, or what chance makes of independent points.
 */
double an_shared_factor(double correlation);
void an_shared_free(struct an_shared *shared);

#endif
