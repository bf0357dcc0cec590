// SPDX-License-Identifier: GPL-2.0-or-later
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "core/quantile.h"

void mb_sort(double *values, size_t count)
{
	gsl_sort(values, 1, count);
}

double mb_quantile(const double *sorted, size_t count, double q)
{
	return gsl_stats_quantile_from_sorted_data(sorted, 1, count, q);
}

int mb_median_interval(const double *sorted, size_t count, double *low, double *high)
{
	unsigned int n = (unsigned int)count, rank = 0;

	/* The largest rank r with P(Binomial(n, 1/2) < r) <= 2.5 %. */
	while (rank < n / 2 && gsl_cdf_binomial_P(rank, 0.5, n) <= 0.025)
		rank++;
	*low = sorted[rank ? rank - 1 : 0];
	*high = sorted[rank ? n - rank : n - 1];
	return rank > 0;
}
