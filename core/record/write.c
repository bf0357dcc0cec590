// SPDX-License-Identifier: GPL-2.0-or-later
/* New records of a run file. */
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "core/record/write.h"
#include "core/status.h"

static json_t *new_record(enum mb_record_type type)
{
	return json_pack("{s:s}", "type", mb_record_types[type]);
}

static void set(json_t *record, const char *key, json_t *value)
{
	json_object_set_new(record, key, value);
}

static void set_whole(json_t *record, const char *key, unsigned long value)
{
	set(record, key, json_integer((json_int_t)value));
}

/* Now, in UTC, as "2026-11-22T08:00:00Z". */
static json_t *now_in_utc(void)
{
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

/* Whole numbers are written as such: counts of instructions are exact. */
static json_t *number(double value)
{
	return value == floor(value) && value < 9e15 ? json_integer((json_int_t)value)
						     : json_real(value);
}

static json_t *lab_object(const struct mb_run_lab *lab)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:I}", "kernel", lab->kernel, "topology",
				   lab->topology, "accelerator", lab->accelerator, "boots",
				   (json_int_t)lab->boots, "calibrate", (json_int_t)lab->calibrate);

	if (lab->key)
		set(object, "kernel_key", json_string(lab->key));
	set(object, "append", json_string(lab->append ? lab->append : ""));
	if (lab->cpu)
		set(object, "cpu", json_string(lab->cpu));
	if (lab->node)
		set(object, "node", json_string(lab->node));
	if (lab->turns)
		json_object_set(object, "turns", lab->turns);
	if (lab->budget)
		json_object_set(object, "budget", lab->budget);
	return object;
}

json_t *mb_new_run(const struct mb_run_head *head, json_t *env, json_t *config)
{
	unsigned char random[8];
	char id[2 * sizeof(random) + 1];
	json_t *run;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		mb_fail(MB_MACHINE, "no random number for the run's id: %m");
		json_decref(env);
		json_decref(config);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	run = new_record(MB_RECORD_RUN);
	set_whole(run, "format", MB_RUNFILE_FORMAT);
	set(run, "id", json_string(id));
	set(run, "tool", json_string(MB_TOOL));
	set(run, "started", now_in_utc());
	set(run, "clock", json_string(head->clock));
	set(run, "label", json_string(head->label));
	set_whole(run, "seed", head->seed);
	if (head->lab)
		set(run, "lab", lab_object(head->lab));
	set(run, "env", env);
	set(run, "config", config);
	return run;
}

json_t *mb_new_env(const struct mb_run_head *head, unsigned long planned, json_t *env,
		   json_t *config)
{
	json_t *record = new_record(MB_RECORD_ENV);

	set(record, "clock", json_string(head->clock));
	set_whole(record, "seed", head->seed);
	set_whole(record, "blocks_planned", planned);
	set(record, "env", env);
	set(record, "config", config);
	return record;
}

json_t *mb_new_point(int id, const char *benchmark, json_t *params, json_t *neutral)
{
	json_t *record = new_record(MB_RECORD_POINT);

	set(record, "id", json_integer(id));
	set(record, "benchmark", json_string(benchmark));
	set(record, "params", params);
	if (neutral)
		set(record, "neutral", neutral);
	return record;
}

/* "point", and behind it "boot". */
static json_t *result_of(enum mb_record_type type, int point, int boot)
{
	json_t *record = new_record(type);

	set(record, "point", json_integer(point));
	if (boot != MB_NO_BOOT)
		set(record, "boot", json_integer(boot));
	return record;
}

json_t *mb_new_block(const struct mb_block_head *head)
{
	json_t *record = result_of(MB_RECORD_BLOCK, head->point, head->boot);

	set_whole(record, "round", head->round);
	set_whole(record, "pages", head->pages);
	if (head->uneven)
		set(record, "uneven", json_true());
	if (head->migrates) {
		set_whole(record, "requested", head->requested);
		set_whole(record, "collected", head->collected);
		set_whole(record, "migrated", head->migrated);
	}
	set_whole(record, "invalid", head->invalid);
	if (head->disturbed) {
		json_t *places = json_array();

		for (size_t i = 0; i < head->disturbed_count; i++)
			json_array_append_new(places, json_integer((json_int_t)head->disturbed[i]));
		set(record, "disturbed", places);
	}
	set(record, "metrics", json_object());
	return record;
}

void mb_new_block_metric(json_t *block, const char *name, const char *unit, const double *values,
			 size_t count)
{
	json_t *array = json_array(), *metric = json_object();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, number(values[i]));
	set(metric, "unit", json_string(unit));
	set(metric, "values", array);
	set(json_object_get(block, "metrics"), name, metric);
}

static void set_inside(json_t *block, const char *object, const char *name, double value)
{
	if (!json_object_get(block, object))
		set(block, object, json_object());
	set(json_object_get(block, object), name, number(value));
}

void mb_new_block_counter(json_t *block, const char *name, double value)
{
	set_inside(block, "counters", name, value);
}

void mb_new_block_witness(json_t *block, const char *name, double value)
{
	set_inside(block, "witnesses", name, value);
}

void mb_new_block_stopped(json_t *block, const char *why)
{
	set(block, "stopped", json_string(why));
}

json_t *mb_new_skip(int point, int boot, const char *why)
{
	json_t *record = result_of(MB_RECORD_SKIP, point, boot);

	set(record, "why", json_string(why));
	return record;
}

json_t *mb_new_failed_boot(unsigned long boot, const char *why)
{
	json_t *record = new_record(MB_RECORD_BOOT);

	set_whole(record, "boot", boot);
	set(record, "failed", json_string(why));
	return record;
}

json_t *mb_new_probe(json_t *answer)
{
	json_t *record = new_record(MB_RECORD_PROBE);

	json_object_update_new(record, answer);
	return record;
}

json_t *mb_new_floor(json_int_t point, double floor, const char *within)
{
	json_t *record = new_record(MB_RECORD_FLOOR);

	set(record, "point", json_integer(point));
	set(record, "metric", json_string("total"));
	set(record, "floor", json_real(floor));
	if (within)
		set(record, "within", json_string(within));
	return record;
}

json_t *mb_new_end(unsigned long blocks, unsigned long boots, const char *invalid)
{
	json_t *record = new_record(MB_RECORD_END);

	set_whole(record, "blocks", blocks);
	if (boots)
		set_whole(record, "boots", boots);
	set(record, "finished", now_in_utc());
	if (invalid) {
		set(record, "valid", json_false());
		set(record, "why", json_string(invalid));
	}
	return record;
}

json_t *mb_with_boot(const json_t *record, unsigned long boot)
{
	json_t *copy = json_object(), *value;
	const char *key;

	json_object_foreach((json_t *)record, key, value) {
		json_object_set(copy, key, value);
		if (!strcmp(key, "point"))
			set_whole(copy, "boot", boot);
	}
	if (!json_object_get(copy, "boot"))
		set_whole(copy, "boot", boot);
	return copy;
}

int mb_write_record(FILE *out, const json_t *record)
{
	if (json_dumpf(record, out, JSON_COMPACT | JSON_REAL_PRECISION(17)) ||
	    putc('\n', out) == EOF || fflush(out))
		return -1;
	return 0;
}
