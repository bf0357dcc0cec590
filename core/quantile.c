// SPDX-License-Identifier: GPL-2.0-or-later
/* Sorting and quantiles, faster than GSL's where there is much to sort. */
#include <math.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "core/base/text.h"
#include "core/quantile.h"

#define FEW 24 /* below this insertion is faster than another partition */

static void insert_sort(double *values, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		double value = values[i];
		size_t at = i;

		for (; at && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
}

static void order(double *a, double *b)
{
	if (*b < *a) {
		double swap = *a;

		*a = *b;
		*b = swap;
	}
}

/* Hoare's partition around the median of three; returns the length of the lower part. */
static size_t partition(double *values, size_t count)
{
	size_t middle = (count - 1) / 2, low = 0, high = count - 1;
	double pivot;

	order(&values[0], &values[middle]);
	order(&values[middle], &values[high]);
	order(&values[0], &values[middle]);
	pivot = values[middle];
	for (;; low++, high--) {
		while (values[low] < pivot)
			low++;
		while (pivot < values[high])
			high--;
		if (low >= high)
			return high + 1;
		order(&values[low], &values[high]);
	}
}

/* Quicksort; GSL's heapsort takes over where the pivots were bad @depth times. */
static void sort(double *values, size_t count, unsigned int depth)
{
	while (count > FEW) {
		size_t lower;

		if (!depth--) {
			gsl_sort(values, 1, count);
			return;
		}
		lower = partition(values, count);
		/* The shorter part by recursion, so that the stack stays short. */
		if (lower <= count - lower) {
			sort(values, lower, depth);
			values += lower;
			count -= lower;
		} else {
			sort(values + lower, count - lower, depth);
			count = lower;
		}
	}
	insert_sort(values, count);
}

void mb_sort(double *values, size_t count)
{
	unsigned int depth = 2;

	for (size_t n = count; n > 1; n /= 2)
		depth += 2;
	sort(values, count, depth);
}

double *mb_sorted(const double *values, size_t count)
{
	double *sorted = mb_alloc(count, sizeof(*sorted));

	if (count)
		memcpy(sorted, values, count * sizeof(*sorted));
	mb_sort(sorted, count);
	return sorted;
}

double mb_median(double *values, size_t count)
{
	mb_sort(values, count);
	return count ? mb_quantile(values, count, 0.5) : NAN;
}

double mb_quantile(const double *sorted, size_t count, double q)
{
	return gsl_stats_quantile_from_sorted_data(sorted, 1, count, q);
}

int mb_median_interval(const double *sorted, size_t count, double *low, double *high)
{
	unsigned int n = (unsigned int)count, rank = 0, above = n / 2;

	/* The largest rank r with P(Binomial(n, 1/2) < r) <= 2.5 %, by bisection. */
	while (rank < above) {
		unsigned int middle = rank + (above - rank) / 2;

		if (gsl_cdf_binomial_P(middle, 0.5, n) <= 0.025)
			rank = middle + 1;
		else
			above = middle;
	}
	*low = sorted[rank ? rank - 1 : 0];
	*high = sorted[rank ? n - rank : n - 1];
	return rank > 0;
}
