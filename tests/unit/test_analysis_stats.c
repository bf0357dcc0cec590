// SPDX-License-Identifier: GPL-2.0-or-later
/* Statistics on synthetic runs whose truth is known. */
#include <math.h>

#include "tests/unit/test_analysis_synthetic.h"

#include <gsl/gsl_cdf.h>

#include "analysis/base/text.h"
#include "analysis/select/series.h"
#include "core/quantile.h"

static char file[] = "/tmp/migbench-test-XXXXXX";

static void numbers(void **state)
{
	(void)state;
	assert_string_equal(an_number(1234567.4), "1,234,567");
	assert_string_equal(an_number(999.6), "1,000");
	assert_string_equal(an_number(99.96), "100");
	assert_string_equal(an_number(12.34), "12.3");
	assert_string_equal(an_number(1.234), "1.23");
	assert_string_equal(an_number(-0.0001), "0.00");
	assert_string_equal(an_number(-1234.0), "-1,234");
	assert_string_equal(an_number(7), "7");
	assert_string_equal(an_count(512), "512");
	assert_string_equal(an_percent(0.05), "5 %");
	assert_string_equal(an_percent(0.123), "12 %");
	assert_string_equal(an_percent(0.00022), "0.022 %");
	assert_string_equal(an_percent(0.001), "0.1 %");
	assert_string_equal(an_percent(0.0702), "7.0 %");
}

static void fit_recovers_the_line(void **state)
{
	double pages[6] = { 1, 4, 16, 64, 256, 1024 }, totals[6];
	struct an_fit fit;

	(void)state;
	for (int i = 0; i < 6; i++)
		totals[i] = 12345 + 678 * pages[i];
	assert_true(an_fit(pages, totals, 6, &fit));
	assert_float_equal(fit.fixed, 12345, 1e-6);
	assert_float_equal(fit.per_page, 678, 1e-8);
	assert_true(fit.worst < 1e-12 && fit.fixed_error < 1e-3);
	/* Relative noise of 1 %: found again within 2 %, and the errors say so. */
	for (int i = 0; i < 6; i++)
		totals[i] *= i % 2 ? 1.01 : 0.99;
	assert_true(an_fit(pages, totals, 6, &fit));
	assert_float_equal(fit.fixed, 12345, 250);
	assert_float_equal(fit.per_page, 678, 14);
	assert_true(fit.fixed_error > 20 && fit.fixed_error < 300);
	assert_true(fit.worst > 0.005 && fit.worst < 0.03);
	assert_false(an_fit(pages, totals, 2, &fit));
	pages[1] = pages[2] = pages[0];
	assert_false(an_fit(pages, totals, 3, &fit));
}

static void summaries(void **state)
{
	struct truth truth = plain;
	struct an_run *run;
	const struct an_point *p;
	const struct an_summary *s;

	(void)state;
	truth.boots = 3;
	truth.boot_shift = 10;
	run = run_of(file, &truth);
	p = an_run_point(run,
			 "migrate/batch=4,direction=to-device,memory=private,nodes=0>1,page=4k");
	assert_non_null(p);
	s = an_summary(p, "total");
	assert_float_equal(s->median, 22010, 0); /* of 22000, 22010, 22020 */
	assert_float_equal(s->boot_low, 22000, 0);
	assert_float_equal(s->boot_high, 22020, 0);
	assert_float_equal(s->min, 21996, 0);
	assert_float_equal(s->max, 22024, 0);
	/* Nine samples: the second and the eighth are the 95 % interval. */
	assert_true(s->covered);
	assert_float_equal(s->low, 21997, 0);
	assert_float_equal(s->high, 22023, 0);
	assert_float_equal(an_per_page(p, "total"), 22010 / 4.0, 1e-9);
	assert_float_equal(an_rest(p), 22010 - 22010 / 2.0 - 514 * 4, 1e-6);
	assert_float_equal(an_share(p, "setup") + an_share(p, "copy") + an_share(p, AN_REST), 1,
			   1e-12);
	assert_int_equal(an_overfull(p), 0);
	assert_null(an_summary(p, "none"));
	an_run_free(run);
}

/* The 99.9th percentile needs a thousand samples in each boot. */
static void far_tail(void **state)
{
	(void)state;
	for (int count = 999; count <= 1000; count++) {
		struct an_run *run = an_run_new();
		json_t *none = json_object();
		struct an_point *point = an_run_add_point(run, mb_strdup("b"), "b", none, NULL);
		struct an_metric *metric = an_point_add_metric(point, "total", "ns");

		json_decref(none);
		point->pages = 1;
		for (int i = 1; i <= count; i++)
			an_column_add(an_metric_column(metric, 0), i);
		an_summarise(run);
		if (count < 1000)
			assert_true(isnan(an_summary(point, "total")->p999));
		else
			assert_float_equal(an_summary(point, "total")->p999, 999, 0.01);
		an_run_free(run);
	}
}

/* Boots that differ much: the rest is what it is in each sample, not a difference of medians. */
static void rest_is_paired(void **state)
{
	struct truth truth = plain;
	struct an_run *run;
	const struct an_point *p;

	(void)state;
	truth.boots = 2;
	truth.copy = 20000; /* more than is left beside setup: the phases are too long */
	run = run_of(file, &truth);
	p = an_run_point(run, "fault/access=read,memory=private,nodes=0>1,page=4k");
	assert_non_null(p);
	assert_int_equal(an_overfull(p), 18);
	assert_float_equal(an_rest(p), 0, 0);
	assert_float_equal(an_share(p, "copy"), 20000 / 23300.0, 1e-9);
	an_run_free(run);
}

static void families(void **state)
{
	struct an_run *run = run_of(file, &plain);
	size_t count;
	struct an_family *f = an_families(run, &count);
	struct an_fit fit;

	(void)state;
	assert_int_equal(count, 1);
	assert_int_equal(f->series[AN_TO_DEVICE].count, BATCHES);
	assert_int_equal(f->series[AN_ROUND_TRIP].count, 0);
	assert_int_equal(f->series[AN_COPY].count, BATCHES);
	for (size_t i = 0; i < BATCHES; i++) {
		assert_int_equal(an_batch(f->series[AN_TO_DEVICE].points[i]), 1ul << i);
		assert_float_equal(an_per_page(f->series[AN_COPY].points[i], "total"), 514, 1e-9);
	}
	assert_true(an_series_fit(&f->series[AN_TO_DEVICE], &fit));
	assert_float_equal(fit.fixed, 10000, 1e-6);
	assert_float_equal(fit.per_page, 3000, 1e-6);
	/* 3000 + 10000/n is within 5 % of its value at 128 from n = 45.7 on. */
	assert_int_equal(an_batch(an_knee(&f->series[AN_TO_DEVICE], 0.05)), 64);
	assert_non_null(an_family_fault(f));
	an_families_free(f, count);
	an_run_free(run);
}

static void identity(void **state)
{
	struct truth truth = plain;
	struct an_run *run = run_of(file, &truth);
	struct an_identity id = an_identity(run);
	struct an_metric *metric, *total;
	size_t boots;

	(void)state;
	assert_int_equal(id.points, 3 * BATCHES + 1);
	assert_int_equal(id.identical, id.points);
	assert_null(id.different);
	/* The smallest difference in one sample of one phase is one. */
	metric = an_point_metric(&run->points[4], "setup");
	metric->columns[1].values[3] = nextafter(metric->columns[1].values[3], INFINITY);
	id = an_identity(run);
	assert_int_equal(id.identical, id.points - 1);
	assert_ptr_equal(id.different, &run->points[4]);
	assert_string_equal(id.metric, "setup");
	/* Nor is a boot that lacks a metric, or a point, like the others, unless nobody says that it was all. */
	metric = an_point_metric(&run->points[2], "setup");
	metric->count--;
	total = an_point_metric(&run->points[1], "total");
	boots = total->count;
	total->count = 1;
	id = an_identity(run);
	assert_int_equal(id.identical, id.points - 3);
	assert_ptr_equal(id.different, &run->points[1]);
	assert_string_equal(id.metric, "total");
	run->ended = false;
	id = an_identity(run);
	assert_int_equal(id.points, 3 * BATCHES);
	assert_ptr_equal(id.different, &run->points[2]);
	/* What is left out is to be freed. */
	metric->count++;
	total->count = boots;
	an_run_free(run);

	truth.boots = 1;
	run = run_of(file, &truth);
	assert_int_equal(an_identity(run).points, 0);
	an_run_free(run);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Random, ties, ascending, descending, all equal, organ pipes: as qsort(3) sorts them. */
static void sorting(void **state)
{
	enum { MOST = 3000 };
	static double mine[MOST], theirs[MOST];

	(void)state;
	srand(3);
	for (int turn = 0; turn < 600; turn++) {
		size_t count = turn < 100 ? (size_t)turn : (size_t)(rand() % MOST) + 1;

		for (size_t i = 0; i < count; i++) {
			double pattern[] = { rand(),
					     rand() % 3,
					     (double)i,
					     -(double)i,
					     7,
					     (double)(i < count / 2 ? i : count - i),
					     (double)(i % 2 ? i : count) };

			mine[i] = theirs[i] = pattern[turn % 7];
		}
		mb_sort(mine, count);
		qsort(theirs, count, sizeof(*theirs), by_value);
		assert_memory_equal(mine, theirs, count * sizeof(*mine));
	}
}

/* The ranks are the definition's: the largest r with P(Binomial(n, 1/2) < r) <= 2.5 %. */
static void median_interval(void **state)
{
	static double values[2000];

	(void)state;
	for (int i = 0; i < 2000; i++)
		values[i] = i;
	for (unsigned int n = 1; n <= 2000; n++) {
		unsigned int rank = 0;
		double low, high;

		while (rank < n / 2 && gsl_cdf_binomial_P(rank, 0.5, n) <= 0.025)
			rank++;
		assert_int_equal(mb_median_interval(values, n, &low, &high), rank > 0);
		assert_float_equal(low, rank ? rank - 1 : 0, 0);
		assert_float_equal(high, rank ? n - rank : n - 1, 0);
	}
}

static int make_file(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),	   cmocka_unit_test(fit_recovers_the_line),
		cmocka_unit_test(far_tail),	   cmocka_unit_test(summaries),
		cmocka_unit_test(families),	   cmocka_unit_test(identity),
		cmocka_unit_test(rest_is_paired),  cmocka_unit_test(sorting),
		cmocka_unit_test(median_interval),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
