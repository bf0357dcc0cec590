// SPDX-License-Identifier: GPL-2.0-or-later
/* What a record of a run file says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/quantile.h"
#include "core/record/read.h"

enum mb_record_type mb_record_type(const json_t *record)
{
	const char *type = mb_record_string(record, "type");

	if (!type)
		return MB_RECORD_NONE;
	for (size_t i = MB_RECORD_RUN; i < MB_RECORD_TYPES; i++)
		if (!strcmp(type, mb_record_types[i]))
			return (enum mb_record_type)i;
	return MB_RECORD_OTHER;
}

json_int_t mb_record_number(const json_t *record, const char *key)
{
	return json_integer_value(json_object_get(record, key));
}

const char *mb_record_string(const json_t *record, const char *key)
{
	return json_string_value(json_object_get(record, key));
}

const char *mb_record_text(const json_t *record, const char *key)
{
	const char *text = mb_record_string(record, key);

	return text ? text : "";
}

json_int_t mb_record_point_id(const json_t *record)
{
	return mb_record_number(record, mb_record_type(record) == MB_RECORD_POINT ? "id" : "point");
}

char *mb_record_name(const json_t *point)
{
	const char *benchmark = mb_record_string(point, "benchmark");
	const json_t *params = json_object_get(point, "params");

	return benchmark && json_is_object(params) ? mb_point_name(benchmark, params) : NULL;
}

const json_t *mb_record_values(const json_t *block, const char *metric)
{
	const json_t *metrics = json_object_get(block, "metrics");

	return json_object_get(json_object_get(metrics, metric), "values");
}

double mb_record_median(const json_t *values)
{
	size_t count = json_array_size(values);
	double *sorted = mb_alloc(count, sizeof(*sorted)), median;

	for (size_t i = 0; i < count; i++)
		sorted[i] = json_number_value(json_array_get(values, i));
	median = mb_median(sorted, count);
	free(sorted);
	return median;
}

static bool says(const json_t *object, const char *key, const char *word)
{
	const char *text = mb_record_string(object, key);

	return text && word && !strcmp(text, word);
}

/* A file that does not say how many boots calibrated it may be of any number. */
static bool calibrated(const json_t *lab, unsigned long calibrate)
{
	return !json_object_get(lab, "calibrate") ||
	       mb_record_number(lab, "calibrate") == (json_int_t)calibrate;
}

/* Nor is a build known of which nobody says. */
static bool is_build(const json_t *lab, const char *key)
{
	return !key || !json_object_get(lab, "kernel_key") || says(lab, "kernel_key", key);
}

bool mb_record_is_run(const json_t *record, const struct mb_run_head *head, const char *suite)
{
	const json_t *lab = json_object_get(record, "lab");

	return mb_record_type(record) == MB_RECORD_RUN && says(record, "clock", head->clock) &&
	       mb_record_number(record, "seed") == (json_int_t)head->seed &&
	       says(json_object_get(record, "config"), "suite", suite) &&
	       (!head->lab ||
		(says(lab, "kernel", head->lab->kernel) &&
		 says(lab, "topology", head->lab->topology) &&
		 mb_record_number(lab, "boots") == (json_int_t)head->lab->boots &&
		 calibrated(lab, head->lab->calibrate) && is_build(lab, head->lab->key)));
}
