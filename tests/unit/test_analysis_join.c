// SPDX-License-Identifier: GPL-2.0-or-later
/* Files as boots of one side, and the noise floors that they bring. */
#include "tests/unit/test_compare_runs.h"

#include <unistd.h>

#include "analysis/run/read.h"

#define RUN "{\"type\":\"run\",\"format\":1,\"clock\":\"time\",\"env\":{\"kernel\":\"k\"}}\n"
#define POINT "{\"type\":\"point\",\"id\":3,\"benchmark\":\"x\",\"params\":{}}\n"
#define BLOCK                                                                                      \
	"{\"type\":\"block\",\"point\":3,\"pages\":1,\"metrics\":{\"total\":{\"unit\":\"ns\","     \
	"\"values\":[1]}}}\n{\"type\":\"end\"}\n"

static char file[] = "/tmp/migbench-test-XXXXXX";

static struct an_run *read_text(const char *text, int *status)
{
	FILE *out = fopen(file, "w");
	struct an_run *run;

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	*status = an_run_read(file, &run);
	return run;
}

static void floors(void **state)
{
	static const char *const bad[] = { "-1", "null", "\"1\"" };
	char text[1024];
	int status;
	struct an_run *run = read_text(
		RUN POINT
		"{\"type\":\"floor\",\"point\":3,\"metric\":\"total\",\"floor\":0.25}\n"
		"{\"type\":\"floor\",\"point\":3,\"floor\":0.5}\n"
		"{\"type\":\"floor\",\"point\":3,\"metric\":\"total\",\"floor\":0.1}\n" BLOCK,
		&status);

	(void)state;
	assert_int_equal(status, MB_OK);
	assert_float_equal(an_point_floor(&run->points[0], "total"), 0.5, 0); /* the largest */
	assert_true(isnan(an_point_floor(&run->points[0], "setup")));
	an_run_free(run);
	for (int i = 0; i < 3; i++) {
		snprintf(text, sizeof(text),
			 RUN POINT "{\"type\":\"floor\",\"point\":3,\"floor\":%s}\n" BLOCK, bad[i]);
		assert_null(read_text(text, &status));
		assert_int_equal(status, MB_REQUEST);
	}
	assert_null(read_text(RUN "{\"type\":\"floor\",\"point\":3,\"floor\":1}\n" POINT BLOCK,
			      &status));
	assert_int_equal(status, MB_REQUEST);
}

/* Instructions of another plan are another experiment's; time's are not. */
static void another_plan_is_no_boot(void **state)
{
	(void)state;
	for (int insns = 0; insns < 2; insns++) {
		struct an_run *a = new_run(insns), *same = new_run(insns), *other = new_run(insns);

		add_total(a, 1, 0, 10);
		add_total(same, 1, 0, 10);
		add_total(other, 1, 0, 10);
		json_object_set_new(other->config, "suite", json_string("another"));
		assert_true(an_run_join(a, same));
		assert_int_equal(an_run_join(a, other), !insns);
		an_run_free(a);
		an_run_free(same);
		an_run_free(other);
	}
}

/* Boots given together need not share a label, a seed or an environment; a kernel they must. */
static void files_are_boots(void **state)
{
	struct an_run *a = new_run(false), *b = new_run(false), *c = new_run(false);
	char *why;

	(void)state;
	add_total(a, 1, 0, 10);
	add_total(b, 1, 0, 20);
	add_total(b, 2, 0, 5);
	an_point_add_floor(batch_point(b, 1), "total", 0.01);
	b->seed = 7;
	free(b->label);
	b->label = mb_strdup("another");
	json_object_set_new(b->env, "thp", json_string("never"));
	assert_false(an_run_join(a, b));
	assert_null(an_run_append(a, b));
	assert_int_equal(a->boots, 2);
	assert_int_equal(a->point_count, 2);
	assert_int_equal(an_point_metric(&a->points[0], "total")->count, 2);
	assert_float_equal(an_point_metric(&a->points[0], "total")->columns[1].values[0], 20, 0);
	assert_int_equal(an_point_metric(&a->points[1], "total")->columns[0].boot, 1);
	assert_float_equal(an_point_floor(&a->points[0], "total"), 0.01, 0);

	free(c->kernel);
	c->kernel = mb_strdup("6.2.0");
	add_total(c, 1, 0, 10);
	why = an_run_append(a, c);
	assert_non_null(strstr(why, "kernel is 6.2.0"));
	free(why);
	free(c->kernel);
	c->kernel = mb_strdup("6.1.0");
	batch_point(c, 1)->pages = 9;
	why = an_run_append(a, c);
	assert_non_null(strstr(why, "pages or units"));
	free(why);
	c->insns = true;
	why = an_run_append(a, c);
	assert_non_null(strstr(why, "clock is insns"));
	free(why);
	assert_int_equal(a->boots, 2); /* nothing was taken over */
	an_run_free(a);
	an_run_free(b);
	an_run_free(c);
}

static void another_build(void **state)
{
	struct an_run *a = new_run(false), *b = new_run(false);
	char *why;

	(void)state;
	add_total(a, 1, 0, 10);
	add_total(b, 1, 0, 10);
	json_object_set_new(a->env, "build_id", json_string("x"));
	/* A build that is not known is no other build. */
	assert_null(an_run_append(a, b));
	json_object_set_new(b->env, "build_id", json_string("y"));
	why = an_run_append(a, b);
	assert_non_null(strstr(why, "another build"));
	free(why);
	an_run_free(a);
	an_run_free(b);
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
		cmocka_unit_test(floors),
		cmocka_unit_test(another_plan_is_no_boot),
		cmocka_unit_test(files_are_boots),
		cmocka_unit_test(another_build),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
