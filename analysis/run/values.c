// SPDX-License-Identifier: GPL-2.0-or-later
/* Long arrays of numbers, taken out of a line before jansson reads it. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/values.h"

#define KEY "\"values\""
#define BLOCK "{\"type\":\"block\""
#define SHORT 64 /* bytes; such an array is left to jansson */
#define EXACT ((uint64_t)1 << 53) /* whole numbers up to here are doubles */
#define DIGITS 18 /* that surely fit into 64 bits */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/*
 * Read one JSON number without a sign. Returns what follows it, or NULL if it
 * is none, too large, or something that jansson may treat otherwise.
 */
static const char *scan_number(const char *p, double *value)
{
	static const double tens[] = { 1e0,  1e1,  1e2,	 1e3,  1e4,  1e5,  1e6,	 1e7,
				       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
				       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const char *start = p, *point = NULL;
	uint64_t whole = 0;
	size_t digits = 0, after = 0;
	char *end;

	if (!digit(*p) || (*p == '0' && digit(p[1])))
		return NULL;
	for (; digit(*p); p++, digits++)
		whole = whole * 10 + (uint64_t)(*p - '0');
	if (digits > DIGITS)
		return NULL;
	if (*p == '.') {
		point = p++;
		for (; digit(*p); p++, after++)
			whole = digits + after < DIGITS ? whole * 10 + (uint64_t)(*p - '0') : whole;
		if (!after)
			return NULL;
	}
	if (*p != 'e' && *p != 'E') {
		/* Both are doubles, and so their quotient is the nearest one (Clinger). */
		if (digits + after <= DIGITS && whole <= EXACT) {
			*value = point ? (double)whole / tens[after] : (double)whole;
			return p;
		}
		if (!point) {
			*value = (double)whole;
			return p;
		}
	} else {
		p++;
		p += *p == '+' || *p == '-';
		if (!digit(*p))
			return NULL;
		while (digit(*p))
			p++;
	}
	*value = strtod(start, &end);
	return end == p && isfinite(*value) ? p : NULL;
}

/* Read an array that begins behind its bracket. Returns what follows it, or NULL. */
static const char *scan_array(struct an_values *values, const char *p)
{
	for (;;) {
		if (values->count == values->capacity)
			values->at = mb_grow(values->at, &values->capacity, values->count,
					     sizeof(*values->at));
		p = scan_number(skip_blanks(p), &values->at[values->count]);
		if (!p)
			return NULL;
		values->count++;
		p = skip_blanks(p);
		if (*p == ']')
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static void add_stretch(struct an_values *values, size_t first)
{
	values->stretches = mb_grow(values->stretches, &values->stretch_capacity,
				    values->stretch_count, sizeof(*values->stretches));
	values->stretches[values->stretch_count++] =
		(struct an_stretch){ .first = first, .count = values->count - first };
}

/* The array behind the key at @p, NULL if what stands there is something else. */
static const char *array_behind(const char *line, const char *p)
{
	/* Not the end of a longer text with an escaped quote in it. */
	if (p > line && p[-1] == '\\')
		return NULL;
	p = skip_blanks(p + strlen(KEY));
	if (*p != ':')
		return NULL;
	p = skip_blanks(p + 1);
	return *p == '[' ? p : NULL;
}

static void copy(struct an_values *values, const char *from, const char *end)
{
	memcpy(values->text + values->length, from, (size_t)(end - from));
	values->length += (size_t)(end - from);
}

void an_values_take(struct an_values *values, const char *line, size_t length)
{
	const char *from = line, *end = line + length, *key;

	values->count = 0;
	values->stretch_count = 0;
	values->length = 0;
	/* What stands for an array is shorter than any that is taken. */
	if (length + 1 > values->text_capacity) {
		values->text_capacity = 2 * (length + 1);
		free(values->text);
		values->text = mb_alloc(values->text_capacity, 1);
	}
	if (length < strlen(BLOCK) || memcmp(line, BLOCK, strlen(BLOCK)))
		end = line;
	while ((key = memmem(from, (size_t)(end - from), KEY, strlen(KEY)))) {
		const char *array = array_behind(line, key), *behind = NULL;
		size_t first = values->count;

		if (array)
			behind = scan_array(values, array + 1);
		if (!behind || behind - array < SHORT) {
			values->count = first;
			behind = array = key + strlen(KEY);
		}
		copy(values, from, array);
		if (values->count > first) {
			add_stretch(values, first);
			values->length += (size_t)sprintf(values->text + values->length, "\"@%zu\"",
							  values->stretch_count - 1);
		}
		from = behind;
	}
	copy(values, from, line + length);
	values->text[values->length] = '\0';
}

static bool taken_stretch(struct an_values *values, const char *text, struct an_stretch *stretch)
{
	char *end;
	size_t at;

	if (*text != '@' || !digit(text[1]))
		return false;
	at = strtoul(text + 1, &end, 10);
	if (*end || at >= values->stretch_count || values->stretches[at].used)
		return false;
	values->stretches[at].used = true;
	*stretch = values->stretches[at];
	return true;
}

bool an_values_stretch(struct an_values *values, const json_t *array, struct an_stretch *stretch,
		       size_t *bad)
{
	size_t first = values->count, i;
	const json_t *number;

	*bad = 0;
	if (json_is_string(array))
		return taken_stretch(values, json_string_value(array), stretch);
	if (!json_is_array(array))
		return false;
	json_array_foreach((json_t *)array, i, number) {
		double value = json_number_value(number);

		if (!json_is_number(number) || !isfinite(value) || value < 0) {
			*bad = i + 1;
			return false;
		}
		values->at =
			mb_grow(values->at, &values->capacity, values->count, sizeof(*values->at));
		values->at[values->count++] = value;
	}
	*stretch = (struct an_stretch){ .first = first, .count = values->count - first };
	return true;
}

void an_values_free(struct an_values *values)
{
	free(values->at);
	free(values->stretches);
	free(values->text);
	*values = (struct an_values){ 0 };
}
