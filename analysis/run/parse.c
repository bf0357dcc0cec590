// SPDX-License-Identifier: GPL-2.0-or-later
/* Each record but a block into the run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/parse.h"
#include "analysis/run/words.h"
#include "core/record/read.h"
#include "core/status.h"

/* The string @key of @object, "" if it is missing or something else; malloc'd. */
static char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return mb_strdup(text ? text : "");
}

/*
 * What tells a kernel from others: its release; of the lab's for another architecture its label, which
 * has architecture and page size behind the release; and there the CPU, on which its counts depend.
 */
static char *release_of(const struct an_run *run)
{
	const char *release = json_string_value(json_object_get(run->env, "kernel"));
	const char *cpu = json_string_value(json_object_get(run->env, "cpu"));
	size_t length = release ? strlen(release) : 0;

	if (!length)
		return mb_strdup(*run->label ? run->label : "unknown");
	if (run->x86)
		return mb_strdup(release);
	if (!strncmp(run->label, release, length) && run->label[length] == '-')
		release = run->label;
	return mb_format("%s%s%.*s", release, cpu ? " " : "", cpu ? (int)strcspn(cpu, " ") : 0,
			 cpu ? cpu : "");
}

/* Figures of other stamps are not to stand in one column, nor to be set beside each other without a word. */
static char *kernel_of(const struct an_run *run)
{
	const char *stamps = json_string_value(json_object_get(run->env, "stamps"));
	char *release = release_of(run);

	if (stamps)
		an_extend(&release, ", %s stamps", stamps);
	return release;
}

/* A run that doesn't say is of before there was anything to say. */
static void take_machine(struct an_run *run)
{
	const char *arch = json_string_value(json_object_get(run->env, "arch"));
	const json_t *base = json_object_get(run->env, "page_size");
	const json_t *young = json_object_get(run->env, "hw_young");

	run->emulated = json_is_true(json_object_get(run->env, "emulated"));
	run->x86 = !arch || !strcmp(arch, "x86_64");
	run->sets_bits = json_is_integer(young) ? json_integer_value(young) == 1 : run->x86;
	run->base = AN_USUAL_BASE;
	if (json_integer_value(base) > 0)
		run->base = (unsigned long)json_integer_value(base);
}

static int take_run(struct an_parser *parser, const json_t *record)
{
	const json_t *format = json_object_get(record, "format"), *seed;
	const json_t *env = json_object_get(record, "env");
	const json_t *config = json_object_get(record, "config");
	const char *clock = mb_record_string(record, "clock");
	enum mb_clock known;
	const char *id = json_string_value(json_object_get(record, "id"));
	struct an_run *run = parser->run;
	char *unique;

	if (parser->started)
		return an_parse_error(parser, "a second run record; one file holds one run");
	if (!json_is_integer(format) || json_integer_value(format) != MB_RUNFILE_FORMAT)
		return an_parse_error(parser, "this program reads run files of format %d only",
				      MB_RUNFILE_FORMAT);
	if (!mb_clock_parse(clock, &known))
		return an_parse_error(parser, "\"clock\" must be \"time\" or \"insns\"");
	if ((env && !json_is_object(env)) || (config && !json_is_object(config)))
		return an_parse_error(parser, "\"env\" and \"config\" must be objects");

	run->insns = known == MB_INSNS;
	run->env = env ? json_deep_copy(env) : json_object();
	run->config = config ? json_deep_copy(config) : json_object();
	if (json_is_object(json_object_get(record, "lab")))
		run->lab = json_deep_copy(json_object_get(record, "lab"));
	take_machine(run);
	run->tool = string_of(record, "tool");
	run->started = string_of(record, "started");
	run->finished = mb_strdup("");
	/* Runs that started together under one id are one. */
	unique = id && *id ? mb_format("%s %s %s", id, clock, run->started) : mb_strdup("");
	an_run_add_id(run, unique, 0);
	free(unique);
	run->label = string_of(record, "label");
	seed = json_object_get(record, "seed");
	run->has_seed = json_is_integer(seed);
	run->seed = json_integer_value(seed);
	run->kernel = kernel_of(run);
	parser->started = true;
	return MB_OK;
}

static int check_params(const struct an_parser *parser, const json_t *params, const char *name)
{
	const char *key;
	json_t *value;

	if (!json_is_object(params))
		return an_parse_error(parser, "\"%s\" must be an object", name);
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
	json_t *neutral = json_object_get(record, "neutral");
	struct an_run *run = parser->run;
	struct an_point *point;
	json_int_t id;
	char *name;
	int status = an_parse_whole(parser, record, "id", AN_MAX_ID, -1, &id);

	if (status)
		return status;
	if (!benchmark || !*benchmark)
		return an_parse_error(parser, "\"benchmark\" must be a text");
	status = check_params(parser, params, "params");
	if (!status && neutral)
		status = check_params(parser, neutral, "neutral");
	if (status)
		return status;
	while (parser->index_size <= (size_t)id) {
		size_t old = parser->index_size;

		parser->index = mb_grow(parser->index, &parser->index_size, (size_t)id,
					sizeof(*parser->index));
		memset(parser->index + old, 0, (parser->index_size - old) * sizeof(*parser->index));
	}

	an_words_share(params);
	an_words_share(neutral);
	name = mb_record_name(record);
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
		point = an_run_add_point(run, name, benchmark, params, neutral);
	parser->index[id] = (size_t)(point - run->points) + 1;
	return MB_OK;
}

static int take_skip(struct an_parser *parser, const json_t *record)
{
	const char *why = json_string_value(json_object_get(record, "why"));
	struct an_point *point = an_parse_point(parser, record);
	json_int_t boot;
	int status;

	if (!point)
		return MB_REQUEST;
	status = an_parse_whole(parser, record, "boot", AN_MAX_BOOT, 0, &boot);
	if (status)
		return status;
	an_point_add_skip(point, (unsigned int)boot, why && *why ? why : "no reason given");
	return MB_OK;
}

static int take_floor(struct an_parser *parser, const json_t *record)
{
	const char *metric = json_string_value(json_object_get(record, "metric"));
	const json_t *floor = json_object_get(record, "floor");
	const char *within = json_string_value(json_object_get(record, "within"));
	struct an_point *point = an_parse_point(parser, record);

	if (!point)
		return MB_REQUEST;
	if (!json_is_number(floor) || !isfinite(json_number_value(floor)) ||
	    json_number_value(floor) < 0)
		return an_parse_error(parser, "\"floor\" is not a finite number from 0 on");
	if (!an_point_add_floor(point, metric ? metric : "total", json_number_value(floor)))
		return an_parse_error(parser, "more than %d noise floors at one point",
				      AN_MAX_METRICS);
	parser->run->floor_within_boot |= within && !strcmp(within, "boot");
	return MB_OK;
}

/* Every boot may say its probes again; the last word counts. */
static int take_probe(struct an_parser *parser, const json_t *record)
{
	const char *id = json_string_value(json_object_get(record, "id"));
	json_t *probes = parser->run->probes;
	size_t at = 0;

	if (!id || !*id || !json_is_string(json_object_get(record, "answer")))
		return an_parse_error(parser, "a probe needs the texts \"id\" and \"answer\"");
	while (at < json_array_size(probes) &&
	       strcmp(id, json_string_value(json_object_get(json_array_get(probes, at), "id"))))
		at++;
	if (at < json_array_size(probes))
		json_array_set_new(probes, at, json_deep_copy(record));
	else
		json_array_append_new(probes, json_deep_copy(record));
	return MB_OK;
}

static int take_end(struct an_parser *parser, const json_t *record)
{
	const char *why = json_string_value(json_object_get(record, "why"));
	const json_t *blocks = json_object_get(record, "blocks");
	struct an_run *run = parser->run;

	if (json_integer_value(blocks) > (json_int_t)run->blocks)
		run->lost = (size_t)json_integer_value(blocks) - run->blocks;
	run->ended = true;
	free(run->finished);
	run->finished = string_of(record, "finished");
	if (json_is_false(json_object_get(record, "valid"))) {
		run->valid = false;
		free(run->why_invalid);
		run->why_invalid = why ? mb_strdup(why) : NULL;
	}
	return MB_OK;
}

int an_parse_record(struct an_parser *parser, const json_t *record)
{
	/* Types without one are passed over. */
	static int (*const takers[MB_RECORD_TYPES])(struct an_parser *, const json_t *) = {
		[MB_RECORD_RUN] = take_run,	    [MB_RECORD_POINT] = take_point,
		[MB_RECORD_BLOCK] = an_parse_block, [MB_RECORD_SKIP] = take_skip,
		[MB_RECORD_PROBE] = take_probe,	    [MB_RECORD_FLOOR] = take_floor,
		[MB_RECORD_END] = take_end,
	};
	enum mb_record_type type = mb_record_type(record);

	if (type == MB_RECORD_NONE)
		return an_parse_error(parser, "%s",
				      parser->started ? "not a record: no \"type\""
						      : "not a run file: no run record");
	if (!parser->started && type != MB_RECORD_RUN && type != MB_RECORD_OTHER)
		return an_parse_error(parser, "not a run file: the first record is not \"run\"");
	return takers[type] ? takers[type](parser, record) : MB_OK;
}
