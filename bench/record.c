// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>

#include "bench/probe.h"
#include "bench/record.h"
#include "core/runfile.h"
#include "core/status.h"

static void write_record(struct mb_recorder *recorder, json_t *record)
{
	if (recorder->noise)
		mb_floor_record(recorder->noise, record);
	if (!recorder->silent && !recorder->failed && mb_write_record(recorder->out, record)) {
		mb_fail(MB_MACHINE, "%s: cannot write: %s", recorder->path, strerror(errno));
		recorder->failed = true;
	}
	json_decref(record);
}

static json_t *config_object(const struct mb_run_info *info)
{
	const struct mb_suite *suite = info->suite;
	json_t *set = json_array(), *config;

	for (size_t i = 0; i < info->set->count; i++)
		json_array_append_new(set, json_string(info->set->at[i]));
	config =
		json_pack("{s:s, s:s?, s:o, s:I, s:I, s:I, s:I, s:s}", "suite", suite->name, "only",
			  info->only, "set", set, "rounds", (json_int_t)suite->rounds, "samples",
			  (json_int_t)suite->samples, "target_tenths_percent",
			  (json_int_t)suite->target, "point_time_ms", (json_int_t)suite->point_time,
			  "verify", suite->verify == MB_VERIFY_FULL ? "full" : "stamp");
	if (info->calibrate)
		json_object_set_new(config, "calibrate", json_integer((json_int_t)info->calibrate));
	if (info->budget)
		json_object_set_new(config, "budget", json_deep_copy(info->budget));
	return config;
}

void mb_record_run(struct mb_recorder *recorder, const struct mb_run_info *info, json_t *env)
{
	json_t *config = config_object(info);
	unsigned char random[8] = { 0 };
	char id[17], now[32];
	const char *kernel;

	if (recorder->guest) {
		write_record(recorder,
			     json_pack("{s:s, s:s, s:I, s:I, s:o, s:o}", "type", "env", "clock",
				       mb_clock_name(info->clock), "seed", (json_int_t)info->seed,
				       "blocks_planned", (json_int_t)info->blocks_planned, "env",
				       env, "config", config));
		return;
	}
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		mb_note("no random run id: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	kernel = json_string_value(json_object_get(env, "kernel"));
	write_record(recorder,
		     json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "type", "run",
			       "format", MB_RUNFILE_FORMAT, "id", id, "tool", MB_TOOL, "started",
			       mb_utc_now(now), "clock", mb_clock_name(info->clock), "label",
			       kernel ? kernel : "unknown", "seed", (json_int_t)info->seed, "env",
			       env, "config", config));
}

void mb_record_point(struct mb_recorder *recorder, const struct mb_point *point)
{
	write_record(recorder, json_pack("{s:s, s:i, s:s, s:o}", "type", "point", "id", point->id,
					 "benchmark", point->benchmark->name, "params",
					 mb_point_params(point)));
}

/* Whole numbers are written as such: counts of instructions are exact. */
static json_t *number(double value)
{
	return value == floor(value) && value < 9e15 ? json_integer((json_int_t)value)
						     : json_real(value);
}

void mb_record_block(struct mb_recorder *recorder, const struct mb_block *block,
		     enum mb_clock clock, unsigned long round, const char *stopped)
{
	const struct mb_case *benchmark = block->point->benchmark;
	json_t *record = json_pack("{s:s, s:i}", "type", "block", "point", block->point->id);
	json_t *metrics = json_object();

	if (!recorder->guest)
		json_object_set_new(record, "boot", json_integer(0));
	json_object_set_new(record, "round", json_integer((json_int_t)round));
	json_object_set_new(record, "pages",
			    json_integer((json_int_t)benchmark->pages(block->point)));
	if (benchmark->migrates) {
		json_object_set_new(record, "requested", json_integer(block->counts.requested));
		json_object_set_new(record, "collected", json_integer(block->counts.collected));
		json_object_set_new(record, "migrated", json_integer(block->counts.migrated));
	}
	json_object_set_new(record, "invalid", json_integer((json_int_t)block->invalid));
	for (size_t m = 0; m < block->metrics; m++) {
		json_t *values;

		if (block->count && isnan(block->values[m][0]))
			continue;
		values = json_array();
		for (size_t i = 0; i < block->count; i++)
			json_array_append_new(values, number(block->values[m][i]));
		json_object_set_new(
			metrics, benchmark->metrics[m],
			json_pack("{s:s, s:o}", "unit", mb_clock_unit(clock), "values", values));
	}
	json_object_set_new(record, "metrics", metrics);
	if (block->counters.count) {
		json_t *counters = json_object();

		for (size_t i = 0; i < block->counters.count; i++) {
			const struct mb_counter *counter = &block->counters.at[i];

			json_object_set_new(counters, counter->name,
					    number(counter->sum / (double)counter->samples));
		}
		json_object_set_new(record, "counters", counters);
	}
	if (stopped)
		json_object_set_new(record, "stopped", json_string(stopped));
	write_record(recorder, record);
	recorder->blocks += !recorder->silent;
}

void mb_record_skip(struct mb_recorder *recorder, const struct mb_point *point, const char *why)
{
	json_t *record = json_pack("{s:s, s:i}", "type", "skip", "point", point->id);

	if (!recorder->guest)
		json_object_set_new(record, "boot", json_integer(0));
	json_object_set_new(record, "why", json_string(why));
	write_record(recorder, record);
}

void mb_record_floors(struct mb_recorder *recorder, const struct mb_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		double level = mb_floor_of(recorder->noise, plan->points[i].name, 1, false);

		if (isfinite(level))
			write_record(recorder,
				     json_pack("{s:s, s:i, s:s, s:f, s:s}", "type", "floor",
					       "point", plan->points[i].id, "metric", "total",
					       "floor", level, "within", "boot"));
	}
}

size_t mb_record_probes(struct mb_recorder *recorder)
{
	size_t failed = 0;

	for (const struct mb_probe *const *probe = mb_probes(); *probe; probe++) {
		struct mb_probe_result result;
		json_t *record = json_pack("{s:s}", "type", "probe");

		mb_probe_ask(*probe, &result);
		failed += result.answer == MB_CONTRADICTION;
		json_object_update_new(record, mb_probe_object(*probe, &result));
		write_record(recorder, record);
	}
	return failed;
}

void mb_record_end(struct mb_recorder *recorder)
{
	char now[32];

	if (!recorder->guest)
		write_record(recorder,
			     json_pack("{s:s, s:I, s:s}", "type", "end", "blocks",
				       (json_int_t)recorder->blocks, "finished", mb_utc_now(now)));
}
