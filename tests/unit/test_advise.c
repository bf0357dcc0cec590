// SPDX-License-Identifier: GPL-2.0-or-later
/* Advice on synthetic sweeps whose fixed cost, cost of a page and best batch are known. */
#include "tests/unit/test_compare_runs.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/advise/advice.h"

#define STEPS 12 /* batches 1 … 2048 */
#define SEEDS 300

/* One series of a run and the advice on it. */
struct sweep {
	struct an_run *run;
	size_t count;
	struct an_advice *advice;
};

static struct sweep advise(struct an_run *run, double budget)
{
	struct sweep sweep = { .run = run };

	an_summarise(run);
	sweep.advice = an_advise(run, budget, &sweep.count);
	assert_int_equal(sweep.count, 1);
	return sweep;
}

static void drop(struct sweep *sweep)
{
	an_advice_free(sweep->advice, sweep->count);
	an_run_free(sweep->run);
}

/* An exact sweep: every total is what the line says. */
static struct an_run *exact(double fixed, double per_page)
{
	struct an_run *run = new_run(true);

	for (int i = 0; i < STEPS; i++)
		add_total(run, 1 << i, 0, fixed + per_page * (1 << i));
	return run;
}

/* The first step within 5 % of the best throughput of the noiseless sweep. */
static int true_step(double fixed, double per_page)
{
	double best = fixed / (1 << (STEPS - 1)) + per_page;
	int step = 0;

	while (fixed / (1 << step) + per_page > best / 0.95)
		step++;
	return step;
}

static int step_of(unsigned long batch)
{
	int step = 0;

	while (1ul << step < batch)
		step++;
	return step;
}

/* 5 % of noise in every sample: both costs within 3 %, the batch within a step. */
static void noisy_sweeps(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double worst = 0, errors = 0;
	int within = 0;

	(void)state;
	for (int seed = 0; seed < SEEDS; seed++) {
		double fixed, per_page, off, samples[24];
		struct an_run *run = new_run(false);
		const struct an_fit *fit;
		struct sweep sweep;

		gsl_rng_set(rng, (unsigned long)seed + 1);
		per_page = 200 + 5000 * gsl_rng_uniform(rng);
		/* A fixed cost of less than a few pages drowns in the noise of its page. */
		fixed = per_page * (4 + 60 * gsl_rng_uniform(rng));
		for (int i = 0; i < STEPS; i++)
			for (unsigned int boot = 0; boot < 3; boot++) {
				for (int k = 0; k < 24; k++)
					samples[k] = (fixed + per_page * (1 << i)) *
						     (1 + gsl_ran_gaussian(rng, 0.05));
				add_values(run, 1 << i, boot, "total", samples, 24);
			}
		sweep = advise(run, NAN);
		fit = &sweep.advice->fit;
		assert_true(sweep.advice->has_fit);
		off = fmax(fabs(fit->fixed / fixed - 1), fabs(fit->per_page / per_page - 1));
		worst = fmax(worst, off);
		if (off > 0.03)
			fail_msg("seed %d: fixed %g of %g, a page %g of %g", seed, fit->fixed,
				 fixed, fit->per_page, per_page);
		/* The errors given are honest: two of three within one, nearly all within two. */
		errors += fit->fixed_error / fixed / SEEDS;
		within += fabs(fit->fixed - fixed) <= fit->fixed_error;
		if (abs(step_of(sweep.advice->recommended) - true_step(fixed, per_page)) > 1)
			fail_msg("seed %d: batch %lu, step %d", seed, sweep.advice->recommended,
				 true_step(fixed, per_page));
		drop(&sweep);
	}
	print_message("worst error %.2f %%, mean standard error of the fixed cost %.2f %%, within "
		      "one of them %d of %d\n",
		      worst * 100, errors * 100, within, SEEDS);
	assert_in_range(within, SEEDS / 2, SEEDS * 4 / 5);
	gsl_rng_free(rng);
}

static void exact_sweep(void **state)
{
	struct sweep sweep = advise(exact(10000, 1000), NAN);
	const struct an_advice *a = sweep.advice;

	(void)state;
	assert_float_equal(a->fit.fixed, 10000, 1e-6);
	assert_float_equal(a->fit.per_page, 1000, 1e-8);
	assert_string_equal(a->name, "migrate/direction=to-device");
	assert_int_equal(an_batch(a->best), 2048);
	/* 1000 + 10000/n <= 1004.88/0.95 from n = 173.2 on. */
	assert_int_equal(a->throughput_batch, 256);
	assert_int_equal(a->recommended, 256);
	assert_int_equal(a->latency_batch, 0);
	assert_string_equal(a->latency, "total");
	assert_int_equal(a->driver_count, 7); /* no CPU fault goes to the device */
	for (size_t i = 0; i < a->driver_count; i++) {
		double n = (double)a->drivers[i].driver->batch;

		assert_float_equal(a->drivers[i].relative,
				   (10000 + 1000 * n) / n / (1000 + 10000 / 2048.0), 1e-9);
		assert_int_equal(a->drivers[i].low, a->drivers[i].high);
	}
	drop(&sweep);
}

static void budgets(void **state)
{
	static const struct {
		double budget;
		unsigned long largest, recommended;
	} cases[] = {
		{ 10999, 0, 0 },      { 11000, 1, 1 },	    { 50000, 32, 32 },
		{ 265999, 128, 128 }, { 266000, 256, 256 }, { 1e12, 2048, 256 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sweep sweep = advise(exact(10000, 1000), cases[i].budget);

		assert_int_equal(sweep.advice->latency_batch, cases[i].largest);
		assert_int_equal(sweep.advice->recommended, cases[i].recommended);
		drop(&sweep);
	}
}

/* A page may be away for longer or shorter than its batch takes: that is what a budget is held to. */
static void unavailable_counts(void **state)
{
	struct an_run *run = exact(10000, 1000);
	struct sweep sweep;

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		double away = 100 * (1 << i);

		add_values(run, 1 << i, 0, "unavailable", &away, 1);
	}
	sweep = advise(run, 3200);
	assert_string_equal(sweep.advice->latency, "unavailable");
	assert_int_equal(sweep.advice->latency_batch, 32);
	drop(&sweep);
	/* Not of all batches: the total it is. */
	run = exact(10000, 1000);
	add_total(run, 4096, 0, 1e7);
	for (int i = 0; i < STEPS; i++)
		add_values(run, 1 << i, 0, "unavailable", &(double){ 1 }, 1);
	sweep = advise(run, 11000);
	assert_string_equal(sweep.advice->latency, "total");
	assert_int_equal(sweep.advice->latency_batch, 1);
	drop(&sweep);
}

/* A curve that is no line: what was measured decides, not the fit. */
static void crooked_curve(void **state)
{
	struct an_run *run = new_run(true);
	struct sweep sweep;

	(void)state;
	for (int i = 0; i < STEPS; i++)
		add_total(run, 1 << i, 0, (1 << i) * (i < 4 ? 1000 : 3000) + 500);
	sweep = advise(run, NAN);
	assert_true(sweep.advice->fit.worst > AN_LINE_HOLDS);
	assert_int_equal(an_batch(sweep.advice->best), 8);
	assert_int_equal(sweep.advice->recommended, sweep.advice->throughput_batch);
	assert_int_equal(sweep.advice->recommended, 8);
	drop(&sweep);
}

static void few_batches(void **state)
{
	struct an_run *run = new_run(true);
	struct sweep sweep;

	(void)state;
	add_total(run, 100, 0, 100000);
	add_total(run, 400, 0, 300000);
	sweep = advise(run, NAN);
	assert_false(sweep.advice->has_fit);
	assert_int_equal(sweep.advice->throughput_batch, 400);
	for (size_t i = 0; i < sweep.advice->driver_count; i++) {
		const struct an_default *at = &sweep.advice->drivers[i];

		switch (at->driver->batch) {
		case 64: /* below what was measured: the nearest */
			assert_int_equal(at->low, 100);
			assert_int_equal(at->high, 100);
			assert_float_equal(at->relative, 1000 / 750.0, 1e-12);
			break;
		case 128: /* between: on the line through both totals */
			assert_int_equal(at->low, 100);
			assert_int_equal(at->high, 400);
			assert_float_equal(at->relative, (100000 + 200000 * 28 / 300.0) / 128 / 750,
					   1e-12);
			break;
		default: /* above */
			assert_int_equal(at->low, 400);
			assert_int_equal(at->high, 400);
		}
	}
	drop(&sweep);
	/* Nothing costs anything: no division by it. */
	run = new_run(true);
	add_total(run, 1, 0, 0);
	add_total(run, 2, 0, 0);
	add_total(run, 4, 0, 0);
	sweep = advise(run, 5);
	assert_false(sweep.advice->has_fit);
	assert_int_equal(sweep.advice->driver_count, 0);
	assert_int_equal(sweep.advice->latency_batch, 4);
	drop(&sweep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noisy_sweeps),	 cmocka_unit_test(exact_sweep),
		cmocka_unit_test(budgets),	 cmocka_unit_test(unavailable_counts),
		cmocka_unit_test(crooked_curve), cmocka_unit_test(few_batches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
