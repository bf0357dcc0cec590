// SPDX-License-Identifier: GPL-2.0-or-later
/* The noise floor of a kernel against itself, from records whose truth is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/floor.h"

/* One boot: the points p/batch=1 and p/batch=2, under ids that @flip exchanges. */
static void boot(struct mb_floor *noise, int flip, double one, double two)
{
	char line[256];

	mb_floor_begin(noise);
	for (int i = 0; i < 2; i++) {
		snprintf(
			line, sizeof(line),
			"{\"type\":\"point\",\"id\":%d,\"benchmark\":\"p\",\"params\":{\"batch\":%d}}",
			i ^ flip, i + 1);
		mb_floor_line(noise, line);
	}
	for (int i = 0; i < 4; i++) {
		/* The median of both blocks is the value; an outlier does not move it. */
		snprintf(
			line, sizeof(line),
			"{\"type\":\"block\",\"point\":%d,\"metrics\":{\"total\":{\"values\":[%g,%g,"
			"%g]}}}",
			(i & 1) ^ flip, 0.5 * (i & 1 ? two : one), i & 1 ? two : one,
			9 * (i & 1 ? two : one));
		mb_floor_line(noise, line);
	}
	mb_floor_boot_end(noise);
}

static void seeds_are_compared(void **state)
{
	struct mb_floor noise = { 0 };

	(void)state;
	boot(&noise, 0, 1000, 500);
	boot(&noise, 0, 1000, 500);
	boot(&noise, 1, 1010, 500);
	boot(&noise, 0, 990, 500);
	assert_float_equal(mb_floor_of(&noise, "p/batch=1", 2, true), 1010. / 990 - 1, 1e-6);
	assert_float_equal(mb_floor_of(&noise, "p/batch=2", 2, true), 0, 0);
	assert_true(isnan(mb_floor_of(&noise, "p/batch=3", 2, true)));
	/* The run's boots alone are one seed, and one seed knows no floor. */
	assert_true(isnan(mb_floor_of(&noise, "p/batch=1", 4, true)));
	assert_int_equal(noise.blocks, 16);
	mb_floor_free(&noise);
}

/* Four boots at e^0, e^d, e^0, e^d: s² = d²/3, halves of two, t(3) = 3.18245. */
static void halves_are_compared(void **state)
{
	const double d = 0.01;
	struct mb_floor noise = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		boot(&noise, 0, 1000 * exp(i % 2 * d), 0);
	assert_float_equal(mb_floor_of(&noise, "p/batch=1", 2, false),
			   expm1(3.18244630528 * d / sqrt(3)), 1e-5);
	/* What costs nothing has no ratio. */
	assert_true(isnan(mb_floor_of(&noise, "p/batch=2", 2, false)));
	mb_floor_free(&noise);
}

/* A point that was skipped under the run's own seed has no floor; one that came late has its own. */
static void missing_points(void **state)
{
	struct mb_floor noise = { 0 };

	(void)state;
	mb_floor_begin(&noise);
	mb_floor_line(&noise, "no record");
	mb_floor_line(&noise, "{\"type\":\"block\",\"point\":7}");
	mb_floor_boot_end(&noise);
	boot(&noise, 0, 1000, 500);
	boot(&noise, 0, 1100, 500);
	assert_true(isnan(mb_floor_of(&noise, "p/batch=1", 1, true)));
	assert_float_equal(mb_floor_of(&noise, "p/batch=1", 2, true), 0.1, 1e-6);
	mb_floor_free(&noise);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds_are_compared),
		cmocka_unit_test(halves_are_compared),
		cmocka_unit_test(missing_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
