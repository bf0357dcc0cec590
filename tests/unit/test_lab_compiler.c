// SPDX-License-Identifier: GPL-2.0-or-later
/* Which compiler a kernel is built with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab/kernel/compiler.h"
#include "lab/kernel/series.h"

static void check(unsigned int major, unsigned int minor, unsigned int gcc, unsigned int other,
		  unsigned int expected, enum lab_dialect dialect)
{
	const unsigned int installed[] = { 12, other };
	struct lab_choice choice = lab_compiler_pick(major, minor, gcc, installed, other ? 2 : 0);

	assert_int_equal(choice.gcc, expected);
	assert_int_equal(choice.dialect, dialect);
}

/* Debian 12's and 13's gcc build all; nothing about them may change, or all would be built anew. */
static void test_older_gcc(void **state)
{
	(void)state;
	check(5, 10, 12, 0, 0, LAB_ITS_OWN);
	check(6, 1, 14, 13, 0, LAB_ITS_OWN);
	check(7, 2, 12, 14, 0, LAB_ITS_OWN);
	check(0, 0, 14, 0, 0, LAB_ITS_OWN);
}

static void test_newer_gcc(void **state)
{
	(void)state;
	check(5, 10, 15, 14, 14, LAB_ITS_OWN);
	check(6, 1, 16, 13, 13, LAB_ITS_OWN);
	check(6, 14, 16, 0, 0, LAB_OLDER);
	check(6, 15, 16, 0, 0, LAB_ITS_OWN);
	check(7, 2, 16, 14, 0, LAB_ITS_OWN);
	/* One that is as new is no help. */
	check(6, 12, 16, 15, 12, LAB_ITS_OWN);
	/* Of an unknown kernel the worst is thought. */
	check(0, 0, 16, 0, 0, LAB_OLDER);
}

static void test_series(void **state)
{
	unsigned int major = 0, minor = 0;

	(void)state;
	assert_true(lab_compiler_series("linux-source-6.12", &major, &minor));
	assert_int_equal(major, 6);
	assert_int_equal(minor, 12);
	assert_false(lab_compiler_series("linux-source-6.12x", &major, &minor));
	assert_false(lab_compiler_series("linux-source", &major, &minor));
	assert_true(lab_series_is("linux-source-6.12", "linux-source-"));
	assert_false(lab_series_is("linux-source-6.12-rt", "linux-source-"));
	assert_false(lab_series_is("linux-source-6x12", "linux-source-"));
	assert_false(lab_series_is("linux-source-6.", "linux-source-"));
	assert_false(lab_series_is("linux-sources-6.1", "linux-source-"));
	assert_false(lab_series_is("linux-source-6.1", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_older_gcc),
		cmocka_unit_test(test_newer_gcc),
		cmocka_unit_test(test_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
