// SPDX-License-Identifier: GPL-2.0-or-later
/* The geometric mean of ratios, over the points of a benchmark. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/pairing.h"
#include "analysis/select/groups.h"
#include "analysis/stats/summary.h"
#include "analysis/stats/welch.h"

static bool is_in(const struct an_pair *pair)
{
	return isfinite(pair->ratio) && pair->ratio > 0 && !*pair->differs;
}

/*
 * Add the log of each boot's location of @point to @sums, one a boot of @run. False where the point
 * lacks a boot: then the boots' means would be of different points.
 */
static bool add_boots(double *sums, const struct an_run *run, const struct an_point *point,
		      const struct an_question *question)
{
	const struct an_metric *metric = an_measured(point, question->metric);

	if (metric->count != run->boots)
		return false;
	for (size_t i = 0; i < metric->count; i++) {
		double location = an_column_quantile(&metric->columns[i], question->quantile);

		if (!(location > 0))
			return false;
		sums[i] += log(location);
	}
	return true;
}

/* A boot's mean over the points is one number, as a point's location in it is: the same test. */
static void find_interval(const struct an_comparison *c, const struct an_pair *const *pairs,
			  size_t count, struct an_mean *mean)
{
	double *a = mb_alloc(c->a->boots, sizeof(*a)), *b = mb_alloc(c->b->boots, sizeof(*b));
	bool whole = c->a->boots > 1 && c->b->boots > 1;
	struct an_sample x, y;
	struct an_welch welch;

	for (size_t i = 0; i < count && whole; i++)
		if (is_in(pairs[i]))
			whole = add_boots(a, c->a, pairs[i]->point, &c->question) &&
				add_boots(b, c->b, an_run_point(c->b, pairs[i]->point->name),
					  &c->question);
	if (whole) {
		for (size_t i = 0; i < c->a->boots; i++)
			a[i] = exp(a[i] / (double)mean->points);
		for (size_t i = 0; i < c->b->boots; i++)
			b[i] = exp(b[i] / (double)mean->points);
		x = an_sample_of(a, c->a->boots);
		y = an_sample_of(b, c->b->boots);
		welch = an_welch(&x, &y);
		mean->low = exp(welch.low);
		mean->high = exp(welch.high);
	}
	free(a);
	free(b);
}

struct an_mean an_geomean(const struct an_comparison *c, const struct an_pair *const *pairs,
			  size_t count)
{
	struct an_mean mean = { .of = count, .ratio = NAN, .low = NAN, .high = NAN };
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_in(pairs[i]))
			continue;
		if (mean.points && strcmp(mean.unit, pairs[i]->unit)) {
			mean.points = 0;
			break;
		}
		mean.unit = pairs[i]->unit;
		mean.benchmark = pairs[i]->point->benchmark;
		mean.points++;
		sum += log(pairs[i]->ratio);
	}
	if (mean.points < 2)
		return mean;
	mean.ratio = exp(sum / (double)mean.points);
	if (c->a->insns)
		mean.low = mean.high = mean.ratio;
	else
		find_interval(c, pairs, count, &mean);
	if (!isfinite(mean.low) || !isfinite(mean.high))
		mean.low = mean.high = NAN;
	return mean;
}

struct an_mean *an_geomeans(const struct an_comparison *c, size_t *count)
{
	const struct an_point **points = mb_alloc(c->count, sizeof(*points));
	const struct an_pair **pairs = mb_alloc(c->count, sizeof(*pairs));
	struct an_group *groups;
	struct an_mean *means;
	size_t group_count;

	for (size_t i = 0; i < c->count; i++)
		points[i] = c->pairs[i].point;
	groups = an_groups(points, c->count, &group_count);
	means = mb_alloc(group_count, sizeof(*means));
	*count = 0;
	for (size_t g = 0; g < group_count; g++) {
		for (size_t i = 0; i < groups[g].count; i++)
			pairs[i] = &c->pairs[groups[g].rows[i].at];
		means[*count] = an_geomean(c, pairs, groups[g].count);
		*count += means[*count].points > 1;
	}
	an_groups_free(groups, group_count);
	free(points);
	free(pairs);
	return means;
}
