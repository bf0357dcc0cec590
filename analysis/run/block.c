// SPDX-License-Identifier: GPL-2.0-or-later
/* The records of kind "block": the samples of a point and what was counted beside them. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/run/parse.h"
#include "core/base/text.h"
#include "core/digest.h"
#include "core/status.h"

/* A metric of a block that has been checked. */
struct found {
	const char *name, *unit;
	struct an_stretch values;
};

/* Check one metric of a block: a unit and finite values, @count of them (SIZE_MAX: not known). */
static int check_metric(struct an_parser *parser, const struct an_point *point, const json_t *body,
			struct found *found, size_t *count)
{
	const struct an_metric *known = an_point_metric(point, found->name);
	const json_t *values = json_object_get(body, "values");
	size_t bad = 0;

	found->unit = json_string_value(json_object_get(body, "unit"));
	if (!found->unit || !*found->unit || !values)
		return an_parse_error(parser, "metric \"%s\" needs \"unit\" and \"values\"",
				      found->name);
	if (known && strcmp(known->unit, found->unit))
		return an_parse_error(parser, "metric \"%s\" is in %s and was in %s before",
				      found->name, found->unit, known->unit);
	if (!strcmp(found->name, "total") &&
	    strcmp(found->unit, parser->run->insns ? "insns" : "ns"))
		return an_parse_error(parser, "\"total\" is in %s, but the clock is %s",
				      found->unit, an_run_clock(parser->run));
	if (!an_values_stretch(&parser->values, values, &found->values, &bad)) {
		if (bad)
			return an_parse_error(
				parser, "metric \"%s\": value %zu is not a finite number from 0 on",
				found->name, bad);
		return an_parse_error(parser, "metric \"%s\": \"values\" is no array", found->name);
	}
	if (*count != SIZE_MAX && found->values.count != *count)
		return an_parse_error(parser, "metric \"%s\" has %zu values, others %zu",
				      found->name, found->values.count, *count);
	*count = found->values.count;
	return MB_OK;
}

/* Check all metrics into @found, *@metric_count of them with *@samples values each. */
static int check_metrics(struct an_parser *parser, const struct an_point *point,
			 const json_t *metrics, struct found found[AN_MAX_METRICS],
			 size_t *metric_count, size_t *samples)
{
	size_t added = 0;
	const char *name;
	json_t *body;

	if (!json_is_object(metrics) || !json_object_get(metrics, "total"))
		return an_parse_error(parser, "\"metrics\" must be an object with \"total\"");
	*metric_count = 0;
	*samples = SIZE_MAX;
	json_object_foreach((json_t *)metrics, name, body) {
		int status;

		added += !an_point_metric(point, name);
		if (*metric_count == AN_MAX_METRICS || point->metric_count + added > AN_MAX_METRICS)
			return an_parse_error(parser, "more than %d metrics at one point",
					      AN_MAX_METRICS);
		found[*metric_count].name = name;
		status = check_metric(parser, point, body, &found[*metric_count], samples);
		if (status)
			return status;
		(*metric_count)++;
	}
	return MB_OK;
}

static void add_values(struct an_point *point, unsigned int boot, const struct found *found,
		       const double *values)
{
	struct an_metric *metric = an_point_metric(point, found->name);

	if (!metric)
		metric = an_point_add_metric(point, found->name, found->unit);
	if (found->values.count)
		an_column_append(an_metric_column(metric, boot), values + found->values.first,
				 found->values.count);
}

/* The object @key of @record, number by number through @add, which has added @count so far. */
static int take(const struct an_parser *parser, struct an_point *point, const json_t *record,
		const char *key,
		void (*add)(struct an_point *, const char *, double, size_t blocks),
		const size_t *count)
{
	json_t *object = json_object_get(record, key), *value;
	const char *name;

	if (!object || json_is_null(object))
		return MB_OK;
	if (!json_is_object(object))
		return an_parse_error(parser, "\"%s\" must be an object", key);
	json_object_foreach(object, name, value) {
		if (!json_is_number(value) || !isfinite(json_number_value(value)))
			return an_parse_error(parser, "%s \"%s\" is not a finite number", key,
					      name);
		add(point, name, json_number_value(value), 1);
		if (*count > AN_MAX_COUNTERS)
			return an_parse_error(parser, "more than %d %s at one point",
					      AN_MAX_COUNTERS, key);
	}
	return MB_OK;
}

/* Which samples were disturbed, where the block says so: their places, ascending. */
static int take_disturbed(const struct an_parser *parser, struct an_point *point,
			  const json_t *record, size_t samples)
{
	json_t *places = json_object_get(record, "disturbed"), *place;
	json_int_t last = -1;
	size_t i;

	if (!places)
		return MB_OK;
	if (!json_is_array(places))
		return an_parse_error(parser, "\"disturbed\" must be an array");
	json_array_foreach(places, i, place) {
		json_int_t at = json_integer_value(place);

		if (!json_is_integer(place) || at <= last || at >= (json_int_t)samples)
			return an_parse_error(
				parser, "\"disturbed\" must have places of values, ascending");
		last = at;
	}
	point->watched += (double)samples;
	point->disturbed += (double)json_array_size(places);
	return MB_OK;
}

/* Note whose @boot this is, by its first block. */
static void add_boot(struct an_parser *parser, const json_t *record, unsigned int boot)
{
	uint64_t bit = UINT64_C(1) << (boot < 63 ? boot : 63);
	char all[MB_DIGEST_HEX], values[MB_DIGEST_HEX], *text, *id;
	const char *base = parser->run->ids[0].text;

	if (parser->boots & bit)
		return;
	parser->boots |= bit;
	if (!*base)
		return;
	text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
	mb_digest(text, strlen(text), all);
	mb_digest(parser->values.at, parser->values.count * sizeof(*parser->values.at), values);
	id = mb_format("%s %s %s", base, all, values);
	an_run_add_id(parser->run, id, bit);
	free(id);
	free(text);
}

int an_parse_block(struct an_parser *parser, const json_t *record)
{
	static const char *const stops[AN_STOPS] = { "target", "time", "count" };
	const char *stopped = json_string_value(json_object_get(record, "stopped"));
	struct an_point *point = an_parse_point(parser, record);
	json_int_t boot, pages, requested, collected, migrated, invalid;
	struct found found[AN_MAX_METRICS];
	size_t samples = 0, metrics = 0;
	bool counted;
	int status;

	if (!point)
		return MB_REQUEST;
	status = an_parse_whole(parser, record, "boot", AN_MAX_BOOT, 0, &boot);
	status = status ?: an_parse_whole(parser, record, "pages", AN_MAX_PAGES, -1, &pages);
	status = status ?: an_parse_whole(parser, record, "requested", AN_MAX_PAGES, 0, &requested);
	status = status ?: an_parse_whole(parser, record, "collected", AN_MAX_PAGES, 0, &collected);
	status = status ?: an_parse_whole(parser, record, "migrated", AN_MAX_PAGES, 0, &migrated);
	status = status
			 ?: an_parse_whole(parser, record, "invalid", (json_int_t)1 << 40, 0,
					   &invalid);
	status = status
			 ?: check_metrics(parser, point, json_object_get(record, "metrics"), found,
					  &metrics, &samples);
	if (status)
		return status;
	if (!pages)
		return an_parse_error(parser, "\"pages\" is 0; a batch has one at least");
	if (point->pages && point->pages != (unsigned long)pages)
		return an_parse_error(parser,
				      "\"pages\" is %" JSON_INTEGER_FORMAT " and was %lu before",
				      pages, point->pages);
	status = take(parser, point, record, "counters", an_point_add_counter,
		      &point->counter_count);
	status = status
			 ?: take(parser, point, record, "witnesses", an_point_add_witness,
				 &point->witness_count);
	status = status ?: take_disturbed(parser, point, record, samples);
	if (status)
		return status;

	counted = json_object_get(record, "requested") || json_object_get(record, "migrated");
	point->pages = (unsigned long)pages;
	point->uneven |= json_is_true(json_object_get(record, "uneven"));
	point->counted = (point->counted || counted) && !point->uneven;
	point->requested += (double)requested * (double)samples;
	point->collected += (double)collected * (double)samples;
	point->migrated += (double)migrated * (double)samples;
	point->invalid += (double)invalid;
	point->blocks++;
	for (int i = 0; i < AN_STOPS && stopped; i++)
		point->stopped[i] += !strcmp(stopped, stops[i]);
	for (size_t i = 0; i < metrics; i++)
		add_values(point, (unsigned int)boot, &found[i], parser->values.at);
	parser->run->blocks++;
	parser->run->samples += samples;
	parser->seen[boot] = true;
	add_boot(parser, record, (unsigned int)boot);
	if ((unsigned int)boot >= parser->run->boots)
		parser->run->boots = (unsigned int)boot + 1;
	return MB_OK;
}
