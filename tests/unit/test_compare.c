// SPDX-License-Identifier: GPL-2.0-or-later
/* The statistics of a comparison against figures computed elsewhere, and the order of verdicts. */
#include "tests/unit/test_compare_runs.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/run/operands.h"
#include "analysis/stats/welch.h"

/* Witness: numeric integration of Student's density (Python), df 6.3497. */
static void welch_agrees_with_integration(void **state)
{
	const double x[] = { exp(1), exp(2), exp(3), exp(4), exp(5) };
	const double y[] = { exp(2), exp(3), exp(4), exp(6), exp(9) };
	struct an_sample a = an_sample_of(x, 5), b = an_sample_of(y, 5);
	struct an_welch w = an_welch(&a, &b);

	(void)state;
	assert_float_equal(a.mean, 3, 1e-12);
	assert_float_equal(b.variance, 7.7, 1e-12);
	assert_float_equal(w.shift, 1.8, 1e-12);
	assert_float_equal(w.p, 0.251913, 1e-5);
	assert_float_equal(w.low, -1.648757, 1e-4);
	assert_float_equal(w.high, 5.248757, 1e-4);
}

static void no_variance(void **state)
{
	const double x[] = { 0.1, 0.1, 0.1 }, y[] = { 0.2, 0.2, 0.2 };
	struct an_sample a = an_sample_of(x, 3), b = an_sample_of(y, 3);
	struct an_welch w = an_welch(&a, &b);

	(void)state;
	assert_float_equal(w.p, 0, 0);
	assert_float_equal(w.low, w.high, 0);
	w = an_welch(&a, &a);
	assert_float_equal(w.p, 1, 0);
	assert_float_equal(w.high, 0, 0);
}

static void benjamini_hochberg(void **state)
{
	const double p[] = { 0.01, 0.04, NAN, 0.03, 0.005, 1 };
	double adjusted[6];

	(void)state;
	an_adjust(p, adjusted, 6);
	assert_float_equal(adjusted[0], 0.025, 1e-12);
	assert_float_equal(adjusted[1], 0.05, 1e-12);
	assert_true(isnan(adjusted[2]));
	assert_float_equal(adjusted[3], 0.05, 1e-12);
	assert_float_equal(adjusted[4], 0.025, 1e-12);
	assert_float_equal(adjusted[5], 1, 0);
}

/* Point 1 of A and B from each boot's one value; compared with a margin of 2 % or 0.1 %. */
static struct an_pair compare_one(bool insns, const double *a, size_t boots_a, const double *b,
				  size_t boots_b, double floor_a, double floor_b)
{
	struct an_run *left = new_run(insns), *right = new_run(insns);
	struct an_question question = { "total", 0.5, insns ? 0.001 : 0.02, NULL };
	struct an_comparison c;
	struct an_pair pair;

	for (size_t i = 0; i < boots_a; i++)
		add_total(left, 1, (unsigned int)i, a[i]);
	for (size_t i = 0; i < boots_b; i++)
		add_total(right, 1, (unsigned int)i, b[i]);
	if (floor_a >= 0)
		an_point_add_floor(batch_point(left, 1), "total", floor_a);
	if (floor_b >= 0)
		an_point_add_floor(batch_point(right, 1), "total", floor_b);
	assert_int_equal(an_compare(left, right, &question, &c), MB_OK);
	assert_int_equal(c.count, 1);
	pair = c.pairs[0];
	an_compare_free(&c);
	an_run_free(left);
	an_run_free(right);
	return pair;
}

static void instruction_clock(void **state)
{
	static const struct {
		double a, b;
		enum an_verdict verdict;
	} cases[] = {
		{ 1000, 1000, AN_EQUIVALENT }, { 1000, 1001, AN_EQUIVALENT }, /* the border */
		{ 1000, 999, AN_EQUIVALENT },  { 1000, 1001.1, AN_SLOWER },
		{ 1000, 998.9, AN_FASTER },    { 1000, 1100, AN_SLOWER },
		{ 3, 4, AN_SLOWER },	       { 0, 0, AN_EQUIVALENT },
		{ 0, 5, AN_SLOWER },	       { 5, 0, AN_FASTER },
		{ 1e300, 1e-300, AN_FASTER },  { 1e-300, 1e300, AN_SLOWER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct an_pair pair = compare_one(true, &cases[i].a, 1, &cases[i].b, 1, -1, -1);

		if (pair.verdict != cases[i].verdict)
			fail_msg("%g against %g: %s", cases[i].b, cases[i].a,
				 an_verdict_names[pair.verdict]);
		assert_true(isnan(pair.p) && isnan(pair.adjusted) && isnan(pair.floor));
		assert_false(isinf(pair.ratio) || isinf(pair.low) || isinf(pair.high));
		if (!isnan(pair.ratio)) {
			assert_float_equal(pair.low, pair.ratio, 0);
			assert_float_equal(pair.high, pair.ratio, 0);
		}
	}
}

/* What is met to the digit is met, whatever its logarithm was rounded to. */
static void borders_are_included(void **state)
{
	(void)state;
	for (int n = 1; n < 3000; n++) {
		double base = n * 1000, above = n * 1001, below = n * 999, tenth = n * 1100;

		assert_int_equal(compare_one(true, &base, 1, &above, 1, -1, -1).verdict,
				 AN_EQUIVALENT);
		assert_int_equal(compare_one(true, &base, 1, &below, 1, -1, -1).verdict,
				 AN_EQUIVALENT);
		assert_int_equal(compare_one(true, &base, 1, &tenth, 1, 0.1, -1).verdict,
				 AN_INCONCLUSIVE);
	}
}

/* Under insns boots that differ are a doubt of their own, except against the very same boots. */
static void instruction_boots_differ(void **state)
{
	const double a[] = { 1000, 1030 }, up[] = { 1100, 1133 }, near[] = { 1020, 1050 };
	const double around[] = { 1001, 1029 };

	(void)state;
	assert_int_equal(compare_one(true, a, 2, a, 2, -1, -1).verdict, AN_EQUIVALENT);
	assert_int_equal(compare_one(true, a, 2, up, 2, -1, -1).verdict, AN_SLOWER);
	assert_int_equal(compare_one(true, a, 2, near, 2, -1, -1).verdict, AN_INCONCLUSIVE);
	assert_int_equal(compare_one(true, a, 2, around, 2, -1, -1).verdict, AN_INCONCLUSIVE);
}

static void time_clock(void **state)
{
	const double one[] = { 1000 }, tight[] = { 999, 1000, 1001, 1000, 1000 };
	const double loose[] = { 900, 1000, 1100, 1050, 950 }, zero[] = { 0, 0, 0 };
	const double some[] = { 0, 1, 2 };
	double up[5], near[5], loose_up[5];
	struct an_pair pair;

	(void)state;
	for (int i = 0; i < 5; i++) {
		up[i] = tight[i] * 1.05;
		near[i] = tight[i] * 1.004;
		loose_up[i] = loose[i] * 1.05;
	}
	/* One boot a side: never an answer, not even against itself. */
	pair = compare_one(false, one, 1, up, 1, -1, -1);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_int_equal(pair.boots, AN_BOOTS_START);
	assert_float_equal(pair.ratio, 1.04895, 1e-9);
	assert_true(isnan(pair.low) && isnan(pair.p));
	assert_int_equal(compare_one(false, one, 1, one, 1, -1, -1).verdict, AN_INCONCLUSIVE);
	pair = compare_one(false, one, 1, up, 5, -1, -1);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_in_range(pair.boots, 2, 5);

	pair = compare_one(false, tight, 5, up, 5, -1, -1);
	assert_int_equal(pair.verdict, AN_SLOWER);
	assert_float_equal(pair.ratio, 1.05, 1e-12);
	assert_float_equal(pair.b.location / pair.a.location, pair.ratio, 1e-12);
	assert_true(pair.low < 1.05 && pair.high > 1.05 && pair.p < 1e-6);
	assert_int_equal(compare_one(false, up, 5, tight, 5, -1, -1).verdict, AN_FASTER);
	/* A change inside the margin is none, however sure it is. */
	pair = compare_one(false, tight, 5, near, 5, -1, -1);
	assert_int_equal(pair.verdict, AN_EQUIVALENT);
	assert_true(pair.adjusted < 0.05);
	/* The larger floor of both sides holds, and equality is not beyond it. */
	pair = compare_one(false, tight, 5, up, 5, 0.01, 0.06);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_float_equal(pair.floor, 0.06, 0);
	assert_int_equal(pair.boots, 0);
	assert_int_equal(compare_one(false, tight, 5, up, 5, 0.04, -1).verdict, AN_SLOWER);
	assert_int_equal(compare_one(false, tight, 5, near, 5, 0.06, 0.06).verdict, AN_EQUIVALENT);
	/* Too loose to tell: a number of boots that would. */
	pair = compare_one(false, loose, 5, loose_up, 5, -1, -1);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_in_range(pair.boots, 20, 200);
	pair = compare_one(false, loose, 5, loose, 5, -1, -1);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_float_equal(pair.adjusted, 1, 0);
	/* Zeros have no ratio, unless there is nothing on both sides. */
	assert_int_equal(compare_one(false, zero, 3, zero, 3, -1, -1).verdict, AN_EQUIVALENT);
	pair = compare_one(false, zero, 3, some, 3, -1, -1);
	assert_int_equal(pair.verdict, AN_INCONCLUSIVE);
	assert_true(isnan(pair.ratio) && *pair.note);
	assert_int_equal(compare_one(false, some, 3, some, 3, -1, -1).verdict, AN_INCONCLUSIVE);
}

static void nothing_infinite(void **state)
{
	static const double odd[] = { 0, 5e-324, 1e-300, 1, 1e15, 1e300, 1.7e308 };
	const size_t count = sizeof(odd) / sizeof(odd[0]);

	(void)state;
	for (int insns = 0; insns < 2; insns++)
		for (size_t i = 0; i < count * count * count * count; i++) {
			const double a[] = { odd[i % count], odd[i / count % count] };
			const double b[] = { odd[i / count / count % count],
					     odd[i / count / count / count] };
			struct an_pair pair = compare_one(insns, a, 2, b, 2, -1, -1);

			assert_false(isinf(pair.ratio) || isinf(pair.low) || isinf(pair.high));
			assert_true(isfinite(pair.a.location) && isfinite(pair.b.location));
			assert_true(isnan(pair.low) == isnan(pair.high));
			assert_true(isnan(pair.adjusted) ||
				    (pair.adjusted >= 0 && pair.adjusted <= 1));
		}
}

/* With the number of boots asked for, eight of ten such points are decided. */
static void boots_needed_are_enough(void **state)
{
	const struct an_border border = { log1p(-0.02), log1p(0.02), 0 };
	static const double shifts[] = { 0, 0.01, 0.03, 0.06 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	for (int s = 0; s < 4; s++) {
		double sd = 0.02;
		size_t boots = an_boots_needed(shifts[s], sd * sd, sd * sd, &border, 1);
		int decided = 0, wrong = 0;

		assert_in_range(boots, 3, 200);
		for (int i = 0; i < 1000; i++) {
			double a[200], b[200];
			struct an_sample x, y;
			struct an_welch w;

			for (size_t k = 0; k < boots; k++) {
				a[k] = exp(gsl_ran_gaussian(rng, sd));
				b[k] = exp(shifts[s] + gsl_ran_gaussian(rng, sd));
			}
			x = an_sample_of(a, boots);
			y = an_sample_of(b, boots);
			w = an_welch(&x, &y);
			if (w.low >= border.low && w.high <= border.high)
				decided++;
			else if (w.p < AN_ALPHA)
				decided++, wrong += shifts[s] == 0;
		}
		/* At 1 % two answers are right, and either will do. */
		if (decided < 700 || (decided > 960 && s != 1) || wrong > 60)
			fail_msg("shift %g, %zu boots: %d of 1000 decided, %d wrongly", shifts[s],
				 boots, decided, wrong);
	}
	gsl_rng_free(rng);
	assert_int_equal(an_boots_needed(0.0199, 4, 4, &border, 1), 0);
}

/* The correction does what it says over very many points. */
static void many_points(void **state)
{
	struct an_run *a = new_run(false), *b = new_run(false);
	struct an_question question = { "total", 0.5, 0.02, NULL };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct an_comparison c;

	(void)state;
	for (int p = 1; p <= 20000; p++)
		for (unsigned int boot = 0; boot < 3; boot++) {
			add_total(a, p, boot, 1000 * exp(gsl_ran_gaussian(rng, 0.05)));
			add_total(b, p, boot, 1000 * exp(gsl_ran_gaussian(rng, 0.05)));
		}
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	assert_int_equal(c.count, 20000);
	/* Without the correction some 900 would be called. */
	assert_true(c.verdicts[AN_SLOWER] + c.verdicts[AN_FASTER] <= 5);
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
	gsl_rng_free(rng);
}

static void one_sided_points(void **state)
{
	struct an_run *a = new_run(false), *b = new_run(false);
	struct an_question question = { "total", 0.5, 0.02, NULL };
	const double setup = 1;
	struct an_comparison c;

	(void)state;
	add_total(a, 1, 0, 1);
	add_total(b, 1, 0, 1);
	add_total(a, 2, 0, 1);
	add_total(b, 3, 0, 1);
	an_point_add_skip(batch_point(b, 2), 0, "no memory");
	an_point_add_skip(batch_point(a, 4), 0, "no node");
	an_point_add_skip(batch_point(b, 4), 0, "no node");
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.lonely_count, 3);
	assert_string_equal(c.lonely[0].point->name, "migrate/batch=2,direction=to-device");
	assert_string_equal(c.lonely[0].why, "no memory");
	assert_true(c.lonely[0].in_a && !c.lonely[0].in_b);
	assert_true(!c.lonely[1].in_a && !c.lonely[1].in_b);
	assert_string_equal(c.lonely[2].point->name, "migrate/batch=3,direction=to-device");
	assert_true(c.lonely[2].in_b && !c.lonely[2].in_a);
	an_compare_free(&c);
	/* A metric that only some points have is asked of these only. */
	add_values(a, 1, 0, "setup", &setup, 1);
	add_values(b, 1, 0, "setup", &setup, 1);
	question.metric = "setup";
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.lonely_count, 2);
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
}

static void a_quantile(void **state)
{
	struct an_run *a = new_run(true), *b = new_run(true);
	struct an_question question = { "total", 0.99, 0.001, NULL };
	double values[101];
	struct an_comparison c;

	(void)state;
	for (int i = 0; i <= 100; i++)
		values[i] = 100 - i;
	add_values(a, 1, 0, "total", values, 101);
	values[0] = 1e6; /* one outlier is not the 99th percentile of 101 */
	add_values(b, 1, 0, "total", values, 101);
	an_point_add_floor(batch_point(a, 1), "total", 0.5);
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	assert_float_equal(c.pairs[0].a.location, 99, 1e-9);
	assert_int_equal(c.pairs[0].verdict, AN_EQUIVALENT);
	assert_true(isnan(c.pairs[0].floor)); /* the floor is of the median */
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(welch_agrees_with_integration),
		cmocka_unit_test(no_variance),
		cmocka_unit_test(benjamini_hochberg),
		cmocka_unit_test(instruction_clock),
		cmocka_unit_test(borders_are_included),
		cmocka_unit_test(instruction_boots_differ),
		cmocka_unit_test(time_clock),
		cmocka_unit_test(nothing_infinite),
		cmocka_unit_test(boots_needed_are_enough),
		cmocka_unit_test(many_points),
		cmocka_unit_test(one_sided_points),
		cmocka_unit_test(a_quantile),
	};

	gsl_set_error_handler_off();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
