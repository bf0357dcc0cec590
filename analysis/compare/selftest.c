// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenarios of known truth, and the error rates of a comparison measured on them. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/compare/selftest.h"
#include "core/status.h"

static const struct an_required nothing = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };

/* What holds for every scenario: nothing is called that is not there, and intervals are honest. */
static struct an_required honest(void)
{
	struct an_required required = nothing;

	required.most_points = 0.01;
	required.most_comparisons = 0.07;
	required.least_covered = 0.93;
	required.most_covered = 0.98;
	return required;
}

struct list {
	struct an_scenario *at;
	size_t count, capacity;
};

static void add(struct list *list, struct an_truth truth, struct an_required required)
{
	list->at = mb_grow(list->at, &list->capacity, list->count, sizeof(*list->at));
	list->at[list->count++] = (struct an_scenario){ .truth = truth, .required = required };
}

static void add_no_effect(struct list *list)
{
	static const double boots[] = { 0, 0.01, 0.05 };

	for (int shape = 0; shape < AN_SHAPES; shape++)
		for (int i = 0; i < 3; i++) {
			struct an_required required = honest();

			/* Every boot's median is then the same step: there is nothing to doubt. */
			if (shape == AN_TIES && boots[i] == 0)
				required.most_covered = NAN;
			add(list,
			    (struct an_truth){ .shape = (enum an_shape)shape,
					       .boot_effect = boots[i] },
			    required);
		}
}

/* A boot that shifts all points at once: the same is asked of the verdicts. */
static void add_together(struct list *list)
{
	static const struct {
		double effect, boots, least;
	} cases[] = { { 0, 0.003, NAN }, { 0, 0.01, NAN },     { 0, 0.02, NAN },
		      { 0, 0.05, NAN },	 { 0.05, 0.01, 0.95 }, { 0.02, 0.005, 0.9 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct an_required required = honest();

		required.least_power = cases[i].least;
		add(list,
		    (struct an_truth){ .affected =
					       cases[i].effect > 0 ? AN_ALL_POINTS : AN_NO_POINT,
				       .effect = cases[i].effect,
				       .boot_effect = cases[i].boots,
				       .together = true },
		    required);
	}
}

static void add_sameness(struct list *list)
{
	struct an_required required = honest();

	required.least_equivalent = 0.9;
	for (int shape = 0; shape < AN_SHAPES; shape++)
		if (shape == AN_LOG_NORMAL || shape == AN_HEAVY_TAIL || shape == AN_BIMODAL)
			add(list,
			    (struct an_truth){ .shape = (enum an_shape)shape,
					       .boot_effect = 0.003 },
			    required);
	required = honest();
	required.most_equivalent = 0.001;
	add(list,
	    (struct an_truth){ .affected = AN_ALL_POINTS, .effect = 0.04, .boot_effect = 0.003 },
	    required);
}

static void add_power(struct list *list, enum an_shape shape, double effect, double boot_effect,
		      double least)
{
	struct an_required required = honest();

	required.least_power = least;
	add(list,
	    (struct an_truth){ .shape = shape,
			       .affected = AN_ALL_POINTS,
			       .effect = effect,
			       .boot_effect = boot_effect },
	    required);
}

/* One point among others that are the same: the correction asks more of it. */
static void add_one(struct list *list)
{
	static const double boots[] = { 0.005, 0.01 }, effects[] = { 0.02, 0.03, 0.05, 0.1 };

	for (int b = 0; b < 2; b++)
		for (int e = 0; e < 4; e++)
			add(list,
			    (struct an_truth){ .affected = AN_ONE_POINT,
					       .effect = effects[e],
					       .boot_effect = boots[b] },
			    honest());
}

struct an_scenario *an_scenarios(size_t *count)
{
	struct list list = { 0 };

	add_no_effect(&list);
	add_together(&list);
	add_sameness(&list);
	add_power(&list, AN_LOG_NORMAL, 0.05, 0.01, 0.95);
	add_power(&list, AN_LOG_NORMAL, -0.05, 0.01, 0.95);
	add_power(&list, AN_LOG_NORMAL, 0.02, 0.005, 0.9);
	add_power(&list, AN_BIMODAL, 0.02, 0.005, 0.9);
	add_power(&list, AN_OUTLIERS, 0.02, 0.005, 0.9);
	add_power(&list, AN_LOG_NORMAL, 0.03, 0.01, NAN);
	add_power(&list, AN_LOG_NORMAL, 0.02, 0.01, NAN);
	add_one(&list);
	*count = list.count;
	return list.at;
}

/* What one comparison adds to the sums. */
static void count_in(struct an_rates *sum, const struct an_truth *truth,
		     const struct an_comparison *c)
{
	size_t wrong = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct an_pair *pair = &c->pairs[i];
		bool affected = an_truth_affects(truth, i);
		double ratio = affected ? 1 + truth->effect : 1;
		bool called = pair->verdict == AN_SLOWER || pair->verdict == AN_FASTER;
		bool right = affected && called && (pair->verdict == AN_SLOWER) == (ratio > 1);

		wrong += called && !right;
		sum->power += right;
		sum->covered += pair->low <= ratio && pair->high >= ratio;
		sum->equivalent += pair->verdict == AN_EQUIVALENT &&
				   (affected || truth->affected == AN_NO_POINT);
	}
	sum->points += (double)wrong;
	sum->comparisons += wrong > 0;
}

struct an_rates an_selftest_measure(const struct an_truth *truth, unsigned long repetitions,
				    unsigned long seed)
{
	static const size_t affected[] = {
		[AN_NO_POINT] = 0, [AN_ONE_POINT] = 1, [AN_ALL_POINTS] = AN_SYNTHETIC_POINTS
	};
	const struct an_question question = { .metric = "total",
					      .quantile = 0.5,
					      .margin = AN_SELFTEST_MARGIN };
	double times = (double)repetitions, all = times * AN_SYNTHETIC_POINTS;
	double changed = times * (double)affected[truth->affected];
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct an_rates rates = { 0 };

	gsl_rng_set(rng, seed);
	for (unsigned long i = 0; i < repetitions; i++) {
		struct an_run *a = an_synthetic(rng, truth, false);
		struct an_run *b = an_synthetic(rng, truth, true);
		struct an_comparison c;

		if (an_compare(a, b, &question, &c) == MB_OK) {
			count_in(&rates, truth, &c);
			an_compare_free(&c);
		}
		an_run_free(a);
		an_run_free(b);
	}
	gsl_rng_free(rng);
	rates.points /= all;
	rates.comparisons /= times;
	rates.power = changed > 0 ? rates.power / changed : NAN;
	rates.covered /= all;
	rates.equivalent /= changed > 0 ? changed : all;
	return rates;
}

/* NAN as a bound is met by everything. */
static bool within(double rate, double least, double most, double count, unsigned long repetitions)
{
	double few = repetitions < AN_SELFTEST_STRICT ? 3 / sqrt(count) : 0;

	if (rate < least - few * sqrt(least * (1 - least)))
		return false;
	return !(rate > most + few * sqrt(most * (1 - most)));
}

bool an_selftest_met(const struct an_scenario *scenario, const struct an_rates *rates,
		     unsigned long repetitions)
{
	const struct an_required *required = &scenario->required;
	double comparisons = (double)repetitions;
	/* Points that move together are but one observation. */
	double points = scenario->truth.together ? comparisons : comparisons * AN_SYNTHETIC_POINTS;

	return within(rates->points, NAN, required->most_points, points, repetitions) &&
	       within(rates->comparisons, NAN, required->most_comparisons, comparisons,
		      repetitions) &&
	       within(rates->power, required->least_power, NAN, points, repetitions) &&
	       within(rates->equivalent, required->least_equivalent, required->most_equivalent,
		      points, repetitions) &&
	       within(rates->covered, required->least_covered, required->most_covered, points,
		      repetitions);
}

char *an_effect_words(const struct an_truth *truth)
{
	if (truth->affected == AN_NO_POINT)
		return mb_strdup("none");
	return mb_format("%+g %% on %s", truth->effect * 100,
			 truth->affected == AN_ALL_POINTS ? "all" : "one of 30");
}

char *an_required_words(const struct an_required *required)
{
	const struct {
		double least, most;
		const char *what;
	} bounds[] = {
		{ NAN, required->most_points, "false" },
		{ NAN, required->most_comparisons, "any" },
		{ required->least_power, NAN, "found" },
		{ required->least_covered, required->most_covered, "covered" },
		{ required->least_equivalent, required->most_equivalent, "equivalent" },
	};
	char *text = mb_strdup("");

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		bool least = !isnan(bounds[i].least), most = !isnan(bounds[i].most);
		char low[32] = "", high[32] = "";

		if (!least && !most)
			continue;
		if (least)
			snprintf(low, sizeof(low), most ? "%g–" : "≥ %g", bounds[i].least * 100);
		if (most)
			snprintf(high, sizeof(high), least ? "%g" : "≤ %g", bounds[i].most * 100);
		an_extend(&text, "%s%s %s%s", *text ? ", " : "", bounds[i].what, low, high);
	}
	if (*text)
		return text;
	free(text);
	return mb_strdup("–");
}
