// SPDX-License-Identifier: GPL-2.0-or-later
/* How much the points of a boot move together, and what that does to p. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <gsl/gsl_math.h>

#include "analysis/base/text.h"
#include "analysis/stats/shared.h"
#include "analysis/stats/welch.h"

static bool has_spread(const double *locations, size_t boots)
{
	bool differs = false;

	for (size_t i = 0; i < boots; i++) {
		if (!(locations[i] > 0))
			return false;
		differs |= locations[i] != locations[0];
	}
	return differs;
}

static void add(struct an_shared_side *side, const double *locations, size_t boots)
{
	struct an_sample sample = an_sample_of(locations, boots);

	if (!side->sums) {
		side->sums = mb_alloc(boots, sizeof(*side->sums));
		side->boots = boots;
	}
	for (size_t i = 0; i < boots; i++)
		side->sums[i] += (log(locations[i]) - sample.mean) / sqrt(sample.variance);
}

void an_shared_add(struct an_shared *shared, const double *a, size_t a_boots, const double *b,
		   size_t b_boots)
{
	if (!has_spread(a, a_boots) || !has_spread(b, b_boots))
		return;
	if (shared->points && (shared->a.boots != a_boots || shared->b.boots != b_boots))
		return;
	add(&shared->a, a, a_boots);
	add(&shared->b, b, b_boots);
	shared->points++;
}

double an_shared_correlation(const struct an_shared *shared)
{
	double squares = 0, n = (double)shared->points, freedom;

	if (shared->points < AN_SHARED_POINTS)
		return NAN;
	for (size_t i = 0; i < shared->a.boots; i++)
		squares += pow(shared->a.sums[i] / n, 2);
	for (size_t i = 0; i < shared->b.boots; i++)
		squares += pow(shared->b.sums[i] / n, 2);
	freedom = (double)(shared->a.boots + shared->b.boots - 2);
	/* The mean of n points of variance 1 has the variance (1 + (n - 1) correlation) / n. */
	return (n * squares / freedom - 1) / (n - 1);
}

double an_shared_factor(double correlation)
{
	return correlation > AN_SHARED_MUCH ? 1 + 4 * gsl_pow_4(correlation) : 1;
}

void an_shared_free(struct an_shared *shared)
{
	free(shared->a.sums);
	free(shared->b.sums);
	*shared = (struct an_shared){ 0 };
}
