// SPDX-License-Identifier: GPL-2.0-or-later
/* Blocks and the stopping rule, on a benchmark whose truth is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "bench/block.h"
#include "bench/journey.h"
#include "bench/record.h"
#include "core/quantile.h"

/* The interval of the median must cover the truth about 95 times of 100. */
static void median_interval_covers(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	static const size_t sizes[] = { 6, 15, 50 };

	(void)state;
	gsl_rng_set(rng, 1);
	for (size_t s = 0; s < 3; s++) {
		int covered = 0;

		for (int repeat = 0; repeat < 2000; repeat++) {
			double values[50], low, high;

			for (size_t i = 0; i < sizes[s]; i++)
				values[i] = gsl_ran_lognormal(rng, 0, 1);
			mb_sort(values, sizes[s]);
			assert_true(mb_median_interval(values, sizes[s], &low, &high));
			covered += low <= 1 && 1 <= high;
		}
		assert_in_range(covered, 1890, 1990);
	}
	gsl_rng_free(rng);
}

static void few_values_have_no_interval(void **state)
{
	double values[] = { 1, 2, 3, 4, 5 }, low, high;

	(void)state;
	assert_false(mb_median_interval(values, 5, &low, &high));
	assert_true(low == 1 && high == 5);
	assert_false(mb_on_target(values, 5, 1000));
	assert_false(mb_on_target(values, 0, 1000));
}

static void target_is_a_share_of_the_median(void **state)
{
	double values[100];

	(void)state;
	for (int i = 0; i < 100; i++)
		values[i] = 1000 + i;
	/* The interval of 100 values spans about 20 ranks: ± 1 % of 1050. */
	assert_true(mb_on_target(values, 100, 12));
	assert_false(mb_on_target(values, 100, 8));
}

/* A benchmark that gives 7, 7, … and calls every third sample invalid. */
static int calls;
static bool refuses;

static const struct mb_param params[] = { { 0 } };
static const char *const metrics[] = { "total", "half", NULL };

struct state {
	int prepared, finished;
	char *text;
};

static unsigned long pages(const struct mb_point *point)
{
	(void)point;
	return 4;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	(void)session;
	(void)point;
	/* Whatever the last block left there: this one starts from zero. */
	assert_int_equal(state->prepared, 0);
	assert_null(state->text);
	state->prepared = 1;
	state->text = strdup("the block's own");
	if (!refuses)
		return true;
	strcpy(why, "refused");
	return false;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	const struct mb_counts whole = { 4, 4, 4 }, part = { 4, 4, 3 };
	struct state *state = user;
	double values[] = { 7, NAN };

	assert_int_equal(state->prepared, 1);
	(void)why;
	if (++calls % 3)
		mb_block_add(block, values, &whole);
	else
		mb_block_invalid(block, &part);
	return true;
}

static int finished;

static void finish(void *user)
{
	struct state *state = user;

	assert_int_equal(state->prepared, 1);
	free(state->text);
	finished++;
}

static const struct mb_case fake = { .name = "fake",
				     .params = params,
				     .metrics = metrics,
				     .state = sizeof(struct state),
				     .migrates = true,
				     .pages_of = pages,
				     .prepare = prepare,
				     .sample = sample,
				     .finish = finish };

static void invalid_samples_are_counted_and_left_out(void **state)
{
	struct mb_session session = { .clock = MB_TIME };
	struct mb_suite suite = { .rounds = 1, .samples = 12, .target = 10, .point_time = 60000 };
	struct mb_point point = { .benchmark = &fake, .name = NULL };
	struct mb_recorder recorder = { .path = "memory" };
	struct mb_block block;
	char why[MB_WHY], *text;
	size_t size;

	(void)state;
	calls = finished = 0;
	refuses = false;
	assert_true(mb_block_measure(&block, &session, &suite, &point, why));
	assert_int_equal(finished, 1);
	/* All values alike: on target at the least number of samples. */
	assert_int_equal(calls, 12);
	assert_int_equal(block.count, 8);
	assert_int_equal(block.invalid, 4);
	assert_non_null(block.disturbed);
	assert_true(block.disturbed_count <= 8);

	/* Which of them were disturbed depends on the machine. */
	free(block.disturbed);
	block.disturbed = calloc(2, sizeof(*block.disturbed));
	assert_non_null(block.disturbed);
	block.disturbed[0] = 2;
	block.disturbed[1] = 5;
	block.disturbed_count = 2;
	recorder.out = open_memstream(&text, &size);
	mb_record_block(&recorder, &block, MB_INSNS, 3, "count");
	fclose(recorder.out);
	assert_string_equal(
		text, "{\"type\":\"block\",\"point\":0,\"boot\":0,\"round\":3,\"pages\":4,"
		      "\"requested\":4,\"collected\":4,\"migrated\":4,\"invalid\":4,"
		      "\"disturbed\":[2,5],\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":"
		      "[7,7,7,7,7,7,7,7]}},\"stopped\":\"count\"}\n");
	free(text);
	mb_block_free(&block);
}

static void a_point_that_cannot_start_says_why(void **state)
{
	struct mb_session session = { .clock = MB_TIME };
	struct mb_suite suite = { .rounds = 1, .samples = 1, .target = 10, .point_time = 1 };
	struct mb_point point = { .benchmark = &fake, .name = NULL };
	struct mb_block block;
	char why[MB_WHY] = "";

	(void)state;
	refuses = true;
	finished = 0;
	assert_false(mb_block_measure(&block, &session, &suite, &point, why));
	assert_string_equal(why, "refused");
	/* What prepare had got before it failed is given back. */
	assert_int_equal(finished, 1);
	mb_block_free(&block);
}

static bool prepare_nothing(void *user, struct mb_session *session, const struct mb_point *point,
			    char why[MB_WHY])
{
	(void)user;
	(void)session;
	(void)point;
	(void)why;
	return true;
}

static bool sample_nothing(void *user, struct mb_block *block, char why[MB_WHY])
{
	double value = 1;

	(void)user;
	(void)why;
	mb_block_add(block, &value, NULL);
	return true;
}

/* Where any number of pages is a result, that of the last sample is not all samples'. */
static void counts_that_differ_are_known_to(void **state)
{
	static const struct mb_case plain = { .name = "plain", .metrics = mb_total };
	const struct mb_point point = { .benchmark = &plain };
	const struct mb_counts whole = { 4, 4, 4 }, none = { 4, 0, 0 };
	struct mb_block block = { .point = &point, .metrics = 1 };
	double value = 1;

	(void)state;
	mb_block_add(&block, &value, &none);
	mb_block_add(&block, &value, &none);
	assert_false(block.uneven);
	mb_block_add(&block, &value, &whole);
	assert_true(block.uneven);
	mb_block_add(&block, &value, &whole);
	assert_true(block.uneven);
	mb_block_free(&block);
}

/* The least that a benchmark may say of itself. */
static void what_is_left_out_has_a_default(void **state)
{
	static const char *const pages_words[] = { MB_PAGE_WORDS, NULL };
	static const struct mb_param with_page[] = {
		{ .name = "page", .kind = MB_WORD, .words = pages_words },
		{ .name = "many", .kind = MB_NUMBER },
		{ 0 },
	};
	static const struct mb_case least = {
		.name = "least",
		.params = params,
		.metrics = mb_total,
		.prepare = prepare_nothing,
		.sample = sample_nothing,
	};
	static const struct mb_case sized = { .name = "sized",
					      .params = with_page,
					      .pages = "many" };
	struct mb_session session = { .clock = MB_TIME };
	struct mb_suite suite = { .rounds = 1, .samples = 6, .target = 10, .point_time = 60000 };
	struct mb_point point = { .benchmark = &least };
	struct mb_point large = { .benchmark = &sized,
				  .values = { { .text = "2m" }, { .number = 8 } } };
	struct mb_block block;
	char why[MB_WHY] = "";

	(void)state;
	assert_true(mb_point_can(&session, &point, why));
	assert_int_equal(mb_pages(&point), 1);
	assert_true(mb_block_measure(&block, &session, &suite, &point, why));
	assert_int_equal(block.count, 6);
	mb_block_free(&block);

	assert_int_equal(mb_pages(&large), 8);
	assert_false(mb_point_can(&session, &large, why));
	assert_string_equal(why, "a batch of 8 base pages is no whole number of 2m pages");
	large.values[1].number = 1024;
	assert_true(mb_point_can(&session, &large, why));
}

static void ticks_become_the_unit(void **state)
{
	(void)state;
	assert_true(mb_clock_ticks(MB_INSNS, 1234567, 2500000) == 1234567);
	assert_true(mb_clock_ticks(MB_TIME, 2500, 2500000) == 1000);
	/* Eighths of a ns. */
	assert_true(mb_clock_ticks(MB_TIME, 1, 3000000) == 0.375);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_interval_covers),
		cmocka_unit_test(few_values_have_no_interval),
		cmocka_unit_test(target_is_a_share_of_the_median),
		cmocka_unit_test(invalid_samples_are_counted_and_left_out),
		cmocka_unit_test(a_point_that_cannot_start_says_why),
		cmocka_unit_test(counts_that_differ_are_known_to),
		cmocka_unit_test(what_is_left_out_has_a_default),
		cmocka_unit_test(ticks_become_the_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
