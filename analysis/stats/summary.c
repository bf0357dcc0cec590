// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary of each metric, costs a page, and a line through them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_fit.h>

#include "analysis/base/text.h"
#include "analysis/run/words.h"
#include "analysis/stats/summary.h"
#include "core/quantile.h"
#include "core/record/record.h"

double an_column_quantile(const struct an_column *column, double q)
{
	double *sorted = mb_sorted(column->values, column->count);
	double value = mb_quantile(sorted, column->count, q);

	free(sorted);
	return value;
}

static void summarise(struct an_metric *metric)
{
	struct an_summary *s = &metric->summary;
	double *medians = mb_alloc(metric->count, sizeof(double));
	double *tails = mb_alloc(metric->count, sizeof(double));
	double *ends = mb_alloc(metric->count, sizeof(double));
	bool many = true;

	s->boots = metric->count;
	s->covered = true;
	for (size_t c = 0; c < metric->count; c++) {
		const struct an_column *column = &metric->columns[c];
		size_t count = column->count;
		double *sorted = mb_sorted(column->values, count), low, high;

		s->covered &= mb_median_interval(sorted, count, &low, &high) != 0;
		medians[c] = mb_quantile(sorted, count, 0.5);
		tails[c] = mb_quantile(sorted, count, 0.99);
		ends[c] = mb_quantile(sorted, count, 0.999);
		many &= count >= 1000;
		s->low = c ? fmin(s->low, low) : low;
		s->high = c ? fmax(s->high, high) : high;
		s->min = c ? fmin(s->min, sorted[0]) : sorted[0];
		s->max = c ? fmax(s->max, sorted[count - 1]) : sorted[count - 1];
		s->samples += count;
		free(sorted);
	}
	s->median = mb_median(medians, metric->count);
	s->boot_low = medians[0];
	s->boot_high = medians[metric->count - 1];
	s->p99 = mb_median(tails, metric->count);
	s->p999 = many ? mb_median(ends, metric->count) : NAN;
	free(medians);
	free(tails);
	free(ends);
}

/* The phases of @point that have a value for every value of @total; returns how many. */
static size_t paired_phases(const struct an_point *point, const struct an_metric *total,
			    const struct an_metric *phases[MB_PHASES])
{
	size_t count = 0;

	for (int i = 0; i < MB_PHASES && total; i++) {
		const struct an_metric *phase = an_point_metric(point, mb_phase_names[i]);
		bool paired = phase && phase->count && phase->count == total->count;

		for (size_t c = 0; paired && c < total->count; c++)
			paired = phase->columns[c].count == total->columns[c].count;
		if (paired)
			phases[count++] = phase;
	}
	return count;
}

static void add_rest(struct an_point *point)
{
	const struct an_metric *phases[MB_PHASES], *total = an_point_metric(point, "total");
	size_t count = paired_phases(point, total, phases);
	struct an_metric rest = { 0 };

	if (!count || an_point_metric(point, AN_REST))
		return;
	for (size_t c = 0; c < total->count; c++) {
		struct an_column *column = an_metric_column(&rest, total->columns[c].boot);

		for (size_t s = 0; s < total->columns[c].count; s++) {
			double value = total->columns[c].values[s];

			for (size_t i = 0; i < count; i++)
				value -= phases[i]->columns[c].values[s];
			an_column_add(column, value);
		}
	}
	/* Only now: a new metric may move the others. */
	rest.name = an_word(AN_REST);
	rest.unit = total->unit;
	point->metrics = mb_grow(point->metrics, &point->metric_capacity, point->metric_count,
				 sizeof(*point->metrics));
	point->metrics[point->metric_count++] = rest;
}

void an_summarise(struct an_run *run)
{
	for (size_t p = 0; p < run->point_count; p++) {
		add_rest(&run->points[p]);
		for (size_t m = 0; m < run->points[p].metric_count; m++) {
			struct an_metric *metric = &run->points[p].metrics[m];

			metric->summary = (struct an_summary){ 0 };
			if (metric->count)
				summarise(metric);
		}
	}
}

const struct an_summary *an_summary(const struct an_point *point, const char *name)
{
	const struct an_metric *metric = an_point_metric(point, name);

	return metric && metric->summary.samples ? &metric->summary : NULL;
}

double an_samples(const struct an_point *point)
{
	const struct an_metric *total = an_point_metric(point, "total");
	double count = 0;

	for (size_t c = 0; total && c < total->count; c++)
		count += (double)total->columns[c].count;
	return count;
}

size_t an_points_measured(const struct an_run *run)
{
	size_t count = 0;

	for (size_t i = 0; i < run->point_count; i++)
		count += an_samples(&run->points[i]) > 0;
	return count;
}

double an_moved(const struct an_point *point)
{
	double samples = an_samples(point);

	/* Of a migration that is meant to fail nothing moves: its pages are those asked for. */
	if (!point->counted || point->migrated <= 0 || samples <= 0)
		return (double)point->pages;
	return point->migrated / samples;
}

double an_per_page(const struct an_point *point, const char *name)
{
	const struct an_summary *summary = an_summary(point, name);

	return summary ? summary->median / an_moved(point) : NAN;
}

double an_per_page_asked(const struct an_point *point)
{
	const struct an_summary *total = an_summary(point, "total");

	return total && point->pages ? total->median / fmax((double)point->pages, an_moved(point))
				     : NAN;
}

double an_rest(const struct an_point *point)
{
	const struct an_summary *rest = an_summary(point, AN_REST);

	return rest ? fmax(rest->median, 0) : NAN;
}

struct an_own an_own_part(const struct an_run *run, const struct an_point *point)
{
	/* rep movsq counts each word of 8 bytes. */
	const double bare = (double)run->base / 8;
	struct an_own own = {
		.alloc = an_per_page(point, "alloc"),
		.rest = an_rest(point) / an_moved(point),
		.copy = an_per_page(point, "copy") - bare,
	};

	own.sum = own.alloc + own.rest + own.copy;
	if (!run->insns || !run->x86 || isnan(own.sum) || own.copy < 0)
		own = (struct an_own){ NAN, NAN, NAN, NAN };
	return own;
}

double an_share(const struct an_point *point, const char *part)
{
	const struct an_summary *mine = an_summary(point, part);
	double sum = an_rest(point);

	for (int i = 0; i < MB_PHASES; i++) {
		const struct an_summary *phase = an_summary(point, mb_phase_names[i]);

		sum += phase ? phase->median : 0;
	}
	return mine && sum > 0 ? fmax(mine->median, 0) / sum : NAN;
}

size_t an_overfull(const struct an_point *point)
{
	const struct an_metric *total = an_point_metric(point, "total");
	const struct an_metric *rest = an_point_metric(point, AN_REST);
	size_t over = 0;

	/* The values are decimal texts: leave room for rounding. */
	for (size_t c = 0; rest && c < rest->count; c++)
		for (size_t s = 0; s < rest->columns[c].count; s++)
			over += rest->columns[c].values[s] < -1e-9 * total->columns[c].values[s];
	return over;
}

bool an_fit(const double *pages, const double *totals, size_t count, struct an_fit *fit)
{
	double *weights = mb_alloc(count, sizeof(double));
	double cov00, cov01, cov11, chi2, scale;
	size_t different = 0;
	bool usable = true;

	*fit = (struct an_fit){ .count = count };
	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < i && pages[j] != pages[i])
			j++;
		different += j == i;
		usable &= totals[i] > 0;
		weights[i] = 1 / (totals[i] * totals[i]);
	}
	if (different < 3 || !usable) {
		free(weights);
		return false;
	}
	gsl_fit_wlinear(pages, 1, weights, 1, totals, 1, count, &fit->fixed, &fit->per_page, &cov00,
			&cov01, &cov11, &chi2);
	free(weights);
	scale = chi2 / (double)(count - 2);
	fit->fixed_error = sqrt(fmax(cov00 * scale, 0));
	fit->per_page_error = sqrt(fmax(cov11 * scale, 0));
	for (size_t i = 0; i < count; i++)
		fit->worst =
			fmax(fit->worst,
			     fabs(fit->fixed + fit->per_page * pages[i] - totals[i]) / totals[i]);
	return true;
}

const char *an_trend(double first, double last)
{
	if (first > 0 && fabs(last / first - 1) >= AN_FLAT)
		return last > first ? "rises" : "falls";
	return "stays flat";
}

/* The first metric of @point that is not the same in so many boots, or that some lack; NULL if there is none. */
static const char *different(const struct an_point *point, size_t boots)
{
	for (size_t m = 0; m < point->metric_count; m++) {
		const struct an_metric *metric = &point->metrics[m];
		const struct an_column *first = metric->columns;

		if (metric->count && metric->count != boots)
			return metric->name;
		for (size_t c = 1; c < metric->count; c++) {
			const struct an_column *other = &metric->columns[c];

			if (other->count != first->count)
				return metric->name;
			for (size_t i = 0; i < first->count; i++)
				if (other->values[i] != first->values[i])
					return metric->name;
		}
	}
	return NULL;
}

struct an_identity an_identity(const struct an_run *run)
{
	struct an_identity result = { 0 };
	/* Of a run that was cut short a boot may lack what it had not come to. */
	bool whole = run->ended && !run->lost;

	for (size_t p = 0; p < run->point_count; p++) {
		const struct an_point *point = &run->points[p];
		const struct an_metric *total = an_point_metric(point, "total");
		size_t boots = !total || !total->count ? 0 : whole ? run->boots : total->count;
		const char *metric;

		if (boots < 2)
			continue;
		result.points++;
		metric = different(point, boots);
		if (!metric) {
			result.identical++;
		} else if (!result.different) {
			result.different = point;
			result.metric = metric;
		}
	}
	return result;
}

double an_boot_spread(const struct an_run *run, double *worst, const struct an_point **point)
{
	double *spreads = mb_alloc(run->point_count, sizeof(double)), median;
	size_t count = 0;

	*worst = 0;
	*point = NULL;
	for (size_t p = 0; p < run->point_count; p++) {
		const struct an_summary *s = an_summary(&run->points[p], "total");

		if (!s || s->boots < 2 || s->median <= 0)
			continue;
		spreads[count] = (s->boot_high - s->boot_low) / s->median;
		if (!*point || spreads[count] > *worst) {
			*worst = spreads[count];
			*point = &run->points[p];
		}
		count++;
	}
	median = mb_median(spreads, count);
	free(spreads);
	return median;
}
