// SPDX-License-Identifier: GPL-2.0-or-later
/* Medians of each measurement, and how far apart the luck of the draw puts them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>

#include "core/base/text.h"
#include "core/floor.h"
#include "core/quantile.h"
#include "core/record/read.h"
#include "core/status.h"

#define ALPHA 0.05

struct numbers {
	double *at;
	size_t count, capacity;
};

struct mb_floor_point {
	struct numbers medians; /* of each boot so far; NAN: not measured there */
	struct numbers values; /* of the current boot */
};

static void push(struct numbers *numbers, double value)
{
	numbers->at = mb_grow(numbers->at, &numbers->capacity, numbers->count, sizeof(double));
	numbers->at[numbers->count++] = value;
}

void mb_floor_begin(struct mb_floor *noise)
{
	if (!noise->by_name)
		noise->by_name = json_object();
	json_decref(noise->by_id);
	noise->by_id = json_object();
	for (size_t i = 0; i < noise->count; i++)
		noise->points[i].values.count = 0;
}

static void id_of(const json_t *record, char id[24])
{
	snprintf(id, 24, "%" JSON_INTEGER_FORMAT, mb_record_point_id(record));
}

static void take_point(struct mb_floor *noise, const json_t *record)
{
	char id[24], *name = mb_record_name(record);
	json_t *index;

	id_of(record, id);
	index = name ? json_object_get(noise->by_name, name) : NULL;
	if (name && !index) {
		noise->points = mb_resize(noise->points, noise->count + 1, sizeof(*noise->points));
		noise->points[noise->count] = (struct mb_floor_point){ 0 };
		for (size_t i = 0; i < noise->boots; i++)
			push(&noise->points[noise->count].medians, NAN);
		index = json_integer((json_int_t)noise->count++);
		json_object_set_new(noise->by_name, name, index);
	}
	if (index)
		json_object_set(noise->by_id, id, index);
	free(name);
}

static void take_block(struct mb_floor *noise, const json_t *record)
{
	const json_t *index;
	char id[24];
	size_t at;
	json_t *value;

	id_of(record, id);
	index = json_object_get(noise->by_id, id);
	noise->blocks++;
	json_array_foreach((json_t *)mb_record_values(record, "total"), at, value)
		if (index && json_is_number(value))
			push(&noise->points[json_integer_value(index)].values,
			     json_number_value(value));
}

void mb_floor_record(struct mb_floor *noise, const json_t *record)
{
	switch (mb_record_type(record)) {
	case MB_RECORD_POINT:
		take_point(noise, record);
		break;
	case MB_RECORD_BLOCK:
		take_block(noise, record);
		break;
	default:
		break;
	}
}

void mb_floor_line(struct mb_floor *noise, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);

	mb_floor_record(noise, record);
	json_decref(record);
}

void mb_floor_boot_end(struct mb_floor *noise)
{
	for (size_t i = 0; i < noise->count; i++) {
		struct mb_floor_point *point = &noise->points[i];

		push(&point->medians, mb_median(point->values.at, point->values.count));
	}
	noise->boots++;
}

/* The run's boots are one seed, whose location is their median, as compare takes it. */
static double between_seeds(const struct mb_floor_point *point, size_t run)
{
	struct numbers own = { 0 };
	double low, high;
	size_t seeds = 1;

	for (size_t i = 0; i < run && i < point->medians.count; i++)
		if (!isnan(point->medians.at[i]))
			push(&own, point->medians.at[i]);
	low = high = mb_median(own.at, own.count);
	free(own.at);
	if (isnan(low))
		return NAN;
	for (size_t i = run; i < point->medians.count; i++) {
		double value = point->medians.at[i];

		if (isnan(value))
			continue;
		low = fmin(low, value);
		high = fmax(high, value);
		seeds++;
	}
	if (seeds < 2 || (low <= 0 && high > 0))
		return NAN;
	return high > low ? high / low - 1 : 0;
}

/*
 * Halves of n boots drawn without replacement differ with the variance s²(1/h + 1/(n - h)); times
 * Student's t for the n - 1 degrees of s².
 */
static double between_halves(const struct mb_floor_point *point)
{
	double sum = 0, squares = 0, n = 0, half, mean, error;

	for (size_t i = 0; i < point->medians.count; i++) {
		if (!(point->medians.at[i] > 0))
			continue;
		sum += log(point->medians.at[i]);
		n++;
	}
	if (n < 2)
		return NAN;
	mean = sum / n;
	for (size_t i = 0; i < point->medians.count; i++)
		if (point->medians.at[i] > 0)
			squares += pow(log(point->medians.at[i]) - mean, 2);
	half = floor(n / 2);
	error = sqrt(squares / (n - 1) * (1 / half + 1 / (n - half)));
	return expm1(gsl_cdf_tdist_Pinv(1 - ALPHA / 2, n - 1) * error);
}

double mb_floor_of(const struct mb_floor *noise, const char *name, unsigned long run, bool exact)
{
	const json_t *index = json_object_get(noise->by_name, name);
	const struct mb_floor_point *point;

	if (!index)
		return NAN;
	point = &noise->points[json_integer_value(index)];
	return exact ? between_seeds(point, run) : between_halves(point);
}

void mb_floor_free(struct mb_floor *noise)
{
	for (size_t i = 0; i < noise->count; i++) {
		free(noise->points[i].medians.at);
		free(noise->points[i].values.at);
	}
	free(noise->points);
	json_decref(noise->by_name);
	json_decref(noise->by_id);
	*noise = (struct mb_floor){ 0 };
}
