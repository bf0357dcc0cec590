// SPDX-License-Identifier: GPL-2.0-or-later
/* The geometric mean of ratios: what is in it, and how sure it is. */
#include "tests/unit/test_compare_runs.h"

#include "analysis/stats/welch.h"

static char none[] = "", more[] = "pages moved: 1, 512";
static const struct an_question question = { "total", 0.5, 0.02, NULL };

static void exact_counts(void **state)
{
	struct an_run *a = new_run(true), *b = new_run(true);
	struct an_comparison c;
	struct an_mean *means;
	size_t count;

	(void)state;
	for (int batch = 1; batch <= 4; batch *= 2)
		for (unsigned int boot = 0; boot < 2; boot++) {
			add_total(a, batch, boot, 1000 * batch);
			/* Half, the same, and twice as much: nothing on the whole, and not 7/6. */
			add_total(b, batch, boot, 500 * batch * batch);
		}
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	means = an_geomeans(&c, &count);
	assert_int_equal(count, 1);
	assert_string_equal(means[0].benchmark, "migrate");
	assert_string_equal(means[0].unit, "insns");
	assert_int_equal(means[0].points, 3);
	assert_int_equal(means[0].of, 3);
	assert_float_equal(means[0].ratio, 1, 1e-12);
	assert_float_equal(means[0].low, means[0].high, 0);
	free(means);
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
}

/* The interval is that of the boots' means: noise that the points do not share averages out. */
static void boots_are_the_observations(void **state)
{
	static const double up[] = { 1.01, 0.98, 1.02 }, factor[] = { 1.1, 1.2, 1.3 };
	struct an_run *a = new_run(false), *b = new_run(false);
	double boots_a[3] = { 1, 1, 1 }, boots_b[3] = { 1, 1, 1 };
	struct an_sample x, y;
	struct an_comparison c;
	struct an_welch welch;
	struct an_mean *means;
	size_t count;

	(void)state;
	for (int point = 0; point < 3; point++)
		for (unsigned int boot = 0; boot < 3; boot++) {
			double one = 1000 * (point + 1) * up[boot];
			double other = 1000 * (point + 1) * factor[point] * up[2 - boot];

			add_total(a, point + 1, boot, one);
			add_total(b, point + 1, boot, other);
			boots_a[boot] *= cbrt(one);
			boots_b[boot] *= cbrt(other);
		}
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	means = an_geomeans(&c, &count);
	assert_int_equal(count, 1);
	assert_float_equal(means[0].ratio, cbrt(1.1 * 1.2 * 1.3), 1e-12);
	x = an_sample_of(boots_a, 3);
	y = an_sample_of(boots_b, 3);
	welch = an_welch(&x, &y);
	assert_float_equal(means[0].low, exp(welch.low), 1e-12);
	assert_float_equal(means[0].high, exp(welch.high), 1e-12);
	assert_true(means[0].low < means[0].ratio && means[0].high > means[0].ratio);
	free(means);
	an_compare_free(&c);

	/* A point that lacks a boot: the mean is still one, its interval is not known. */
	add_total(a, 4, 0, 1000);
	add_total(b, 4, 0, 1000);
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	means = an_geomeans(&c, &count);
	assert_int_equal(means[0].points, 4);
	assert_float_equal(means[0].ratio, pow(1.1 * 1.2 * 1.3, 0.25), 1e-12);
	assert_true(isnan(means[0].low) && isnan(means[0].high));
	free(means);
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
}

static struct an_pair pair_of(const struct an_point *point, const char *unit, double ratio)
{
	return (struct an_pair){ .point = point, .unit = unit, .ratio = ratio, .differs = none };
}

static void what_is_in_it(void **state)
{
	struct an_run *a = new_run(true), *b = new_run(true);
	struct an_comparison c = { .question = question, .a = a, .b = b };
	const struct an_point *point = batch_point(a, 1);
	struct an_pair pairs[] = { pair_of(point, "insns", 2), pair_of(point, "insns", 8),
				   pair_of(point, "insns", NAN), pair_of(point, "insns", 0),
				   pair_of(point, "insns", 100) };
	const struct an_pair *given[] = { &pairs[0], &pairs[1], &pairs[2], &pairs[3], &pairs[4] };
	struct an_mean mean;

	(void)state;
	/* Another number of pages is another thing. */
	pairs[4].differs = more;
	mean = an_geomean(&c, given, 5);
	assert_int_equal(mean.points, 2);
	assert_int_equal(mean.of, 5);
	assert_float_equal(mean.ratio, 4, 1e-12);
	/* One point is no mean. */
	assert_true(an_geomean(&c, given + 1, 4).points < 2);
	assert_int_equal(an_geomean(&c, given, 0).points, 0);
	/* None across units. */
	pairs[1].unit = "ns";
	mean = an_geomean(&c, given, 5);
	assert_true(mean.points < 2 && isnan(mean.ratio));
	an_run_free(a);
	an_run_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_counts),
		cmocka_unit_test(boots_are_the_observations),
		cmocka_unit_test(what_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
