/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a comparison is wrong, and how often it finds what is there, on synthetic runs. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_SELFTEST_H
#define MIGBENCH_ANALYSIS_COMPARE_SELFTEST_H

#include "analysis/compare/synthetic.h"

#define AN_SELFTEST_MARGIN 0.02

/* From here on the rates must hold as they are; with fewer, three standard errors are allowed. */
#define AN_SELFTEST_STRICT 1000

/* What a scenario must reach; NAN is no requirement. */
struct an_required {
	double most_points, most_comparisons; /* falsely called */
	double least_power;
	double least_equivalent, most_equivalent;
	double least_covered, most_covered;
};

struct an_scenario {
	struct an_truth truth;
	struct an_required required;
};

/* All as fractions. NAN: no point is affected, or all are. */
struct an_rates {
	double points; /* called faster or slower though they are not, or the wrong way */
	double comparisons; /* with at least one such point */
	double power; /* affected points that were called, the right way */
	double covered; /* intervals that hold the truth */
	double equivalent; /* points called so: of those affected, if any is */
};

/* The scenarios, always the same; the caller frees the array. */
struct an_scenario *an_scenarios(size_t *count);

/* @repetitions comparisons of the truth, drawn from @seed. */
struct an_rates an_selftest_measure(const struct an_truth *truth, unsigned long repetitions,
				    unsigned long seed);

/* Whether the rates, of that many comparisons, meet what the scenario requires. */
bool an_selftest_met(const struct an_scenario *scenario, const struct an_rates *rates,
		     unsigned long repetitions);

/* "5 % on all points", and what is required in words, "–" if nothing; malloc'd. */
char *an_effect_words(const struct an_truth *truth);
char *an_required_words(const struct an_required *required);

#endif
