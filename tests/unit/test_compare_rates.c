// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How often a comparison is wrong, and how often it finds what is there: runs
 * with known truth, 5 boots a side, 30 points, 200 samples a point and boot
 * with 3 % spread. The bounds are those that the project promises, widened by
 * what the number of repetitions leaves to chance; $REPETITIONS asks for more
 * (docs/statistics.md has the figures of 1,000).
 */
#include "tests/unit/test_compare_runs.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#define POINTS 30
#define BOOTS 5
#define SAMPLES 200
#define SPREAD 0.03

enum shape { LOG_NORMAL, BIMODAL, HEAVY_TAIL, DRIFT, OUTLIERS, TIES, SHAPES };

static const char *const shapes[] = { "log-normal", "bimodal",	"heavy tail",
				      "drift",	    "outliers", "ties" };

static gsl_rng *rng;
static int repetitions = 50;
static bool together; /* all points of a boot move by the same effect */

struct rates {
	double called, any, covered, equivalent;
};

static double sample(enum shape shape, int at, double *before)
{
	double z = gsl_ran_gaussian(rng, SPREAD);

	switch (shape) {
	case BIMODAL:
		return exp(z) * (gsl_rng_uniform(rng) < 0.3 ? 1.2 : 1);
	case HEAVY_TAIL:
		return exp(SPREAD * fabs(gsl_ran_tdist(rng, 2)));
	case DRIFT:
		*before = 0.5 * *before + z * sqrt(0.75);
		return exp(*before + SPREAD * at / SAMPLES);
	case OUTLIERS:
		return exp(z) * (gsl_rng_uniform(rng) < 0.03 ? 10 : 1);
	case TIES:
		return 1 + 0.02 * round(z / 0.02);
	default:
		return exp(z);
	}
}

static struct an_run *draw(enum shape shape, double effect, double boot_effect)
{
	struct an_run *run = new_run(false);
	double values[SAMPLES], before = 0, common[BOOTS];

	for (int boot = 0; boot < BOOTS; boot++)
		common[boot] = gsl_ran_gaussian(rng, boot_effect);
	for (int p = 1; p <= POINTS; p++)
		for (unsigned int boot = 0; boot < BOOTS; boot++) {
			double off = together ? common[boot] : gsl_ran_gaussian(rng, boot_effect);
			double level = 1000 * p * exp(effect + off);

			for (int i = 0; i < SAMPLES; i++)
				values[i] = level * sample(shape, i, &before);
			add_values(run, p, boot, "total", values, SAMPLES);
		}
	return run;
}

static struct rates measure(enum shape shape, double effect, double boot_effect)
{
	const struct an_question question = { "total", 0.5, 0.02 };
	const double most = repetitions * POINTS;
	struct rates rates = { 0 };

	for (int i = 0; i < repetitions; i++) {
		struct an_run *a = draw(shape, 0, boot_effect);
		struct an_run *b = draw(shape, log1p(effect), boot_effect);
		struct an_comparison c;
		size_t called;

		assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
		called = c.verdicts[AN_SLOWER] + c.verdicts[AN_FASTER];
		rates.called += (double)called / most;
		rates.any += (called > 0) / (double)repetitions;
		rates.equivalent += (double)c.verdicts[AN_EQUIVALENT] / most;
		for (size_t k = 0; k < c.count; k++)
			rates.covered +=
				(c.pairs[k].low <= 1 + effect && c.pairs[k].high >= 1 + effect) /
				most;
		an_compare_free(&c);
		an_run_free(a);
		an_run_free(b);
	}
	print_message("%-10s effect %.0f %%, boots %.1f %%%s: called %.2f %%, any %.1f %%, covered "
		      "%.1f %%, equivalent %.1f %%\n",
		      shapes[shape], effect * 100, boot_effect * 100, together ? " together" : "",
		      rates.called * 100, rates.any * 100, rates.covered * 100,
		      rates.equivalent * 100);
	return rates;
}

/* 7 % of the comparisons, and three standard errors. */
static double most_wrong(void)
{
	return 0.07 + 3 * sqrt(0.07 * 0.93 / repetitions);
}

/* Where a boot shifts all points at once, they are wrong together, but not more often. */
static void no_effect_together(void **state)
{
	(void)state;
	together = true;
	assert_true(measure(LOG_NORMAL, 0, 0.01).any <= most_wrong());
	assert_true(measure(LOG_NORMAL, 0, 0.05).any <= most_wrong());
	together = false;
}

static void no_effect(void **state)
{
	static const double boots[] = { 0.01, 0.05 };

	(void)state;
	for (int shape = 0; shape < SHAPES; shape++)
		for (int i = 0; i < 2; i++) {
			struct rates rates = measure((enum shape)shape, 0, boots[i]);

			assert_true(rates.called <= 0.01);
			assert_true(rates.any <= most_wrong());
			assert_true(rates.covered > 0.93 && rates.covered < 0.98);
		}
}

static void effects_are_found(void **state)
{
	(void)state;
	assert_true(measure(LOG_NORMAL, 0.05, 0.01).called >= 0.95);
	assert_true(measure(LOG_NORMAL, 0.02, 0.005).called >= 0.9);
	assert_true(measure(BIMODAL, 0.02, 0.005).called >= 0.9);
	assert_true(measure(OUTLIERS, 0.02, 0.005).called >= 0.9);
	assert_true(measure(LOG_NORMAL, -0.05, 0.01).called >= 0.95);
}

static void sameness_is_found(void **state)
{
	(void)state;
	assert_true(measure(LOG_NORMAL, 0, 0.003).equivalent >= 0.9);
	assert_true(measure(HEAVY_TAIL, 0, 0.003).equivalent >= 0.9);
	/* What is outside the margin is hardly ever called equivalent. */
	assert_true(measure(LOG_NORMAL, 0.04, 0.003).equivalent <= 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_effect),
		cmocka_unit_test(no_effect_together),
		cmocka_unit_test(effects_are_found),
		cmocka_unit_test(sameness_is_found),
	};
	const char *more = getenv("REPETITIONS");
	int failed;

	if (more && atoi(more) > 0)
		repetitions = atoi(more);
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
