// SPDX-License-Identifier: GPL-2.0-or-later
/* The scanner of sample arrays against jansson, which it must never disagree with. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/run/values.h"

#define LINE "{\"type\":\"block\",\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":[%s]}}}"
/* Makes an array long enough to be taken. */
#define LONG "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,"

static struct an_values values;

/* What the scanner leaves of @text as a record, NULL if that is no JSON. */
static json_t *take(const char *text)
{
	an_values_take(&values, text, strlen(text));
	assert_int_equal(values.text[values.length], 0);
	return json_loadb(values.text, values.length, JSON_REJECT_DUPLICATES, NULL);
}

static json_t *array_of(json_t *record)
{
	return json_object_get(json_object_get(json_object_get(record, "metrics"), "total"),
			       "values");
}

/* @numbers as a block's values: both ways must give the same bits, or both refuse. */
static void same(const char *numbers, bool taken)
{
	char *text = malloc(strlen(numbers) + sizeof(LINE));
	json_t *plain, *array, *record;
	struct an_stretch stretch;
	bool good = true;
	size_t bad, i;

	sprintf(text, LINE, numbers);
	plain = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	record = take(text);
	if (taken != (values.stretch_count == 1))
		fail_msg("%s: %s", taken ? "not taken" : "taken", numbers);
	assert_true((plain != NULL) == (record != NULL));
	array = plain ? array_of(plain) : NULL;
	for (i = 0; i < json_array_size(array); i++)
		good = good && json_is_number(json_array_get(array, i)) &&
		       !(json_number_value(json_array_get(array, i)) < 0);
	if (record) {
		assert_int_equal(an_values_stretch(&values, array_of(record), &stretch, &bad),
				 good);
		if (good)
			assert_int_equal(stretch.count, json_array_size(array));
		for (i = 0; good && i < stretch.count; i++) {
			double expected = json_number_value(json_array_get(array, i));

			if (memcmp(&expected, &values.at[stretch.first + i], sizeof(double)))
				fail_msg("%.17g instead of %.17g in %s",
					 values.at[stretch.first + i], expected, numbers);
		}
	}
	json_decref(plain);
	json_decref(record);
	free(text);
}

static void numbers(void **state)
{
	static const char *const good[] = {
		"0",
		"0.0",
		"1e3",
		"1E+3",
		"1e-3",
		"0.1",
		"123.456",
		"1.7e308",
		"2.5e-324",
		"9007199254740993",
		"999999999999999999",
		"0.1e-400",
		"0.3333333333333333148",
		"12345678901234567.891",
		"2.2250738585072011e-308",
		"5 ",
		"\t6 , 7\r",
	};
	static const char *const left[] = {
		"-1",
		"-0",
		"1e999",
		"01",
		"1.",
		".5",
		"1e",
		"1e+",
		"+1",
		"NaN",
		"null",
		"\"1\"",
		"[1]",
		"1,,2",
		"1 2",
		"0x1",
		"1.5.5",
		"1e5e5",
		"inf",
		"{}",
		"1;2",
		"true",
		"10000000000000000000000",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(text, sizeof(text), LONG "%s", good[i]);
		same(text, true);
		same(good[i], false); /* a short one is not worth it */
	}
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		snprintf(text, sizeof(text), LONG "%s", left[i]);
		same(text, false);
		snprintf(text, sizeof(text), "%s," LONG "1", left[i]);
		same(text, false);
	}
	same(LONG, false); /* a comma at the end */
	same("", false);
}

static void random_numbers(void **state)
{
	char text[4096];

	(void)state;
	srand(7);
	for (int turn = 0; turn < 20000; turn++) {
		size_t length = 0;

		for (int i = 0; i < 12; i++) {
			union {
				uint64_t bits;
				double value;
			} any;

			any.bits = ((uint64_t)rand() << 62) ^ ((uint64_t)rand() << 31) ^
				   (uint64_t)rand();
			if (turn % 2 || !isfinite(any.value))
				any.value = rand() / 1e6 * pow(10, rand() % 12);
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%.*g",
						   i ? "," : "", turn % 3 ? 17 : 1 + rand() % 17,
						   fabs(any.value));
		}
		same(text, length >= 62);
	}
}

/* Lines in which the scanner must not be fooled. */
static void other_lines(void **state)
{
	struct an_stretch stretch;
	json_t *record;
	size_t bad;

	(void)state;
	/* Not a block: nothing is touched. */
	record = take("{\"type\":\"run\",\"config\":{\"values\":[" LONG "0]}}");
	assert_int_equal(values.stretch_count, 0);
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(record, "config"), "values")), 29);
	json_decref(record);
	/* The key inside a text, or the end of a longer key. */
	record = take("{\"type\":\"block\",\"why\":\"\\\"values\\\":[" LONG
		      "0]\",\"the \\\"values\":"
		      "[" LONG "0]}");
	assert_int_equal(values.stretch_count, 0);
	assert_non_null(record);
	json_decref(record);
	/* What stands for a stretch is no JSON that a file could hold. */
	record = json_string("@0");
	assert_false(an_values_stretch(&values, record, &stretch, &bad));
	json_decref(record);
	record = take("{\"type\":\"block\",\"a\":{\"values\":[" LONG "0]},\"b\":{\"values\":[" LONG
		      "5]},\"c\":{\"values\":\"@1\"}}");
	assert_int_equal(values.stretch_count, 2);
	assert_true(an_values_stretch(
		&values, json_object_get(json_object_get(record, "b"), "values"), &stretch, &bad));
	assert_float_equal(values.at[stretch.first + stretch.count - 1], 5, 0);
	assert_false(an_values_stretch(
		&values, json_object_get(json_object_get(record, "c"), "values"), &stretch, &bad));
	json_decref(record);
}

/* One byte changed anywhere: JSON stays JSON, and what is none stays none. */
static void flipped_bytes(void **state)
{
	static const char with[] = { '"', '{', '}', '[', ']', ',', '.', 'e', '-', '\\', 1 };
	char text[] = "{\"type\":\"block\",\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":"
		      "[" LONG "1.5]}}}";

	(void)state;
	for (size_t at = 0; at + 1 < sizeof(text); at++)
		for (size_t w = 0; w < sizeof(with); w++) {
			char was = text[at];
			json_t *plain, *record;

			text[at] = with[w];
			plain = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
			record = take(text);
			if (!plain != !record)
				fail_msg("byte %zu as '%c'", at, with[w]);
			json_decref(plain);
			json_decref(record);
			text[at] = was;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(random_numbers),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(flipped_bytes),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	an_values_free(&values);
	return failed;
}
