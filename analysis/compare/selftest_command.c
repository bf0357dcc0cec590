// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench selftest statistics: the comparison's own error rates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_errno.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/compare/selftest.h"
#include "core/options.h"
#include "core/status.h"

#define REPETITIONS 100
#define MAX_REPETITIONS 1000000
#define MAX_SEED 1000000000
#define SEED_STEP 1009 /* so that the scenarios' draws have nothing in common */

struct result {
	struct an_scenario scenario;
	struct an_rates rates;
	bool met;
};

struct selftest {
	unsigned long repetitions, seed;
	struct result *results;
	size_t count, missed;
};

static void measure(struct selftest *test)
{
	struct an_scenario *scenarios = an_scenarios(&test->count);

	test->results = mb_alloc(test->count, sizeof(*test->results));
	for (size_t i = 0; i < test->count; i++) {
		struct result *result = &test->results[i];

		result->scenario = scenarios[i];
		result->rates = an_selftest_measure(&scenarios[i].truth, test->repetitions,
						    test->seed + SEED_STEP * i);
		result->met = an_selftest_met(&result->scenario, &result->rates, test->repetitions);
		test->missed += !result->met;
	}
	free(scenarios);
}

static char *rate_words(double rate)
{
	return isnan(rate) ? mb_strdup("–") : mb_format("%.2f %%", rate * 100);
}

static void fill(struct an_table *table, const struct selftest *test)
{
	static const char *const headings[] = { "shape",    "effect", "boot effect", "false",
						"any",	    "found",  "covered",     "equivalent",
						"required", "met" };

	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		an_table_column(table, headings[i], i >= 2 && i <= 7);
	for (size_t i = 0; i < test->count; i++) {
		const struct result *result = &test->results[i];
		const struct an_truth *truth = &result->scenario.truth;

		an_table_add(table, an_shape_names[truth->shape]);
		an_table_take(table, an_effect_words(truth));
		an_table_take(table, mb_format("%g %%%s", truth->boot_effect * 100,
					       truth->together ? ", shared" : ""));
		an_table_take(table, rate_words(result->rates.points));
		an_table_take(table, rate_words(result->rates.comparisons));
		an_table_take(table, rate_words(result->rates.power));
		an_table_take(table, rate_words(result->rates.covered));
		an_table_take(table, rate_words(result->rates.equivalent));
		an_table_take(table, an_required_words(&result->scenario.required));
		an_table_add(table, result->met ? "yes" : "NO");
	}
}

static void print_text(const struct selftest *test, bool md)
{
	struct an_table table = { 0 };

	fill(&table, test);
	if (md) {
		an_table_md(stdout, &table);
		an_table_free(&table);
		return;
	}
	printf("Synthetic runs: %d boots a side, %d points, %d samples a point and boot, spread "
	       "%g %%, margin %g %%;\n%lu comparisons a row, seed %lu.\n"
	       "false: points called faster or slower that are not; any: comparisons with such a "
	       "point;\nfound: affected points called; covered: intervals that hold the truth; "
	       "required in %%%s.\n\n",
	       AN_SYNTHETIC_BOOTS, AN_SYNTHETIC_POINTS, AN_SYNTHETIC_SAMPLES,
	       AN_SYNTHETIC_SPREAD * 100, AN_SELFTEST_MARGIN * 100, test->repetitions, test->seed,
	       test->repetitions < AN_SELFTEST_STRICT
		       ? ",\nwith three standard errors allowed below 1,000 comparisons"
		       : "");
	an_table_text(stdout, &table, "");
	printf("\n%zu scenarios: %zu as required, %zu not.\n", test->count,
	       test->count - test->missed, test->missed);
	an_table_free(&table);
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *scenario_json(const struct result *result)
{
	static const char *const affected[] = { "none", "one", "all" };
	const struct an_truth *truth = &result->scenario.truth;
	const struct an_required *required = &result->scenario.required;
	const struct an_rates *rates = &result->rates;

	return json_pack(
		"{s:s, s:s, s:f, s:f, s:b, s:o, s:o, s:o, s:o, s:o, "
		"s:{s:o, s:o, s:o, s:o, s:o, s:o, s:o}, s:b}",
		"shape", an_shape_names[truth->shape], "affected", affected[truth->affected],
		"effect", truth->effect, "boot_effect", truth->boot_effect, "together",
		truth->together, "false_points", number(rates->points), "false_comparisons",
		number(rates->comparisons), "power", number(rates->power), "coverage",
		number(rates->covered), "equivalent", number(rates->equivalent), "required",
		"false_points_max", number(required->most_points), "false_comparisons_max",
		number(required->most_comparisons), "power_min", number(required->least_power),
		"coverage_min", number(required->least_covered), "coverage_max",
		number(required->most_covered), "equivalent_min",
		number(required->least_equivalent), "equivalent_max",
		number(required->most_equivalent), "met", result->met);
}

static void print_json(const struct selftest *test)
{
	json_t *scenarios = json_array(), *all;

	for (size_t i = 0; i < test->count; i++)
		json_array_append_new(scenarios, scenario_json(&test->results[i]));
	all = json_pack("{s:I, s:I, s:i, s:i, s:i, s:f, s:f, s:b, s:o}", "repetitions",
			(json_int_t)test->repetitions, "seed", (json_int_t)test->seed, "boots",
			AN_SYNTHETIC_BOOTS, "points", AN_SYNTHETIC_POINTS, "samples",
			AN_SYNTHETIC_SAMPLES, "spread", AN_SYNTHETIC_SPREAD, "margin",
			AN_SELFTEST_MARGIN, "met", test->missed == 0, "scenarios", scenarios);
	json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
	putchar('\n');
	json_decref(all);
}

int analysis_selftest(int argc, char **argv)
{
	struct selftest test = { .repetitions = REPETITIONS, .seed = 42 };
	const char *format = "text";
	const struct mb_option options[] = {
		{ "repetitions", "N", "comparisons in each scenario", MB_OPT_NUMBER,
		  &test.repetitions, 10, MAX_REPETITIONS },
		{ "seed", "N", "the seed of the random numbers", MB_OPT_NUMBER, &test.seed, 0,
		  MAX_SEED },
		{ "format", "text|json|md", "how to print it", MB_OPT_STRING, &format, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "selftest",
		.operands = "statistics",
		.summary = "Compare synthetic runs of which the truth is known, and say how "
			   "often the verdict is wrong, how often it finds what is there, "
			   "and whether that is as good as required; exit status 1 if not.",
		.example = "migbench selftest statistics",
		.min_operands = 1,
		.max_operands = 1,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (strcmp(argv[first], "statistics"))
		return mb_fail(MB_REQUEST, "selftest: there is no test '%s'; there is: statistics",
			       argv[first]);
	if (strcmp(format, "text") && strcmp(format, "json") && strcmp(format, "md"))
		return mb_fail(MB_REQUEST, "selftest: --format is text, json or md, not '%s'",
			       format);
	gsl_set_error_handler_off();
	measure(&test);
	if (!strcmp(format, "json"))
		print_json(&test);
	else
		print_text(&test, !strcmp(format, "md"));
	free(test.results);
	return test.missed ? MB_BAD : MB_OK;
}
