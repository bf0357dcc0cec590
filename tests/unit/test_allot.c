// SPDX-License-Identifier: GPL-2.0-or-later
/* What a budget buys, from pilots whose variances are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "lab/campaign/allot.h"

/* A pilot of 200 points, 3 boots, 4 rounds; the spreads are those of logs. */
static struct lab_pilot draw(double between, double within)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct lab_pilot pilot = { 0 };
	char line[512];

	lab_pilot_line(&pilot, 0,
		       "{\"type\":\"run\",\"config\":{\"rounds\":4,\"point_time_ms\":900}}");
	for (int point = 0; point < 200; point++)
		for (unsigned long boot = 0; boot < 3; boot++) {
			double effect = gsl_ran_gaussian(rng, between);

			for (int i = 0; i < 4; i++) {
				double value = exp(effect + gsl_ran_gaussian(rng, within));

				/* How noisy a point is has no part in it: every other is tenfold. */
				snprintf(line, sizeof(line),
					 "{\"type\":\"block\",\"point\":%d,\"metrics\":{\"total\":{"
					 "\"values\":[1,%.17g,1e99]}}}",
					 point, pow(1000 * value, point % 2 ? 1 : 10));
				lab_pilot_line(&pilot, boot, line);
			}
		}
	gsl_rng_free(rng);
	return pilot;
}

static void variances_are_found(void **state)
{
	struct lab_pilot pilot = draw(0.01, 0.005);
	struct lab_spread spread = lab_pilot_spread(&pilot);

	(void)state;
	assert_int_equal(pilot.rounds, 4);
	assert_int_equal(pilot.point_time, 900);
	assert_int_equal(spread.points, 200);
	assert_float_equal(spread.ratio, 4, 1.2);
	lab_pilot_free(&pilot);

	pilot = draw(0, 0.01);
	spread = lab_pilot_spread(&pilot);
	assert_true(spread.ratio < 0.05);
	lab_pilot_free(&pilot);
}

/* Without a second round, or a second boot, or any point, nothing is known, and that is no crash. */
static void little_is_known(void **state)
{
	const char *block =
		"{\"type\":\"block\",\"point\":1,\"metrics\":{\"total\":{\"values\":[5]}}}";
	struct lab_pilot pilot = { 0 };

	(void)state;
	assert_int_equal(lab_pilot_spread(&pilot).points, 0);
	lab_pilot_line(&pilot, 0, "no record");
	lab_pilot_line(&pilot, 0, block);
	assert_int_equal(lab_pilot_spread(&pilot).points, 0);
	lab_pilot_line(&pilot, 1, block);
	assert_true(isinf(lab_pilot_spread(&pilot).ratio));
	lab_pilot_free(&pilot);
}

static void a_budget_is_spent(void **state)
{
	const struct lab_prices prices = { .boot = 16, .round = 1 };
	/* All variance between boots: as many boots as can be; all within: few with many rounds. */
	const struct lab_spread between = { .within = 1e-4, .ratio = 16, .points = 9 };
	const struct lab_spread within = { .within = 1e-4, .ratio = 0, .points = 9 };
	const struct lab_spread both = { .within = 1e-4, .ratio = 1, .points = 9 };
	struct lab_allotment plan;

	(void)state;
	plan = lab_allot(1000, &prices, &between);
	assert_int_equal(plan.boots, 58);
	assert_int_equal(plan.rounds, 1);
	plan = lab_allot(1000, &prices, &within);
	assert_int_equal(plan.boots, LAB_BOOTS_FEW);
	assert_int_equal(plan.rounds, 184);
	plan = lab_allot(1000, &prices, &both);
	assert_int_equal(plan.boots, 50);
	assert_int_equal(plan.rounds, 4);
	assert_float_equal(plan.doubt, expm1(1.984467 * sqrt(2e-4 * 1.25 / 50)), 1e-6);

	/* Five boots as long as they fit, then fewer, and never one. */
	assert_int_equal(lab_allot(86, &prices, &within).boots, 5);
	assert_int_equal(lab_allot(84, &prices, &within).boots, 4);
	assert_int_equal(lab_allot(34, &prices, &within).boots, 2);
	assert_int_equal(lab_allot(33, &prices, &within).boots, 0);
	assert_int_equal(lab_allot(-5, &prices, &within).boots, 0);
	/* Nothing known of the spread: rounds are not bought blindly, boots are. */
	plan = lab_allot(1000, &prices, &(struct lab_spread){ .within = NAN, .ratio = INFINITY });
	assert_int_equal(plan.rounds, 1);
	assert_true(isnan(plan.doubt));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variances_are_found),
		cmocka_unit_test(little_is_known),
		cmocka_unit_test(a_budget_is_spent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
