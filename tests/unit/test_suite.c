// SPDX-License-Identifier: GPL-2.0-or-later
/* Suites and plans: what is read, what is refused, what the seed decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/plan.h"
#include "bench/suite.h"
#include "core/status.h"

static char path[] = "/tmp/migbench-suite-XXXXXX.ini";

/* Read @text as a suite; what stderr gets meanwhile is in @errors. */
static int read_text(const char *text, const struct mb_strings *set, struct mb_suite *suite,
		     char errors[1024])
{
	const struct mb_strings none = { .count = 0 };
	int pipes[2], saved, status;
	FILE *out = fopen(path, "w");
	ssize_t got;

	fputs(text, out);
	fclose(out);
	assert_return_code(pipe(pipes), 0);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	dup2(pipes[1], STDERR_FILENO);
	status = mb_suite_read(suite, path, set ? set : &none);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipes[1]);
	got = read(pipes[0], errors, 1023);
	errors[got > 0 ? got : 0] = '\0';
	close(pipes[0]);
	return status;
}

static void lists_are_crossed(void **state)
{
	struct mb_suite suite;
	struct mb_plan plan;
	char errors[1024];

	(void)state;
	assert_int_equal(read_text("[global]\nrounds = 7\nverify = full\n"
				   "[migrate]\nbatch = 1, 2,4 ; three\ndirection = to-device\n"
				   "[null] # all of it\n",
				   NULL, &suite, errors),
			 0);
	assert_string_equal(errors, "");
	assert_int_equal(suite.rounds, 7);
	assert_int_equal(suite.verify, MB_VERIFY_FULL);
	mb_plan_place(&suite, &(struct mb_ground){ 0, 1, 4096, 2UL << 20 });
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	assert_int_equal(plan.count, 3 + 3);
	assert_string_equal(plan.points[1].name, "migrate/batch=2,direction=to-device,"
						 "memory=private,nodes=0>1,page=4k,"
						 "state=exclusive,threads=1");
	mb_plan_free(&plan);
	assert_int_equal(mb_plan_make(&plan, &suite, "migrate/batch=4,*"), 0);
	assert_int_equal(plan.count, 1);
	assert_int_equal(mb_value(&plan.points[0], "batch")->number, 4);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

/* A benchmark that got the axes weather and crowd later. */
static const struct mb_param later_params[] = {
	MB_PARAM_NUMBER("batch", "pages", "1", 1, 9),
	MB_PARAM_LATER_WORD("weather", "above the road", "sun,rain", "sun", "sun", "rain"),
	MB_PARAM_LATER_NUMBER("crowd", "on the road", "0", "0", 0, 9),
	{ 0 },
};

static const struct mb_case later_case = { .name = "later",
					   .params = later_params,
					   .metrics = mb_total };

/* Of the words for a pair none is left, and a pair that stands there twice is one. */
static void pairs_are_those_of_the_machine(void **state)
{
	struct mb_suite suite;
	struct mb_plan plan;
	char errors[1024];

	(void)state;
	assert_int_equal(read_text("[numa]\nmode = mbind\nbatch = 1\n"
				   "nodes = nearest, 8>0, 0>8, back, local, 3>4\n",
				   NULL, &suite, errors),
			 0);
	mb_plan_place(&suite, &(struct mb_ground){ 0, 8, 4096, 2UL << 20 });
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	assert_int_equal(plan.count, 4);
	assert_string_equal(plan.points[0].name, "numa/batch=1,mode=mbind,nodes=0>8,page=4k");
	assert_int_equal(mb_value(&plan.points[0], "nodes")->to, 8);
	assert_string_equal(plan.points[1].name, "numa/batch=1,mode=mbind,nodes=8>0,page=4k");
	assert_string_equal(plan.points[2].name, "numa/batch=1,mode=mbind,nodes=0>0,page=4k");
	assert_string_equal(plan.points[3].name, "numa/batch=1,mode=mbind,nodes=3>4,page=4k");
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

static void names_leave_out_what_is_neutral(void **state)
{
	struct mb_suite suite;
	struct mb_plan plan;
	char errors[1024];
	json_t *neutral;

	(void)state;
	mb_case_register(&later_case);
	assert_int_equal(read_text("[later]\n", NULL, &suite, errors), 0);
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.points[0].name, "later/batch=1");
	assert_string_equal(plan.points[1].name, "later/batch=1,weather=rain");
	neutral = mb_point_neutral(&plan.points[0]);
	assert_string_equal(json_string_value(json_object_get(neutral, "weather")), "sun");
	assert_true(json_is_integer(json_object_get(neutral, "crowd")));
	json_decref(neutral);
	neutral = mb_point_neutral(&plan.points[1]);
	assert_null(json_object_get(neutral, "weather"));
	json_decref(neutral);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

static void a_point_of_two_sections_is_one(void **state)
{
	struct mb_suite suite;
	struct mb_plan plan;
	char errors[1024];

	(void)state;
	assert_int_equal(read_text("[tlb]\npages = 1,8\ncpus = 1\nop = mprotect\n"
				   "[tlb more]\npages = 8,32\ncpus = 1\nop = mprotect\n",
				   NULL, &suite, errors),
			 0);
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	assert_int_equal(plan.count, 3);
	assert_string_equal(plan.points[2].name, "tlb/cpus=1,op=mprotect,pages=32");
	assert_int_equal(plan.points[2].id, 2);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

static void command_line_overrides(void **state)
{
	struct mb_strings set = { { "migrate.batch=8", "rounds=1", "nodes=1>0" }, 3 };
	struct mb_suite suite;
	char errors[1024];

	(void)state;
	assert_int_equal(
		read_text("[migrate]\nbatch = 1,2\n[copy]\nbatch = 3\n", &set, &suite, errors), 0);
	assert_int_equal(suite.rounds, 1);
	assert_int_equal(suite.sections->values[6].count, 1);
	assert_int_equal(suite.sections->values[6].at[0].number, 8);
	assert_int_equal(suite.sections->next->values[1].at[0].number, 3);
	assert_int_equal(suite.sections->next->values[2].at[0].number, 1);
	assert_int_equal(suite.sections->next->values[2].at[0].to, 0);
	mb_suite_free(&suite);
}

/* Each mistake: one line with the file, the line, and what is allowed. */
static void mistakes_name_file_line_and_remedy(void **state)
{
	static const struct {
		const char *text, *line, *says;
	} cases[] = {
		{ "[global]\n\nroundz = 3\n", ":3:", "rounds, samples" },
		{ "[migrate]\nbatch = 0\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch = -1\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch = 1e9\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch = 1000000000\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch = 1,,2\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch =\n", ":2:", "from 1 to 16384" },
		{ "[migrate]\nbatch = 2,2\n", ":2:", "twice" },
		{ "[migrate]\ndirection = up\n", ":2:", "to-device, to-system, round-trip" },
		{ "[migrate]\nnodes = 01\n", ":2:", "FROM>TO" },
		{ "; x\n[migrat]\nbatch = 1\n", ":2:", "migrate" },
		{ "[global]\nverify = some\n", ":2:", "stamp, full" },
		{ "batch = 1\n", ":1:", "section" },
		{ "[global]\nrounds\n", ":2:", "key = value" },
		{ "[global]\nrounds = 3\n", ":2:", "no benchmark" },
		{ "", ":1:", "no benchmark" },
		{ "[migrate\nbatch = 1\n", ":1:", "without its ']'" },
		{ "[migrate] batch = 7\n",
		  ":1:", "'batch = 7' stands behind [migrate]; a key begins a line of its own" },
		{ "[]\n[migrate]\n", ":1:", "no benchmark ''" },
		{ "[migrate]\nbatch = 1 2,4\n", ":2:", "comma is missing before '2'" },
		{ "[migrate]\nbatch = 1\nbatch = 2\n", ":3:", "twice in [migrate]" },
		{ "[migrate]\nbatch = 1,2\n   4,8\n", ":3:", "twice in [migrate]" },
		{ "[global]\nrounds = 1\nrounds = 2\n[migrate]\n", ":3:", "twice in [global]" },
		{ "[copy aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee]\n",
		  ":1:", "more than 49" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mb_suite suite;
		char errors[1024], *end;

		assert_int_equal(read_text(cases[i].text, NULL, &suite, errors), MB_REQUEST);
		assert_non_null(strstr(errors, path));
		assert_non_null(strstr(errors, cases[i].line));
		assert_non_null(strstr(errors, cases[i].says));
		end = strchr(errors, '\n');
		assert_non_null(end);
		assert_string_equal(end, "\n");
		mb_suite_free(&suite);
	}
}

/* inih takes 200 bytes of one. */
static void long_lines_are_read_whole(void **state)
{
	struct mb_suite suite;
	char text[700], errors[1024];

	(void)state;
	snprintf(text, sizeof(text), "; %0300d\n[migrate]\nbatch = %0300d1,7 ; seven\n", 0, 0);
	assert_int_equal(read_text(text, NULL, &suite, errors), 0);
	mb_suite_free(&suite);
	/* What has no end of its own is refused all the same. */
	snprintf(text, sizeof(text), "[migrate]\n%0300d\n", 0);
	assert_int_equal(read_text(text, NULL, &suite, errors), MB_REQUEST);
	assert_non_null(strstr(errors, ":2: neither"));
	mb_suite_free(&suite);
}

static void order_is_the_seeds(void **state)
{
	struct mb_suite suite;
	struct mb_plan plan;
	char errors[1024];
	size_t *a, *b, *c, *d, seen[36] = { 0 };

	(void)state;
	assert_int_equal(read_text("[migrate]\n", NULL, &suite, errors), 0);
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	assert_int_equal(plan.count, 36);
	a = mb_plan_order(&plan, 42, 1);
	b = mb_plan_order(&plan, 42, 1);
	c = mb_plan_order(&plan, 42, 2);
	d = mb_plan_order(&plan, 43, 1);
	assert_memory_equal(a, b, 36 * sizeof(*a));
	assert_memory_not_equal(a, c, 36 * sizeof(*a));
	assert_memory_not_equal(a, d, 36 * sizeof(*a));
	for (size_t i = 0; i < 36; i++)
		seen[a[i]]++;
	for (size_t i = 0; i < 36; i++)
		assert_int_equal(seen[i], 1);
	free(a);
	free(b);
	free(c);
	free(d);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_crossed),
		cmocka_unit_test(pairs_are_those_of_the_machine),
		cmocka_unit_test(names_leave_out_what_is_neutral),
		cmocka_unit_test(a_point_of_two_sections_is_one),
		cmocka_unit_test(command_line_overrides),
		cmocka_unit_test(mistakes_name_file_line_and_remedy),
		cmocka_unit_test(long_lines_are_read_whole),
		cmocka_unit_test(order_is_the_seeds),
	};
	int failed;

	close(mkstemps(path, 4));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
