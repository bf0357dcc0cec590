// SPDX-License-Identifier: GPL-2.0-or-later
/* The advice on a sweep: the knee, the latency budget, and what drivers use. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/advise/advice.h"
#include "analysis/base/text.h"
#include "core/record/record.h"

/*
 * Read in the drivers' sources: nouveau_dmem.c (one scatterlist page: 4096/32),
 * kfd_svm.c (granularity 2^9), xe_svm.c (2 MiB chunks), uvm_migrate_pageable.h
 * (capped at 512), lib/test_hmm.c.
 */
static const struct an_driver drivers[] = {
	{ "nouveau", "to 6.12", 128, false }, { "nouveau", "7.2", 512, false },
	{ "amdgpu", "all", 512, false },      { "xe", "all", 512, false },
	{ "nvidia-uvm", "all", 512, false },  { "test_hmm", "to 6.12", 64, false },
	{ "test_hmm", "7.2", 512, false },    { "nouveau", "to 6.12", 1, true },
	{ "amdgpu", "all", 512, true },	      { "nvidia-uvm", "all", 512, true },
	{ "test_hmm", "to 6.12", 1, true },
};

static double cost_of(const struct an_point *point)
{
	return an_per_page(point, "total");
}

/* Cost a page that the fitted line has at @point. */
static double line_cost(const struct an_fit *fit, const struct an_point *point)
{
	return fit->fixed / an_moved(point) + fit->per_page;
}

/* The smallest batch of the sweep within AN_GOOD_ENOUGH of the best throughput on the line. */
static const struct an_point *knee_on_line(const struct an_series *series, const struct an_fit *fit)
{
	double best = INFINITY;

	for (size_t i = 0; i < series->count; i++)
		best = fmin(best, line_cost(fit, series->points[i]));
	for (size_t i = 0; i < series->count; i++)
		if (line_cost(fit, series->points[i]) <= best / (1 - AN_GOOD_ENOUGH))
			return series->points[i];
	return NULL;
}

static const char *latency_metric(const struct an_series *series)
{
	for (size_t i = 0; i < series->count; i++)
		if (!an_summary(series->points[i], "unavailable"))
			return "total";
	return "unavailable";
}

static unsigned long within_budget(const struct an_advice *advice, double budget)
{
	unsigned long largest = 0;

	for (size_t i = 0; i < advice->series.count; i++) {
		const struct an_point *point = advice->series.points[i];

		if (an_summary(point, advice->latency)->median <= budget)
			largest = an_batch(point);
	}
	return largest;
}

static double latency_of(const struct an_advice *advice, unsigned long batch)
{
	return an_summary(an_at_batch(&advice->series, batch), advice->latency)->median;
}

static void recommend(struct an_advice *advice, double budget)
{
	const struct an_fit *fit = &advice->fit;
	bool line = advice->has_fit && fit->worst <= AN_LINE_HOLDS && fit->per_page > 0;
	const struct an_point *knee = line ? knee_on_line(&advice->series, fit) : NULL;
	unsigned long batch = knee ? an_batch(knee) : advice->throughput_batch;
	char *why =
		mb_format("the smallest batch within %s of the best throughput, %s",
			  an_percent(AN_GOOD_ENOUGH), knee ? "by the fitted line" : "as measured");

	if (!isnan(budget) && !advice->latency_batch) {
		advice->rule = mb_format("no measured batch is within the budget");
		batch = 0;
	} else if (!isnan(budget) && latency_of(advice, batch) > budget) {
		/* A larger one may be within it all the same: no time is sure to rise with the batch. */
		advice->rule = mb_format("the largest batch within the budget; %s would be %lu",
					 why, batch);
		batch = advice->latency_batch;
	} else {
		advice->rule =
			mb_format("%s%s", why, isnan(budget) ? "" : "; it is within the budget");
	}
	advice->recommended = batch;
	free(why);
}

/* Where a driver's @batch lies on the curve: as measured, between two neighbours, or beyond them. */
static struct an_default place(const struct an_series *series, const struct an_driver *driver,
			       double best)
{
	const struct an_point *low = NULL, *high = NULL;
	double wanted = (double)driver->batch, total;
	struct an_default found = { .driver = driver };

	for (size_t i = 0; i < series->count; i++) {
		const struct an_point *point = series->points[i];

		if (point->pages <= driver->batch)
			low = point;
		if (point->pages >= driver->batch && !high)
			high = point;
	}
	if (!low || !high)
		low = high = low ? low : high;
	found.low = an_batch(low);
	found.high = an_batch(high);
	found.relative = cost_of(low) / best;
	if (low != high) {
		double a = an_summary(low, "total")->median, b = an_summary(high, "total")->median;

		/* Totals lie on a line between neighbours, costs a page do not. */
		total = a + (b - a) * (wanted - (double)low->pages) /
				    (double)(high->pages - low->pages);
		found.relative = total / wanted / best;
	}
	return found;
}

static void place_drivers(struct an_advice *advice, const struct an_run *run)
{
	double best = cost_of(advice->best);
	size_t capacity = 0;

	bool fault = !strcmp(advice->benchmark, AN_FAULT);

	/* What drivers do is migrate's, and what they bring back in a fault. */
	if (advice->direction == AN_SERIES && !fault)
		return;
	/* Some ask for pages and some for bytes, and were read for pages of this size. */
	if (run->base != AN_USUAL_BASE)
		return;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]) && best > 0; i++) {
		/* A CPU fault brings pages home. */
		if (fault ? !drivers[i].fault
			  : drivers[i].fault && advice->direction != AN_TO_SYSTEM)
			continue;
		advice->drivers = mb_grow(advice->drivers, &capacity, advice->driver_count,
					  sizeof(*advice->drivers));
		advice->drivers[advice->driver_count++] = place(&advice->series, &drivers[i], best);
	}
}

/* Takes @series' points, @params and @title. */
static struct an_advice advise(const struct an_run *run, const char *benchmark,
			       struct an_series series, enum an_direction direction, json_t *params,
			       char *title, double budget)
{
	struct an_advice advice = { .benchmark = benchmark,
				    .series = series,
				    .direction = direction,
				    .params = params,
				    .title = title };

	advice.name = mb_point_name(benchmark, params);
	advice.latency = latency_metric(&series);
	advice.has_fit = an_series_fit(&series, &advice.fit);
	advice.best = an_cheapest(&series);
	advice.throughput_batch = an_batch(an_knee(&series, 1 / (1 - AN_GOOD_ENOUGH) - 1));
	if (!isnan(budget))
		advice.latency_batch = within_budget(&advice, budget);
	if (series.count < 2 && !strcmp(benchmark, AN_OBSERVE))
		advice.rule =
			mb_strdup("one batch was seen, and nothing says what another would cost");
	else
		recommend(&advice, budget);
	place_drivers(&advice, run);
	return advice;
}

struct list {
	struct an_advice *at;
	size_t count, capacity;
};

static void add(struct list *list, struct an_advice advice)
{
	list->at = mb_grow(list->at, &list->capacity, list->count, sizeof(*list->at));
	list->at[list->count++] = advice;
}

/* Where not all pages moved, as of a state that must fail, no batch is the right one. */
static bool is_whole(const struct an_series *series)
{
	for (size_t i = 0; i < series->count; i++)
		if (series->points[i]->uneven ||
		    series->points[i]->migrated < series->points[i]->requested)
			return false;
	return series->count;
}

static void journeys(struct list *list, const struct an_run *run, double budget)
{
	size_t count;
	struct an_family *families = an_families(run, &count);

	for (size_t f = 0; f < count; f++)
		for (int d = 0; d < AN_EVICT; d++) {
			struct an_series *series = &families[f].series[d];
			json_t *params;

			if (!is_whole(series))
				continue;
			params = json_copy(series->points[0]->params);
			json_object_del(params, "batch");
			add(list, advise(run, "migrate", *series, (enum an_direction)d, params,
					 mb_format("%s: %s", an_series_names[d], families[f].title),
					 budget));
			series->points = NULL;
		}
	an_families_free(families, count);
}

static bool is_sized(const struct an_point *point)
{
	return point && point->counted && an_batch(point) && an_summary(point, "total");
}

static int smaller_batch(const void *left, const void *right)
{
	const struct an_point *const *a = left, *const *b = right;
	unsigned long one = an_batch(*a), other = an_batch(*b);

	return one < other ? -1 : one > other;
}

/* The points of @slice that moved pages, by batch; they are the caller's. */
static struct an_series moved(const struct an_slice *slice)
{
	struct an_series series = { .points = mb_alloc(slice->rows.count, sizeof(*series.points)) };

	for (size_t r = 0; r < slice->rows.count; r++)
		if (is_sized(an_cell(slice, 0, r, 0)->point))
			series.points[series.count++] = an_cell(slice, 0, r, 0)->point;
	if (series.count)
		qsort(series.points, series.count, sizeof(*series.points), smaller_batch);
	return series;
}

static void sweeps_of(struct list *list, const struct an_run *run, const char *benchmark,
		      double budget)
{
	const struct an_pivot by = { benchmark,
				     .rows = strcmp(benchmark, AN_FAULT) ? "batch" : "around" };
	size_t count;
	struct an_slice *slices = an_pivot_run(&by, run, &count);

	for (size_t s = 0; s < count; s++) {
		struct an_series series = moved(&slices[s]);
		char *words;

		/* What a driver asks for is as it is. */
		if (!series.count ||
		    (strcmp(benchmark, AN_OBSERVE) && (series.count < 2 || !is_whole(&series)))) {
			free(series.points);
			continue;
		}
		words = an_rest_words(slices[s].rest);
		add(list, advise(run, benchmark, series, AN_SERIES, json_copy(slices[s].rest),
				 mb_format("%s: %s", benchmark, words), budget));
		free(words);
	}
	an_slices_free(slices, count);
}

struct an_advice *an_advise(const struct an_run *run, double budget, size_t *count)
{
	struct list list = { 0 };
	/* A copy moves nothing, whatever its file counts. */
	json_t *asked = json_pack("{s:b,s:b}", "migrate", 1, "copy", 1);

	journeys(&list, run, budget);
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];

		if (!is_sized(point) || json_object_get(asked, point->benchmark))
			continue;
		json_object_set_new(asked, point->benchmark, json_true());
		sweeps_of(&list, run, point->benchmark, budget);
	}
	json_decref(asked);
	*count = list.count;
	return list.at;
}

void an_advice_free(struct an_advice *advice, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(advice[i].series.points);
		free(advice[i].name);
		free(advice[i].title);
		free(advice[i].rule);
		free(advice[i].drivers);
		json_decref(advice[i].params);
	}
	free(advice);
}
