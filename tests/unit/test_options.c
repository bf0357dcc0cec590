// SPDX-License-Identifier: GPL-2.0-or-later
/* The option table: values land where they should, mistakes are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/options.h"
#include "core/status.h"

static bool flag;
static const char *text;
static struct mb_strings words;
static unsigned long number;

static int parse(int argc, char **argv, int *first)
{
	const struct mb_option options[] = {
		{ "flag", NULL, "", MB_OPT_FLAG, &flag, 0, 0 },
		{ "text", "T", "", MB_OPT_STRING, &text, 0, 0 },
		{ "word", "W", "", MB_OPT_STRINGS, &words, 0, 0 },
		{ "number", "N", "", MB_OPT_NUMBER, &number, 2, 9 },
		{ "out", "DIR", "", MB_OPT_STRING, &text, 0, 0 },
		{ "add", "PATH", "", MB_OPT_STRINGS, &words, 0, 0 },
		{ "suite", "NAME|FILE.ini[,…]", "", MB_OPT_STRING, &text, 0, 0 },
		{ "only", "PATTERN", "", MB_OPT_STRING, &text, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = { .command = "test",
					.operands = "FILE…",
					.summary = "",
					.min_operands = 1,
					.max_operands = 2 };

	flag = false;
	text = NULL;
	words.count = 0;
	number = 5;
	return mb_options(&usage, options, argc, argv, first);
}

/* getopt_long(3) permutes the array, but never writes to the words. */
#define PARSE(first, ...)                                                                          \
	parse((int)(sizeof((const char *[]){ "test", __VA_ARGS__ }) / sizeof(char *)),             \
	      (char **)(const char *[]){ "test", __VA_ARGS__, NULL }, first)

static void values_are_stored(void **state)
{
	int first;

	(void)state;
	assert_int_equal(PARSE(&first, "--flag", "--text", "x", "a", "--word=1", "--word", "2",
			       "--number=9"),
			 MB_PARSED);
	assert_true(flag);
	assert_string_equal(text, "x");
	assert_int_equal(words.count, 2);
	assert_string_equal(words.at[1], "2");
	assert_int_equal(number, 9);
	assert_int_equal(first, 8);
}

static void mistakes_are_refused(void **state)
{
	int first;

	(void)state;
	assert_int_equal(PARSE(&first, "--nothing", "a"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--text"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "--flag"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "b", "c"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--number", "1"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--number", "10"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--number", "-3"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--number", "3x"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--number", ""), MB_REQUEST);
	assert_int_equal(number, 5);
}

static void nothing_goes_without_a_word(void **state)
{
	int first;

	(void)state;
	assert_int_equal(PARSE(&first, "a", "--suite", "x", "--suite", "y"), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--text", "x", "--text", "y", "--flag", "--flag"),
			 MB_PARSED);
	assert_string_equal(text, "y");
}

/* "" and "/logs" are together a path in the root folder. */
static void paths_have_names(void **state)
{
	int first;

	(void)state;
	assert_int_equal(PARSE(&first, "a", "--out", ""), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--out="), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--add", "x", "--add", ""), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--suite", ""), MB_REQUEST);
	assert_int_equal(PARSE(&first, "a", "--text", "", "--word", "", "--only", ""), MB_PARSED);
	assert_string_equal(text, "");
	assert_string_equal(words.at[0], "");
}

static void numbers(void **state)
{
	unsigned long value = 7;

	(void)state;
	assert_true(mb_number("18446744073709551615", 0, UINT64_MAX, &value));
	assert_int_equal(value, UINT64_MAX);
	assert_false(mb_number("18446744073709551616", 0, UINT64_MAX, &value));
	assert_false(mb_number(" 1", 0, 9, &value));
	assert_false(mb_number("+1", 0, 9, &value));
	assert_false(mb_number("0x1", 0, 9, &value));
}

static void durations(void **state)
{
	unsigned long seconds = 7;

	(void)state;
	assert_true(mb_duration("90s", &seconds));
	assert_int_equal(seconds, 90);
	assert_true(mb_duration("1h30m", &seconds));
	assert_int_equal(seconds, 5400);
	for (size_t i = 0; i < 9; i++) {
		static const char *const wrong[] = { "",     "90",   "s",
						     "1m1h", "1m1m", "-1s",
						     "1 m",  "1d",   "99999999999999999999s" };

		assert_false(mb_duration(wrong[i], &seconds));
	}
	assert_int_equal(seconds, 5400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_stored),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(nothing_goes_without_a_word),
		cmocka_unit_test(paths_have_names),
		cmocka_unit_test(numbers),
		cmocka_unit_test(durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
