// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How often a comparison is wrong, and how often it finds what is there: the scenarios of
 * "migbench selftest statistics" with few repetitions, and its own judgement.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/compare/selftest.h"

#define REPETITIONS 20

static void every_scenario_is_met(void **state)
{
	size_t count;
	struct an_scenario *all = an_scenarios(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct an_rates rates = an_selftest_measure(&all[i].truth, REPETITIONS, i);

		if (!an_selftest_met(&all[i], &rates, REPETITIONS))
			fail_msg("%s, effect %g, boots %g: false %g, any %g, found %g, covered %g, "
				 "equivalent %g",
				 an_shape_names[all[i].truth.shape], all[i].truth.effect,
				 all[i].truth.boot_effect, rates.points, rates.comparisons,
				 rates.power, rates.covered, rates.equivalent);
	}
	free(all);
}

static void a_seed_decides(void **state)
{
	const struct an_truth truth = { .affected = AN_ALL_POINTS,
					.effect = 0.02,
					.boot_effect = 0.01 };
	struct an_rates first = an_selftest_measure(&truth, 5, 1);
	struct an_rates again = an_selftest_measure(&truth, 5, 1);
	struct an_rates other = an_selftest_measure(&truth, 5, 2);

	(void)state;
	assert_memory_equal(&first, &again, sizeof(first));
	assert_memory_not_equal(&first, &other, sizeof(first));
}

/* Each bound must be able to fail: rates at it pass, rates well beyond it don't. */
static void a_miss_is_seen(void **state)
{
	const struct an_scenario scenario = { .required = { 0.01, 0.07, 0.9, 0.8, 0.95, 0.93,
							    0.98 } };
	const struct an_rates good = { 0.01, 0.07, 0.9, 0.93, 0.8 };

	(void)state;
	assert_true(an_selftest_met(&scenario, &good, AN_SELFTEST_STRICT));
	for (int i = 0; i < 7; i++) {
		struct an_rates bad = good;

		if (i == 0)
			bad.points = 0.011;
		else if (i == 1)
			bad.comparisons = 0.071;
		else if (i == 2)
			bad.power = 0.899;
		else if (i < 5)
			bad.covered = i == 3 ? 0.929 : 0.981;
		else
			bad.equivalent = i == 5 ? 0.799 : 0.951;
		assert_false(an_selftest_met(&scenario, &bad, AN_SELFTEST_STRICT));
		/* Few repetitions can't tell that little from chance. */
		assert_true(an_selftest_met(&scenario, &bad, 10));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scenario_is_met),
		cmocka_unit_test(a_seed_decides),
		cmocka_unit_test(a_miss_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
