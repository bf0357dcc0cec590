/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics of a run: one number and its doubt for each point, and lines through them. */
#ifndef MIGBENCH_ANALYSIS_STATS_SUMMARY_H
#define MIGBENCH_ANALYSIS_STATS_SUMMARY_H

#include "analysis/run/run.h"

/* Below this change from the first to the last, a curve is called flat. */
#define AN_FLAT 0.05

/* The metric that an_summarise() adds: the total without the phases, sample by sample. */
#define AN_REST "rest"

/* Fill in every metric's summary, and add AN_REST; once, after reading and joining. */
void an_summarise(struct an_run *run);

/* Quantile @q of a column's values, in whatever order they are. */
double an_column_quantile(const struct an_column *column, double q);

/*
 * Summary of the metric @name, for the whole batch, in the clock's unit; NULL
 * if the point has no sample of it.
 */
const struct an_summary *an_summary(const struct an_point *point, const char *name);

/* Its valid samples, over all boots. */
double an_samples(const struct an_point *point);

/* The points of @run that have one: those that were skipped are not among them. */
size_t an_points_measured(const struct an_run *run);

/*
 * Base pages that a value moved: of one fault those that came back with it. Where nothing was to
 * move, those of the batch.
 */
double an_moved(const struct an_point *point);

/* The median, divided by the pages that moved; NAN without samples. */
double an_per_page(const struct an_point *point, const char *name);

/*
 * The median of the total for each page that was to move, whether it did or not: refusals have their price, too.
 * A fault may bring more than it asks for; then for each that came.
 */
double an_per_page_asked(const struct an_point *point);

/*
 * What of the total no phase holds, for the whole batch: the median of AN_REST,
 * not below 0. NAN if the point has no phases.
 */
double an_rest(const struct an_point *point);

/*
 * What of a page to the device is the module's and no kernel's, in instructions: the allocation of its
 * place there, what no phase holds, and the copy beyond the one instruction a word that a bare copy
 * counts. NAN in all where that can't be told: under another clock, on other machines than x86-64,
 * without phases, and where the copy counts less than that.
 */
struct an_own {
	double alloc, rest, copy, sum;
};

struct an_own an_own_part(const struct an_run *run, const struct an_point *point);

/*
 * Share of @part (a phase or AN_REST) in the sum of all parts' medians. These
 * shares add up to one, also where a noisy clock makes the sum of medians
 * something else than the median of the total. NAN if there is no such part.
 */
double an_share(const struct an_point *point, const char *part);

/* Samples of @point whose phases add up to more than their total: a fault of the harness. */
size_t an_overfull(const struct an_point *point);

/* total = fixed + per_page * pages */
struct an_fit {
	double fixed, per_page; /* in the clock's unit */
	double fixed_error, per_page_error; /* standard errors; 0 for two points */
	double worst; /* largest |relative residual| */
	size_t count;
};

/*
 * Least squares over @count pairs with weights 1/total², so that a small batch
 * counts as much as a large one (the residuals that are squared are relative).
 * The errors are scaled by the scatter of the residuals: chi²/(count - 2).
 * Returns false with fewer than three different page counts.
 */
bool an_fit(const double *pages, const double *totals, size_t count, struct an_fit *fit);

/* "rises", "falls" or "stays flat" (|last/first - 1| < AN_FLAT). */
const char *an_trend(double first, double last);

struct an_identity {
	size_t points; /* with samples from two boots or more, or from one of several boots of a whole run */
	size_t identical; /* of these, every value of every metric is the same in every boot */
	const struct an_point *different; /* the first that is not; NULL if none */
	const char *metric; /* of that point, the first that is not */
};

/* Needs no summaries. */
struct an_identity an_identity(const struct an_run *run);

/* Median over the points of (highest - lowest)/median of the boots' totals; NAN without boots. */
double an_boot_spread(const struct an_run *run, double *worst, const struct an_point **point);

#endif
