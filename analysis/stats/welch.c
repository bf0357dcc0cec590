// SPDX-License-Identifier: GPL-2.0-or-later
/* Welch's t on logs, the correction for many points, and how many boots would do. */
#include <math.h>
#include <stdlib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>

#include "analysis/base/text.h"
#include "analysis/stats/welch.h"

struct an_sample an_sample_of(const double *values, size_t count)
{
	struct an_sample sample = { .count = count };
	bool same = true;

	for (size_t i = 1; i < count; i++)
		same &= values[i] == values[0];
	/* Equal values have no variance, whatever their mean would be rounded to. */
	if (same) {
		sample.mean = count ? log(values[0]) : 0;
		return sample;
	}
	for (size_t i = 0; i < count; i++)
		sample.mean += log(values[i]) / (double)count;
	for (size_t i = 0; i < count; i++)
		sample.variance += gsl_pow_2(log(values[i]) - sample.mean) / (double)(count - 1);
	return sample;
}

/* Standard error and degrees of freedom (Welch and Satterthwaite) of the difference. */
static double standard_error(const struct an_sample *a, const struct an_sample *b, double *freedom)
{
	double x = a->variance / (double)a->count, y = b->variance / (double)b->count;
	double most = fmax(x, y), p = x / most, q = y / most;

	/* Scaled, so that no square underflows. */
	*freedom =
		most > 0 ? (p + q) * (p + q) /
				   (p * p / (double)(a->count - 1) + q * q / (double)(b->count - 1))
			 : (double)(a->count + b->count - 2);
	return sqrt(x + y);
}

struct an_welch an_welch(const struct an_sample *a, const struct an_sample *b)
{
	struct an_welch result = { .shift = b->mean - a->mean };
	double freedom, error = standard_error(a, b, &freedom), half;

	if (error > 0) {
		half = gsl_cdf_tdist_Pinv(1 - AN_ALPHA / 2, freedom) * error;
		result.p = fmin(2 * gsl_cdf_tdist_Q(fabs(result.shift) / error, freedom), 1);
	} else {
		half = 0;
		result.p = result.shift == 0;
	}
	result.low = result.shift - half;
	result.high = result.shift + half;
	return result;
}

struct rank {
	double p;
	size_t at;
};

static int by_p(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

void an_adjust(const double *p, double *adjusted, size_t count)
{
	struct rank *ranks = mb_alloc(count, sizeof(*ranks));
	double least = 1;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		adjusted[i] = p[i];
		if (!isnan(p[i]))
			ranks[used++] = (struct rank){ .p = p[i], .at = i };
	}
	qsort(ranks, used, sizeof(*ranks), by_p);
	for (size_t i = used; i-- > 0;) {
		least = fmin(least, ranks[i].p * (double)used / (double)(i + 1));
		adjusted[ranks[i].at] = least;
	}
	free(ranks);
}

/* Whether @boots a side would decide the point with probability AN_POWER, or more. */
static bool decides(size_t boots, double shift, double variance_a, double variance_b,
		    const struct an_border *border, double factor)
{
	struct an_sample a = { .count = boots, .variance = variance_a };
	struct an_sample b = { .count = boots, .variance = variance_b };
	double freedom, error = standard_error(&a, &b, &freedom);
	double spare = gsl_cdf_tdist_Pinv(AN_POWER, freedom) * error;
	double half = gsl_cdf_tdist_Pinv(1 - AN_ALPHA / 2, freedom) * error + spare;
	double away = fabs(shift) - spare;

	if (shift - half >= border->low && shift + half <= border->high)
		return true;
	if (half >= fabs(shift) || fabs(expm1(shift)) <= border->floor)
		return false;
	return error == 0 || factor * 2 * gsl_cdf_tdist_Q(away / error, freedom) < AN_ALPHA;
}

size_t an_boots_needed(double shift, double variance_a, double variance_b,
		       const struct an_border *border, double factor)
{
	size_t enough = AN_BOOTS_MOST, few = 1;

	if (!decides(enough, shift, variance_a, variance_b, border, factor))
		return 0;
	/* @few is not enough, @enough is. */
	while (enough - few > 1) {
		size_t middle = few + (enough - few) / 2;

		if (decides(middle, shift, variance_a, variance_b, border, factor))
			enough = middle;
		else
			few = middle;
	}
	return enough;
}
