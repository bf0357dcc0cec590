// SPDX-License-Identifier: GPL-2.0-or-later
/* The pivot: which points stand in one slice, where, and which slice is picked of several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/base/text.h"
#include "analysis/select/axes.h"
#include "analysis/select/pivot.h"
#include "core/record/record.h"

/* Give @run a point of 8 pages that costs @total. */
static void add(struct an_run *run, const char *benchmark, const char *params, double total)
{
	json_t *object = json_loads(params, 0, NULL);
	struct an_point *point;

	assert_non_null(object);
	point = an_run_add_point(run, mb_point_name(benchmark, object), benchmark, object, NULL);
	json_decref(object);
	point->pages = 8;
	an_column_add(an_metric_column(an_point_add_metric(point, "total", "insns"), 0), total);
}

static struct an_run *run_of(const char *kernel)
{
	struct an_run *run = an_run_new();

	run->insns = true;
	run->boots = 1;
	free(run->kernel);
	run->kernel = mb_strdup(kernel);
	return run;
}

static void values(const struct an_axis *axis, const char *expected)
{
	char *text = mb_strdup("");

	for (size_t i = 0; i < axis->count; i++)
		an_extend(&text, "%s%s", i ? " " : "", axis->values[i]);
	assert_string_equal(text, expected);
	free(text);
}

static void points_that_differ_in_the_axes_share_a_slice(void **state)
{
	const struct an_pivot by = { "lift", .panels = "door", .rows = "floor", .cols = "load",
				     .metric = "total/page" };
	struct an_run *run = run_of("6.1");
	struct an_slice *slices;
	size_t count;

	(void)state;
	add(run, "lift", "{\"floor\":10,\"load\":\"heavy\",\"door\":\"open\",\"rope\":1}", 80);
	add(run, "lift", "{\"floor\":2,\"load\":\"light\",\"door\":\"open\",\"rope\":1}", 16);
	add(run, "lift", "{\"floor\":2,\"load\":\"heavy\",\"door\":\"ajar\",\"rope\":1}", 24);
	add(run, "lift", "{\"floor\":2,\"load\":\"heavy\",\"door\":\"open\",\"rope\":2}", 32);
	add(run, "other", "{\"floor\":2,\"load\":\"heavy\",\"door\":\"open\",\"rope\":2}", 40);
	an_summarise(run);
	slices = an_pivot_run(&by, run, &count);
	assert_int_equal(count, 2);
	values(&slices[0].rows, "2 10"); /* as numbers */
	values(&slices[0].cols, "heavy light"); /* as they came */
	values(&slices[0].panels, "ajar open"); /* by alphabet */
	assert_int_equal(slices[0].count, 3);
	assert_true(an_cell(&slices[0], 1, 1, 0)->value == 10);
	assert_null(an_cell_of(&slices[0], "ajar", "10", "heavy"));
	assert_ptr_equal(an_cell_of(&slices[0], "open", "2", "light"), &run->points[1]);
	assert_null(an_cell_of(&slices[0], "open", "3", "light"));
	assert_int_equal(slices[1].count, 1);
	assert_int_equal(json_integer_value(json_object_get(slices[1].rest, "rope")), 2);
	an_slices_free(slices, count);
	an_run_free(run);
}

static void what_a_name_leaves_out_is_an_axis(void **state)
{
	const struct an_pivot by = { "lift", .rows = "floor", .cols = "crowd" };
	struct an_run *run = run_of("6.1");
	struct an_slice *slices;
	size_t count;

	(void)state;
	add(run, "lift", "{\"floor\":1}", 8);
	run->points[0].neutral = json_pack("{s:i}", "crowd", 0);
	add(run, "lift", "{\"floor\":1,\"crowd\":3}", 16);
	an_summarise(run);
	slices = an_pivot_run(&by, run, &count);
	assert_int_equal(count, 1);
	values(&slices[0].cols, "0 3");
	assert_ptr_equal(an_cell_of(&slices[0], "", "1", "0"), &run->points[0]);
	an_slices_free(slices, count);
	an_run_free(run);
}

static void company_joins_where_nothing_contradicts(void **state)
{
	const struct an_pivot by = { "go+stay/look", .cols = "way" };
	struct an_run *run = run_of("6.1");
	struct an_slice *slices;
	size_t count;

	(void)state;
	add(run, "go", "{\"way\":\"there\",\"size\":\"s\",\"state\":\"x\"}", 8);
	add(run, "stay", "{\"size\":\"s\"}", 8);
	add(run, "stay", "{\"size\":\"l\"}", 8);
	add(run, "look", "{\"size\":\"s\"}", 8);
	add(run, "look", "{\"size\":\"m\"}", 8);
	an_summarise(run);
	slices = an_pivot_run(&by, run, &count);
	/* What stays makes a slice of its own; what only looks does not. */
	assert_int_equal(count, 2);
	values(&slices[0].cols, "there stay look");
	values(&slices[1].cols, "stay");
	assert_string_equal(an_slice_param(&slices[1], "size"), "l");
	an_slices_free(slices, count);
	an_run_free(run);
}

static void kernels_are_columns(void **state)
{
	const struct an_pivot by = { "go", .rows = "way", .cols = "kernel" };
	struct an_run *runs[] = { run_of("7.2"), run_of("6.1"), run_of("7.2") };
	struct an_slice *slices;
	size_t count;

	(void)state;
	for (int i = 0; i < 3; i++) {
		for (int batch = 1; batch <= 4; batch++) {
			char *params = mb_format("{\"way\":\"there\",\"batch\":%d}", batch);

			/* 6.1 was not measured with the largest batch. */
			if (i != 1 || batch < 4)
				add(runs[i], "go", params, 8 * (i + batch));
			free(params);
		}
		an_summarise(runs[i]);
	}
	slices = an_pivot(&by, (const struct an_run *const *)runs, 3, &count);
	assert_int_equal(count, 4);
	values(&slices[0].cols, "7.2 6.1");
	/* Of two runs of a kernel the first speaks. */
	assert_ptr_equal(an_cell(&slices[0], 0, 0, 0)->run, runs[0]);
	an_slices_pick(slices, &count, "batch", 512, true);
	assert_int_equal(count, 1);
	assert_int_equal(json_integer_value(json_object_get(slices[0].rest, "batch")), 3);
	an_slices_free(slices, count);
	slices = an_pivot(&by, (const struct an_run *const *)runs, 3, &count);
	an_slices_pick(slices, &count, "batch", 2, true);
	assert_int_equal(json_integer_value(json_object_get(slices[0].rest, "batch")), 2);
	an_slices_free(slices, count);
	for (int i = 0; i < 3; i++)
		an_run_free(runs[i]);
}

static void both_ends_have_all_nodes(void **state)
{
	const struct an_pivot by = { "go", .rows = "from", .cols = "to" };
	struct an_run *run = run_of("6.1");
	struct an_slice *slices;
	size_t count;

	(void)state;
	add(run, "go", "{\"nodes\":\"2>10\",\"mode\":\"on\"}", 8);
	add(run, "go", "{\"nodes\":\"0>2\",\"mode\":\"on\"}", 8);
	add(run, "go", "{\"nodes\":\"0>2\",\"mode\":\"off\"}", 8);
	an_summarise(run);
	slices = an_pivot_run(&by, run, &count);
	assert_int_equal(count, 2);
	values(&slices[0].rows, "0 2 10");
	values(&slices[0].cols, "0 2 10");
	assert_ptr_equal(an_slice_like(slices, count, &slices[0], "mode", "off"), &slices[1]);
	an_slices_free(slices, count);
	an_run_free(run);
}

static void axes_that_nothing_is_made_for(void **state)
{
	struct an_run *run = run_of("6.1");
	struct an_pivot *pivots;
	size_t count;

	(void)state;
	add(run, "lift", "{\"floor\":1,\"load\":\"heavy\"}", 8);
	add(run, "lift", "{\"floor\":2,\"load\":\"light\"}", 8);
	add(run, "fault", "{\"access\":\"read\",\"page\":\"4k\"}", 8);
	add(run, "fault", "{\"access\":\"write\",\"page\":\"2m\"}", 8);
	add(run, "tlb", "{\"op\":\"a\",\"pages\":1,\"cpus\":1,\"colour\":\"red\"}", 8);
	add(run, "tlb", "{\"op\":\"a\",\"pages\":2,\"cpus\":1,\"colour\":\"blue\"}", 8);
	an_summarise(run);
	pivots = an_unknown_axes(run, &count);
	/* fault has pictures of all that varies; lift has none, and of tlb one axis is new. */
	assert_int_equal(count, 2);
	assert_string_equal(pivots[0].benchmark, "lift");
	assert_string_equal(pivots[0].rows, "floor");
	assert_string_equal(pivots[0].cols, "load");
	assert_string_equal(pivots[1].benchmark, "tlb");
	assert_string_equal(pivots[1].cols, "colour");
	free(pivots);
	an_run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_that_differ_in_the_axes_share_a_slice),
		cmocka_unit_test(what_a_name_leaves_out_is_an_axis),
		cmocka_unit_test(company_joins_where_nothing_contradicts),
		cmocka_unit_test(kernels_are_columns),
		cmocka_unit_test(both_ends_have_all_nodes),
		cmocka_unit_test(axes_that_nothing_is_made_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
