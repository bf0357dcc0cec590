// SPDX-License-Identifier: GPL-2.0-or-later
/* What lab ab makes of a comparison: families of points, the largest change first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/status.h"
#include "lab/patch/ab.h"

/* @params as in a run file, where a text may hold what looks like a batch. */
#define POINT(name, benchmark, params, pages, a, b, verdict)                                       \
	"{\"name\":\"" name "\",\"benchmark\":\"" benchmark "\",\"params\":{" params               \
	"},\"unit\":\"insns\",\"pages\":" pages ",\"a\":{\"location\":" a                          \
	"},\"b\":{\"location\":" b "},\"verdict\":\"" verdict "\"}"

#define MIGRATE(batch, a, b, verdict)                                                              \
	POINT("migrate/batch=" batch ",nodes=0>1", "migrate",                                      \
	      "\"nodes\":\"0>1\",\"batch\":" batch, batch, a, b, verdict)

static const char text[] = "{\"only_a\":[{\"name\":\"x\"}],\"only_b\":[],\"points\":[" POINT(
	"copy/batch=1,page=4k", "copy", "\"batch\":1,\"page\":\"4k\"", "1", "500", "500",
	"equivalent") "," POINT("fault/access=read,minibatch=2", "fault",
				"\"access\":\"read\",\"minibatch\":2", "1", "1000", "1100.5",
				"slower") "," MIGRATE("512", "100000", "110340",
						      "slower") "," MIGRATE("1", "1000", "1120",
									    "slower") "," MIGRATE("8",
												  "5000",
												  "5000",
												  "inconclusive") "]}";

static void test_families(void **state)
{
	struct lab_ab_changes changes;
	const struct lab_ab_family *family;

	(void)state;
	assert_int_equal(lab_ab_changes_read(text, &changes), MB_OK);
	assert_int_equal(changes.points, 5);
	assert_int_equal(changes.inconclusive, 1);
	assert_int_equal(changes.alone, 1);
	/* What did not change is not among them. */
	assert_int_equal(changes.count, 2);
	family = &changes.at[0];
	assert_string_equal(family->name, "migrate/nodes=0>1");
	assert_string_equal(family->worst, "migrate/batch=1,nodes=0>1");
	assert_int_equal(family->points, 3);
	assert_int_equal(family->slower, 2);
	assert_float_equal(family->low, 1.1034, 1e-9);
	assert_float_equal(family->high, 1.12, 1e-9);
	/* 20 a page and 100 a batch, from the smallest and the largest one. */
	assert_float_equal(family->pages[0], 1, 0);
	assert_float_equal(family->change[0], 120, 0);
	assert_float_equal(family->pages[1], 512, 0);
	assert_float_equal(family->change[1], 10340, 0);
	assert_string_equal(changes.at[1].name, "fault/access=read,minibatch=2");
	lab_ab_changes_free(&changes);
}

static void test_other_output(void **state)
{
	struct lab_ab_changes changes;

	(void)state;
	assert_int_equal(lab_ab_changes_read("no json", &changes), MB_MACHINE);
	lab_ab_changes_free(&changes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_other_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
