// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench advise: the command line, and the advice as text and JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/advise/advice.h"
#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/run/describe.h"
#include "analysis/run/operands.h"
#include "core/options.h"
#include "core/status.h"

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *batch_or_null(unsigned long batch)
{
	return batch ? json_integer((json_int_t)batch) : json_null();
}

static double median_of(const struct an_point *point, const char *metric)
{
	const struct an_summary *summary = an_summary(point, metric);

	return summary ? summary->median : NAN;
}

static double throughput(const struct an_point *point)
{
	return 1 / an_per_page(point, "total");
}

/* "measured", "between 64 and 256", "nearest measured: 256". malloc'd. */
static char *basis(const struct an_default *at)
{
	if (at->low != at->high)
		return mb_format("between %lu and %lu", at->low, at->high);
	if (at->low != at->driver->batch)
		return mb_format("nearest measured: %lu", at->low);
	return mb_strdup("measured");
}

static json_t *batches_of(const struct an_advice *advice)
{
	json_t *list = json_array();

	for (size_t i = 0; i < advice->series.count; i++) {
		const struct an_point *point = advice->series.points[i];

		json_array_append_new(
			list,
			json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "batch",
				  (json_int_t)an_batch(point), "pages", (json_int_t)point->pages,
				  "total", number(median_of(point, "total")), "per_page",
				  number(an_per_page(point, "total")), "throughput",
				  number(throughput(point)), "latency",
				  number(median_of(point, advice->latency)), "latency_p99",
				  number(an_summary(point, advice->latency)->p99), "first",
				  number(median_of(point, "first"))));
	}
	return list;
}

static json_t *drivers_of(const struct an_advice *advice)
{
	json_t *list = json_array();

	for (size_t i = 0; i < advice->driver_count; i++) {
		const struct an_default *at = &advice->drivers[i];
		char *words = basis(at);

		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:I,s:o,s:s}", "driver", at->driver->name,
					"kernels", at->driver->kernels, "on",
					at->driver->fault ? "fault" : "migration", "batch",
					(json_int_t)at->driver->batch, "relative_cost",
					number(at->relative), "basis", words));
		free(words);
	}
	return list;
}

static json_t *advice_of(const struct an_advice *advice)
{
	const struct an_fit *fit = advice->has_fit ? &advice->fit : NULL;
	const struct an_metric *total = an_point_metric(advice->best, "total");
	json_t *object = json_pack(
		"{s:s,s:O,s:s,s:o,s:o,s:o,s:o,s:o}", "name", advice->name, "params", advice->params,
		"unit", total->unit, "fixed", number(fit ? fit->fixed : NAN), "fixed_error",
		number(fit ? fit->fixed_error : NAN), "per_page", number(fit ? fit->per_page : NAN),
		"per_page_error", number(fit ? fit->per_page_error : NAN), "fit_worst",
		number(fit ? fit->worst : NAN));

	json_object_set_new(object, "best_throughput", number(throughput(advice->best)));
	json_object_set_new(object, "best_throughput_per_million",
			    number(throughput(advice->best) * 1e6));
	json_object_set_new(object, "best_batch", batch_or_null(an_batch(advice->best)));
	json_object_set_new(object, "throughput_batch", batch_or_null(advice->throughput_batch));
	json_object_set_new(object, "latency_batch", batch_or_null(advice->latency_batch));
	json_object_set_new(object, "latency_metric", json_string(advice->latency));
	json_object_set_new(object, "recommended_batch", batch_or_null(advice->recommended));
	json_object_set_new(object, "rule", json_string(advice->rule));
	json_object_set_new(object, "batches", batches_of(advice));
	json_object_set_new(object, "drivers", drivers_of(advice));
	return object;
}

static void print_json(const struct an_run *run, double budget, const struct an_advice *advice,
		       size_t count, const struct an_footprint *footprint)
{
	json_t *points = json_array(), *document;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(points, advice_of(&advice[i]));
	document = json_pack("{s:s,s:s,s:b,s:o,s:o}", "kernel", run->kernel, "clock",
			     an_run_clock(run), "emulated", run->emulated, "latency_budget",
			     number(budget), "points", points);
	if (footprint->profile)
		json_object_set_new(document, "memory", an_footprint_json(footprint));
	json_dumpf(document, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
	putchar('\n');
	json_decref(document);
}

static void print_curve(const struct an_advice *advice)
{
	const struct an_series *series = &advice->series;
	bool first = an_summary(series->points[0], "first") != NULL;
	struct an_table table = { 0 };

	an_table_column(&table, "batch", true);
	an_table_column(&table, "a page", true);
	an_table_column(&table, "of the best", true);
	an_table_column(&table, strcmp(advice->latency, "total") ? "a page is away" : "whole batch",
			true);
	if (first)
		an_table_column(&table, "first page back", true);
	for (size_t i = 0; i < series->count; i++) {
		const struct an_point *point = series->points[i];
		double share = throughput(point) / throughput(advice->best);

		an_table_add(&table, an_count((double)an_batch(point)));
		an_table_add(&table, an_known(an_per_page(point, "total")));
		an_table_add(&table, isfinite(share) ? an_percent(share) : "–");
		an_table_add(&table, an_known(median_of(point, advice->latency)));
		if (first)
			an_table_add(&table, an_known(median_of(point, "first")));
	}
	an_table_text(stdout, &table, "  ");
	an_table_free(&table);
}

static void print_drivers(const struct an_advice *advice)
{
	struct an_table table = { 0 };

	if (!advice->driver_count)
		return;
	an_table_column(&table, "driver's default", false);
	an_table_column(&table, "kernels", false);
	an_table_column(&table, "batch", true);
	an_table_column(&table, "cost of the best", true);
	an_table_column(&table, "taken from", false);
	for (size_t i = 0; i < advice->driver_count; i++) {
		const struct an_default *at = &advice->drivers[i];

		an_table_take(&table, mb_format("%s%s", at->driver->name,
						at->driver->fault ? ", on a CPU fault" : ""));
		an_table_add(&table, at->driver->kernels);
		an_table_add(&table, an_count((double)at->driver->batch));
		an_table_add(&table, isfinite(at->relative) ? an_percent(at->relative) : "–");
		an_table_take(&table, basis(at));
	}
	an_table_text(stdout, &table, "  ");
	an_table_free(&table);
}

static void print_one(const struct an_run *run, double budget, const struct an_advice *advice)
{
	const struct an_fit *fit = &advice->fit;

	putchar('\n');
	an_plain(stdout, advice->title);
	printf("\n\n");
	print_curve(advice);
	putchar('\n');
	if (advice->has_fit)
		printf("  Costs %s (± %s) a batch and %s (± %s) a page: a line through %zu batches, "
		       "within %s of each.\n",
		       an_number(fit->fixed), an_number(fit->fixed_error), an_number(fit->per_page),
		       an_number(fit->per_page_error), fit->count, an_percent(fit->worst));
	else if (advice->series.count < 3)
		puts("  Too few batches for a fixed cost and a cost of a page: three are needed.");
	else
		puts("  A batch of each size moves as many pages: there is no cost of a page to be told.");
	if (!isfinite(throughput(advice->best)))
		puts("  Some batch costs nothing: there is no best throughput.");
	else
		printf("  Best throughput: %s pages per million %s, at batch %s; batch %s is the smallest "
		       "within %s of it.\n",
		       an_number(throughput(advice->best) * 1e6), an_unit(run),
		       an_count((double)an_batch(advice->best)),
		       an_count((double)advice->throughput_batch), an_percent(AN_GOOD_ENOUGH));
	if (advice->latency_batch)
		printf("  Largest batch within %s %s (metric %s): %s.\n", an_number(budget),
		       an_unit(run), advice->latency, an_count((double)advice->latency_batch));
	if (!isnan(budget) && !strcmp(advice->latency, "total"))
		puts("  The run has no metric unavailable: the budget is held against the total.");
	if (advice->recommended)
		printf("  Recommended: batch %s: %s.\n\n", an_count((double)advice->recommended),
		       advice->rule);
	else
		printf("  Recommended: none: %s.\n\n", advice->rule);
	if (!strcmp(advice->benchmark, AN_OBSERVE)) {
		char *sentences = an_advice_sentences(run, advice);

		an_plain(stdout, sentences);
		puts("\n");
		free(sentences);
	}
	print_drivers(advice);
}

static void print_text(const struct an_run *run, double budget, const struct an_advice *advice,
		       size_t count, const struct an_footprint *footprint)
{
	char *words = an_run_words(run);

	an_plain(stdout, words);
	printf("; figures in %s, medians.\n", an_unit(run));
	if (an_shape_only(run))
		puts("Host-clock time in emulation: shows shape and function, not speed.");
	if (run->base != AN_USUAL_BASE)
		puts("Drivers' defaults are known for base pages of 4 KiB, and not shown.");
	for (size_t i = 0; i < count; i++)
		print_one(run, budget, &advice[i]);
	if (footprint->profile)
		an_footprint_text(footprint, stdout);
	free(words);
}

static int advise_on(struct an_run *run, double budget, const char *profile, bool json)
{
	struct an_footprint footprint = { 0 };
	struct an_advice *advice;
	size_t count;
	int status = profile ? an_footprint_read(profile, run, &footprint) : MB_OK;

	if (status)
		return status;
	an_summarise(run);
	advice = an_advise(run, budget, &count);
	if (count)
		(json ? print_json : print_text)(run, budget, advice, count, &footprint);
	an_advice_free(advice, count);
	an_footprint_free(&footprint);
	if (!count)
		return mb_fail(MB_REQUEST,
			       "%s: no batch of the benchmark migrate was measured, nor several of "
			       "another that moves pages; advice needs a sweep over batch",
			       run->files[0]);
	return MB_OK;
}

int analysis_advise(int argc, char **argv)
{
	const char *budget_text = NULL, *format = "text", *profile = NULL;
	bool force = false;
	const struct mb_option options[] = {
		{ "latency-budget", "N",
		  "the longest time that a page may be away, in the unit of the run", MB_OPT_STRING,
		  &budget_text, 0, 0 },
		{ "profile", "FILE",
		  "from lab profile --memory --format json: up to which batch what it touches "
		  "stays in L2",
		  MB_OPT_STRING, &profile, 0, 0 },
		{ "format", "text|json", "how to print it", MB_OPT_STRING, &format, 0, 0 },
		{ "force", NULL, "use a run whose file says that it is invalid", MB_OPT_FLAG,
		  &force, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "advise",
		.operands = "RUN",
		.summary = "Say which batch size to use, from a run that measured many: the "
			   "smallest that is nearly as fast as the best, and the largest "
			   "that keeps no page away for longer than a budget.",
		.example = "migbench advise run.jsonl --latency-budget 1000000",
		.min_operands = 1,
		.max_operands = 1,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	double budget = NAN;
	struct an_run *run;
	char *end = NULL;

	if (status != MB_PARSED)
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return mb_fail(MB_REQUEST, "advise: --format is text or json, not '%s'", format);
	if (budget_text) {
		budget = strtod(budget_text, &end);
		if (end == budget_text || *end || !isfinite(budget) || budget <= 0)
			return mb_fail(MB_REQUEST,
				       "advise: --latency-budget is a number above 0 in the run's "
				       "unit (ns or instructions), not '%s'",
				       budget_text);
	}
	status = an_operand_read(argv[first], &run);
	if (status)
		return status;
	status = an_operands_check(&run, 1, force);
	if (!status)
		status = advise_on(run, budget, profile, !strcmp(format, "json"));
	an_run_free(run);
	return status;
}
