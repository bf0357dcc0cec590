// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether boots that move their points together are told from those that don't. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/synthetic.h"
#include "analysis/stats/shared.h"
#include "analysis/stats/welch.h"

/* Every corrected p is Benjamini and Hochberg's times the factor, and no more than 1. */
static void the_factor_is_in(const struct an_comparison *comparison)
{
	double raw[AN_SYNTHETIC_POINTS], adjusted[AN_SYNTHETIC_POINTS];
	double factor = an_shared_factor(comparison->correlation);

	assert_int_equal(comparison->count, AN_SYNTHETIC_POINTS);
	for (size_t i = 0; i < comparison->count; i++)
		raw[i] = comparison->pairs[i].p;
	an_adjust(raw, adjusted, comparison->count);
	for (size_t i = 0; i < comparison->count; i++)
		assert_float_equal(comparison->pairs[i].adjusted, fmin(adjusted[i] * factor, 1),
				   1e-12);
}

/* The correlation of one drawn comparison; *@words is what would be printed of it. */
static double drawn(const struct an_truth *truth, unsigned long seed, char **words)
{
	const struct an_question question = { .metric = "total", .quantile = 0.5, .margin = 0.02 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct an_comparison comparison;
	struct an_run *a, *b;
	double correlation;

	gsl_rng_set(rng, seed);
	a = an_synthetic(rng, truth, false);
	b = an_synthetic(rng, truth, true);
	assert_int_equal(an_compare(a, b, &question, &comparison), 0);
	correlation = comparison.correlation;
	the_factor_is_in(&comparison);
	*words = an_together_words(&comparison);
	an_compare_free(&comparison);
	an_run_free(a);
	an_run_free(b);
	gsl_rng_free(rng);
	return correlation;
}

static void boots_are_told_apart(void **state)
{
	struct an_truth truth = { .affected = AN_ALL_POINTS, .effect = 0.05, .boot_effect = 0.01 };
	char *words;

	(void)state;
	for (unsigned long seed = 1; seed <= 20; seed++) {
		truth.together = true;
		assert_true(drawn(&truth, seed, &words) > AN_SHARED_MUCH);
		assert_string_not_equal(words, "");
		free(words);
		truth.together = false;
		assert_true(fabs(drawn(&truth, seed, &words)) < AN_SHARED_MUCH / 2);
		assert_string_equal(words, "");
		free(words);
	}
}

/* One finding needs no such words. */
static void nothing_is_called(void **state)
{
	const struct an_truth truth = { .boot_effect = 0.001, .together = true };
	char *words;

	(void)state;
	drawn(&truth, 1, &words);
	assert_string_equal(words, "");
	free(words);
}

static void too_little_is_known(void **state)
{
	const double a[] = { 1, 2 }, b[] = { 1, 3 }, level[] = { 5, 5 }, none[] = { 0, 1 };
	struct an_shared shared = { 0 };

	(void)state;
	for (int i = 0; i < AN_SHARED_POINTS; i++) {
		assert_true(isnan(an_shared_correlation(&shared)));
		an_shared_add(&shared, a, 2, b, 2);
		an_shared_add(&shared, a, 2, level, 2);
		an_shared_add(&shared, none, 2, b, 2);
		an_shared_add(&shared, a, 1, b, 2);
	}
	assert_int_equal(shared.points, AN_SHARED_POINTS);
	assert_float_equal(an_shared_correlation(&shared), 1, 1e-9);
	an_shared_free(&shared);
}

static void the_level_falls_to_a_fifth(void **state)
{
	(void)state;
	assert_float_equal(an_shared_factor(NAN), 1, 0);
	assert_float_equal(an_shared_factor(-0.2), 1, 0);
	assert_float_equal(an_shared_factor(AN_SHARED_MUCH), 1, 0);
	assert_float_equal(an_shared_factor(1), 5, 0);
	assert_true(an_shared_factor(0.8) > an_shared_factor(0.5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boots_are_told_apart),
		cmocka_unit_test(nothing_is_called),
		cmocka_unit_test(too_little_is_known),
		cmocka_unit_test(the_level_falls_to_a_fifth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
