// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/runfile_parse.h"
#include "analysis/text.h"
#include "core/runfile.h"
#include "core/status.h"

int an_parse_error(const struct an_parser *parser, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return mb_fail(MB_REQUEST, "%s:%zu: %s", parser->path, parser->line, text);
}

/* The string @key of @object, "" if it is missing or something else; malloc'd. */
static char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return an_strdup(text ? text : "");
}

/*
 * The whole number @key of @record within [0, @max] into *@value; @fallback if
 * the key is missing and @fallback is not negative.
 */
static int whole(const struct an_parser *parser, const json_t *record, const char *key,
		 json_int_t max, json_int_t fallback, json_int_t *value)
{
	const json_t *number = json_object_get(record, key);

	if (!number && fallback >= 0) {
		*value = fallback;
		return MB_OK;
	}
	if (!json_is_integer(number))
		return an_parse_error(parser, "\"%s\" must be a whole number", key);
	*value = json_integer_value(number);
	if (*value < 0 || *value > max)
		return an_parse_error(parser,
				      "\"%s\" is %" JSON_INTEGER_FORMAT
				      ", outside 0…%" JSON_INTEGER_FORMAT,
				      key, *value, max);
	return MB_OK;
}

static int take_run(struct an_parser *parser, const json_t *record)
{
	const json_t *format = json_object_get(record, "format"), *seed, *kernel;
	const json_t *env = json_object_get(record, "env");
	const json_t *config = json_object_get(record, "config");
	const char *clock = json_string_value(json_object_get(record, "clock"));
	const char *id = json_string_value(json_object_get(record, "id"));
	struct an_run *run = parser->run;
	char *unique;

	if (parser->started)
		return an_parse_error(parser, "a second run record; one file holds one run");
	if (!json_is_integer(format) || json_integer_value(format) != MB_RUNFILE_FORMAT)
		return an_parse_error(parser, "this program reads run files of format %d only",
				      MB_RUNFILE_FORMAT);
	if (!clock || (strcmp(clock, "time") && strcmp(clock, "insns")))
		return an_parse_error(parser, "\"clock\" must be \"time\" or \"insns\"");
	if ((env && !json_is_object(env)) || (config && !json_is_object(config)))
		return an_parse_error(parser, "\"env\" and \"config\" must be objects");

	run->insns = !strcmp(clock, "insns");
	run->env = env ? json_deep_copy(env) : json_object();
	run->config = config ? json_deep_copy(config) : json_object();
	if (json_is_object(json_object_get(record, "lab")))
		run->lab = json_deep_copy(json_object_get(record, "lab"));
	run->emulated = json_is_true(json_object_get(run->env, "emulated"));
	run->tool = string_of(record, "tool");
	run->started = string_of(record, "started");
	run->finished = an_strdup("");
	/* Runs that started together under one id are one. */
	unique = id && *id ? an_format("%s %s %s", id, clock, run->started) : an_strdup("");
	an_run_add_id(run, unique);
	free(unique);
	run->label = string_of(record, "label");
	seed = json_object_get(record, "seed");
	run->has_seed = json_is_integer(seed);
	run->seed = json_integer_value(seed);
	kernel = json_object_get(run->env, "kernel");
	if (json_is_string(kernel) && *json_string_value(kernel))
		run->kernel = an_strdup(json_string_value(kernel));
	else
		run->kernel = an_strdup(*run->label ? run->label : "unknown");
	parser->started = true;
	return MB_OK;
}

static int check_params(const struct an_parser *parser, const json_t *params)
{
	const char *key;
	json_t *value;

	if (!json_is_object(params))
		return an_parse_error(parser, "\"params\" must be an object");
	json_object_foreach((json_t *)params, key, value)
		if (!json_is_string(value) && !json_is_integer(value))
			return an_parse_error(
				parser, "parameter \"%s\" must be a text or a whole number", key);
	return MB_OK;
}

static int take_point(struct an_parser *parser, const json_t *record)
{
	const char *benchmark = json_string_value(json_object_get(record, "benchmark"));
	json_t *params = json_object_get(record, "params");
	struct an_run *run = parser->run;
	struct an_point *point;
	json_int_t id;
	char *name;
	int status = whole(parser, record, "id", AN_MAX_ID, -1, &id);

	if (status)
		return status;
	if (!benchmark || !*benchmark)
		return an_parse_error(parser, "\"benchmark\" must be a text");
	status = check_params(parser, params);
	if (status)
		return status;
	while (parser->index_size <= (size_t)id) {
		size_t old = parser->index_size;

		parser->index = an_grow(parser->index, &parser->index_size, (size_t)id,
					sizeof(*parser->index));
		memset(parser->index + old, 0, (parser->index_size - old) * sizeof(*parser->index));
	}

	name = mb_point_name(benchmark, params);
	if (!name)
		return an_parse_error(parser, "out of memory");
	point = an_run_point(run, name);
	if (parser->index[id] && point != &run->points[parser->index[id] - 1]) {
		status = an_parse_error(parser, "point %d is %s and was %s before", (int)id, name,
					run->points[parser->index[id] - 1].name);
		free(name);
		return status;
	}
	/* Every boot says its points again. */
	if (point)
		free(name);
	else
		point = an_run_add_point(run, name, benchmark, params);
	parser->index[id] = (size_t)(point - run->points) + 1;
	return MB_OK;
}

/* The point that @record speaks of, NULL after an error line. */
static struct an_point *point_of(const struct an_parser *parser, const json_t *record)
{
	json_int_t id;

	if (whole(parser, record, "point", AN_MAX_ID, -1, &id))
		return NULL;
	if ((size_t)id >= parser->index_size || !parser->index[id]) {
		an_parse_error(parser, "point %d is not defined above this line", (int)id);
		return NULL;
	}
	return &parser->run->points[parser->index[id] - 1];
}

/* Check one metric of a block: a unit and finite values, @count of them (SIZE_MAX: not known). */
static int check_metric(const struct an_parser *parser, const struct an_point *point,
			const char *name, const json_t *body, size_t *count)
{
	const char *unit = json_string_value(json_object_get(body, "unit"));
	const json_t *values = json_object_get(body, "values"), *value;
	const struct an_metric *known = an_point_metric(point, name);
	size_t i;

	if (!unit || !*unit || !json_is_array(values))
		return an_parse_error(parser, "metric \"%s\" needs \"unit\" and \"values\"", name);
	if (known && strcmp(known->unit, unit))
		return an_parse_error(parser, "metric \"%s\" is in %s and was in %s before", name,
				      unit, known->unit);
	if (!strcmp(name, "total") && strcmp(unit, parser->run->insns ? "insns" : "ns"))
		return an_parse_error(parser, "\"total\" is in %s, but the clock is %s", unit,
				      an_run_clock(parser->run));
	if (*count != SIZE_MAX && json_array_size(values) != *count)
		return an_parse_error(parser, "metric \"%s\" has %zu values, others %zu", name,
				      json_array_size(values), *count);
	*count = json_array_size(values);
	json_array_foreach((json_t *)values, i, value)
		if (!json_is_number(value) || !isfinite(json_number_value(value)) ||
		    json_number_value(value) < 0)
			return an_parse_error(
				parser, "metric \"%s\": value %zu is not a finite number from 0 on",
				name, i + 1);
	return MB_OK;
}

static int check_metrics(const struct an_parser *parser, const struct an_point *point,
			 const json_t *metrics, size_t *samples)
{
	size_t added = 0;
	const char *name;
	json_t *body;

	if (!json_is_object(metrics) || !json_object_get(metrics, "total"))
		return an_parse_error(parser, "\"metrics\" must be an object with \"total\"");
	*samples = SIZE_MAX;
	json_object_foreach((json_t *)metrics, name, body) {
		int status = check_metric(parser, point, name, body, samples);

		if (status)
			return status;
		added += !an_point_metric(point, name);
	}
	if (point->metric_count + added > AN_MAX_METRICS)
		return an_parse_error(parser, "more than %d metrics at one point", AN_MAX_METRICS);
	return MB_OK;
}

static void add_values(struct an_point *point, unsigned int boot, const json_t *metrics)
{
	const char *name;
	json_t *body;

	json_object_foreach((json_t *)metrics, name, body) {
		const json_t *values = json_object_get(body, "values");
		struct an_metric *metric = an_point_metric(point, name);
		struct an_column *column;
		size_t i, count = json_array_size(values);

		if (!metric)
			metric = an_point_add_metric(
				point, name, json_string_value(json_object_get(body, "unit")));
		if (!count)
			continue;
		column = an_metric_column(metric, boot);
		for (i = 0; i < count; i++)
			an_column_add(column, json_number_value(json_array_get(values, i)));
	}
}

static int take_counters(const struct an_parser *parser, struct an_point *point,
			 const json_t *counters)
{
	const char *name;
	json_t *value;

	if (!counters || json_is_null(counters))
		return MB_OK;
	if (!json_is_object(counters))
		return an_parse_error(parser, "\"counters\" must be an object");
	json_object_foreach((json_t *)counters, name, value) {
		if (!json_is_number(value) || !isfinite(json_number_value(value)))
			return an_parse_error(parser, "counter \"%s\" is not a finite number",
					      name);
		if (point->counter_count >= AN_MAX_COUNTERS)
			return an_parse_error(parser, "more than %d counters at one point",
					      AN_MAX_COUNTERS);
		an_point_add_counter(point, name, json_number_value(value), 1);
	}
	return MB_OK;
}

static int take_block(struct an_parser *parser, const json_t *record)
{
	static const char *const stops[AN_STOPS] = { "target", "time", "count" };
	const json_t *metrics = json_object_get(record, "metrics");
	const char *stopped = json_string_value(json_object_get(record, "stopped"));
	struct an_point *point = point_of(parser, record);
	json_int_t boot, pages, requested, collected, migrated, invalid;
	size_t samples = 0;
	bool counted;
	int status;

	if (!point)
		return MB_REQUEST;
	status = whole(parser, record, "boot", AN_MAX_BOOT, 0, &boot);
	status = status ?: whole(parser, record, "pages", AN_MAX_PAGES, -1, &pages);
	status = status ?: whole(parser, record, "requested", AN_MAX_PAGES, 0, &requested);
	status = status ?: whole(parser, record, "collected", AN_MAX_PAGES, 0, &collected);
	status = status ?: whole(parser, record, "migrated", AN_MAX_PAGES, 0, &migrated);
	status = status ?: whole(parser, record, "invalid", (json_int_t)1 << 40, 0, &invalid);
	status = status ?: check_metrics(parser, point, metrics, &samples);
	if (status)
		return status;
	if (!pages || (point->pages && point->pages != (unsigned long)pages))
		return an_parse_error(parser,
				      "\"pages\" is %" JSON_INTEGER_FORMAT " and was %lu before",
				      pages, point->pages);
	status = take_counters(parser, point, json_object_get(record, "counters"));
	if (status)
		return status;

	counted = json_object_get(record, "requested") || json_object_get(record, "migrated");
	point->pages = (unsigned long)pages;
	point->counted |= counted;
	point->requested += (double)requested * (double)samples;
	point->collected += (double)collected * (double)samples;
	point->migrated += (double)migrated * (double)samples;
	point->invalid += (double)invalid;
	point->blocks++;
	for (int i = 0; i < AN_STOPS && stopped; i++)
		point->stopped[i] += !strcmp(stopped, stops[i]);
	add_values(point, (unsigned int)boot, metrics);
	parser->run->blocks++;
	parser->run->samples += samples;
	if ((unsigned int)boot >= parser->run->boots)
		parser->run->boots = (unsigned int)boot + 1;
	return MB_OK;
}

static int take_skip(struct an_parser *parser, const json_t *record)
{
	const char *why = json_string_value(json_object_get(record, "why"));
	struct an_point *point = point_of(parser, record);
	json_int_t boot;
	int status;

	if (!point)
		return MB_REQUEST;
	status = whole(parser, record, "boot", AN_MAX_BOOT, 0, &boot);
	if (status)
		return status;
	an_point_add_skip(point, (unsigned int)boot, why && *why ? why : "no reason given");
	return MB_OK;
}

static int take_end(struct an_parser *parser, const json_t *record)
{
	const char *why = json_string_value(json_object_get(record, "why"));
	struct an_run *run = parser->run;

	run->ended = true;
	free(run->finished);
	run->finished = string_of(record, "finished");
	if (json_is_false(json_object_get(record, "valid"))) {
		run->valid = false;
		free(run->why_invalid);
		run->why_invalid = why ? an_strdup(why) : NULL;
	}
	return MB_OK;
}

int an_parse_record(struct an_parser *parser, const json_t *record)
{
	static const struct {
		const char *type;
		int (*take)(struct an_parser *parser, const json_t *record);
	} takers[] = {
		{ "block", take_block }, { "point", take_point }, { "skip", take_skip },
		{ "end", take_end },	 { "run", take_run },
	};
	const char *type = json_string_value(json_object_get(record, "type"));

	if (!type)
		return an_parse_error(parser, "%s",
				      parser->started ? "not a record: no \"type\""
						      : "not a run file: no run record");
	if (!parser->started && strcmp(type, "run"))
		return an_parse_error(parser, "not a run file: the first record is not \"run\"");
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (!strcmp(type, takers[i].type))
			return takers[i].take(parser, record);
	return MB_OK;
}
