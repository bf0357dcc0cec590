// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/digest.h"
#include "core/runfile.h"
#include "core/status.h"
#include "lab/campaign/merge.h"

struct lab_merge_point {
	json_int_t id;
	json_t *record; /* of boot 0 */
	char *name;
	bool exact; /* one thread: each boot must repeat it */
	/* Digests over its blocks so far, in order: what boot 0 had, and the current boot. */
	char first[MB_DIGEST_HEX], current[MB_DIGEST_HEX];
};

static int write_record(struct lab_merge *merge, json_t *record)
{
	int status = MB_OK;

	if (!record || mb_write_record(merge->out, record))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %s", merge->path, strerror(errno));
	json_decref(record);
	return status;
}

void lab_merge_begin(struct lab_merge *merge, unsigned long boot)
{
	merge->boot = boot;
	merge->seen = 0;
	merge->seen_env = false;
	merge->begun = ftell(merge->out);
	merge->begun_blocks = merge->blocks;
	if (boot == 0)
		merge->valid = true;
	for (size_t i = 0; i < merge->count; i++)
		merge->points[i].current[0] = '\0';
}

static int write_run(struct lab_merge *merge)
{
	unsigned char random[8] = { 0 };
	char id[17], now[32];
	json_t *run;

	/* Only now is there something to replace an older file with. */
	if (ftruncate(fileno(merge->out), 0) && errno != EINVAL)
		return mb_fail(MB_MACHINE, "%s: %m", merge->path);
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return mb_fail(MB_MACHINE, "no random number for the run's id: %m");
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	/* In the guest the suite is always the same file; only we know what it was. */
	if (json_object_get(merge->config, "suite"))
		json_object_set_new(merge->config, "suite", json_string(merge->suite));
	run = json_pack(
		"{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:{s:s, s:s, s:s, s:I}, s:O, s:O}",
		"type", "run", "format", MB_RUNFILE_FORMAT, "id", id, "tool", MB_TOOL, "started",
		mb_utc_now(now), "clock", merge->clock, "label", merge->label, "seed",
		(json_int_t)merge->seed, "lab", "kernel", merge->kernel, "topology",
		merge->topology, "accelerator", merge->accelerator, "boots",
		(json_int_t)merge->boots, "env", merge->env, "config", merge->config);
	if (json_array_size(merge->turns) && merge->targets > 1)
		json_object_set(json_object_get(run, "lab"), "turns", merge->turns);
	if (merge->budget)
		json_object_set(json_object_get(run, "lab"), "budget", merge->budget);
	return write_record(merge, run);
}

/* The first key whose value is not the same in both objects, or NULL. */
static const char *first_difference(json_t *a, json_t *b)
{
	const char *key;
	json_t *value;

	json_object_foreach(a, key, value)
		if (!json_equal(value, json_object_get(b, key)))
			return key;
	json_object_foreach(b, key, value)
		if (!json_object_get(a, key))
			return key;
	return NULL;
}

static int take_env(struct lab_merge *merge, json_t *record)
{
	json_t *env = json_object_get(record, "env"), *config = json_object_get(record, "config");
	const char *key;

	if (!json_is_object(env) || merge->seen_env)
		return mb_fail(MB_MACHINE, "boot %lu of kernel %s: the guest's env record is wrong",
			       merge->boot, merge->kernel);
	merge->seen_env = true;
	/* The guest cannot know it. */
	json_object_set_new(env, "qemu", json_string(merge->qemu));
	merge->planned =
		(unsigned long)json_integer_value(json_object_get(record, "blocks_planned"));
	if (merge->boot == 0) {
		merge->env = json_incref(env);
		merge->config = json_is_object(config) ? json_incref(config) : json_object();
		return write_run(merge);
	}
	key = first_difference(merge->env, env);
	if (key)
		return mb_fail(MB_BAD,
			       "boot %lu of kernel %s is not the machine that boot 0 was: its "
			       "env has another '%s'",
			       merge->boot, merge->kernel, key);
	return MB_OK;
}

static struct lab_merge_point *find_point(struct lab_merge *merge, json_int_t id)
{
	for (size_t i = 0; i < merge->count; i++)
		if (merge->points[i].id == id)
			return &merge->points[i];
	return NULL;
}

static int add_point(struct lab_merge *merge, json_t *record)
{
	json_t *params = json_object_get(record, "params");
	json_t *threads = json_object_get(params, "threads");
	const char *benchmark = json_string_value(json_object_get(record, "benchmark"));
	struct lab_merge_point *points, *point;

	if (!benchmark || !json_is_object(params))
		return mb_fail(MB_MACHINE, "boot 0 of kernel %s: the guest's point record is wrong",
			       merge->kernel);
	points = mb_resize(merge->points, merge->count + 1, sizeof(*points));
	merge->points = points;
	point = &points[merge->count++];
	*point = (struct lab_merge_point){
		.id = json_integer_value(json_object_get(record, "id")),
		.record = json_incref(record),
		.name = mb_point_name(benchmark, params),
		.exact = !threads || json_integer_value(threads) == 1,
	};
	return write_record(merge, json_incref(record));
}

static int take_point(struct lab_merge *merge, json_t *record)
{
	size_t index = merge->seen++;

	if (merge->boot == 0)
		return add_point(merge, record);
	if (index < merge->count && json_equal(record, merge->points[index].record))
		return MB_OK;
	return mb_fail(MB_BAD,
		       "boot %lu of kernel %s has another plan than boot 0: point record %zu "
		       "differs",
		       merge->boot, merge->kernel, index);
}

/* The same record with "boot" behind "point", where readers expect it. */
static json_t *with_boot(struct lab_merge *merge, json_t *record)
{
	json_t *copy = json_object(), *value;
	const char *key;

	json_object_foreach(record, key, value) {
		json_object_set(copy, key, value);
		if (!strcmp(key, "point"))
			json_object_set_new(copy, "boot", json_integer((json_int_t)merge->boot));
	}
	if (!json_object_get(copy, "boot"))
		json_object_set_new(copy, "boot", json_integer((json_int_t)merge->boot));
	return copy;
}

/* Blocks and skips: what a point gave, and so what must come again. */
static int take_result(struct lab_merge *merge, json_t *record, const char *line, bool block)
{
	json_int_t id = json_integer_value(json_object_get(record, "point"));
	struct lab_merge_point *point = find_point(merge, id);
	char *chain;

	if (!point)
		return mb_fail(MB_MACHINE,
			       "boot %lu of kernel %s: the guest sent a result of a point "
			       "that it had not named",
			       merge->boot, merge->kernel);
	chain = mb_format("%s%s", point->current, line);
	mb_digest(chain, strlen(chain), point->current);
	free(chain);
	merge->blocks += block;
	return write_record(merge, with_boot(merge, record));
}

int lab_merge_line(struct lab_merge *merge, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	const char *type = json_string_value(json_object_get(record, "type"));
	int status;

	if (!type)
		status = mb_fail(MB_MACHINE,
				 "boot %lu of kernel %s: the guest sent a line that is no "
				 "record: %.100s",
				 merge->boot, merge->kernel, line);
	else if (!strcmp(type, "env"))
		status = take_env(merge, record);
	else if (!merge->seen_env)
		status = mb_fail(MB_MACHINE,
				 "boot %lu of kernel %s: the guest's first record is no "
				 "env",
				 merge->boot, merge->kernel);
	else if (!strcmp(type, "point"))
		status = take_point(merge, record);
	else if (!strcmp(type, "block") || !strcmp(type, "skip"))
		status = take_result(merge, record, line, *type == 'b');
	else if (!strcmp(type, "probe") && merge->boot)
		status = MB_OK; /* the kernel has said that */
	else
		status = write_record(merge, with_boot(merge, record));
	json_decref(record);
	return status;
}

int lab_merge_failed(struct lab_merge *merge, const char *why)
{
	if (merge->boot == 0)
		return MB_OK; /* there is no run to speak of */
	merge->blocks = merge->begun_blocks;
	if (fflush(merge->out) || ftruncate(fileno(merge->out), merge->begun) ||
	    fseek(merge->out, merge->begun, SEEK_SET))
		return mb_fail(MB_MACHINE, "%s: cannot write: %m", merge->path);
	return write_record(merge, json_pack("{s:s, s:I, s:s}", "type", "boot", "boot",
					     (json_int_t)merge->boot, "failed", why));
}

int lab_merge_boot_end(struct lab_merge *merge)
{
	const char *first = NULL;
	unsigned long differing = 0;

	if (!merge->seen_env)
		return mb_fail(MB_MACHINE, "boot %lu of kernel %s: the guest sent no env record",
			       merge->boot, merge->kernel);
	if (merge->seen != merge->count)
		return mb_fail(MB_BAD, "boot %lu of kernel %s has %zu points where boot 0 has %zu",
			       merge->boot, merge->kernel, merge->seen, merge->count);
	for (size_t i = 0; i < merge->count; i++) {
		struct lab_merge_point *point = &merge->points[i];

		if (merge->boot == 0) {
			memcpy(point->first, point->current, sizeof(point->first));
		} else if (point->exact && strcmp(point->first, point->current)) {
			if (!differing++)
				first = point->name;
		}
	}
	if (merge->exact && differing) {
		merge->valid = false;
		mb_fail(MB_BAD,
			"boot %lu of kernel %s differs from boot 0 in %lu of %zu points, first "
			"in %s: the run is invalid",
			merge->boot, merge->kernel, differing, merge->count, first);
	}
	return MB_OK;
}

int lab_merge_floors(struct lab_merge *merge, const struct mb_floor *noise)
{
	bool exact = !strcmp(merge->clock, "insns");
	int status = MB_OK;

	for (size_t i = 0; !status && i < merge->count; i++) {
		struct lab_merge_point *point = &merge->points[i];
		double floor = mb_floor_of(noise, point->name, merge->boots, exact);

		if (isfinite(floor))
			status = write_record(merge, json_pack("{s:s, s:I, s:s, s:f}", "type",
							       "floor", "point", point->id,
							       "metric", "total", "floor", floor));
	}
	return status;
}

int lab_merge_finish(struct lab_merge *merge)
{
	char now[32];
	json_t *record = json_pack("{s:s, s:I, s:I, s:s}", "type", "end", "blocks",
				   (json_int_t)merge->blocks, "boots", (json_int_t)merge->boots,
				   "finished", mb_utc_now(now));
	int status;

	if (merge->exact && !merge->valid)
		json_object_set_new(record, "valid", json_false());
	status = write_record(merge, record);
	if (!status && merge->exact && !merge->valid)
		status = MB_BAD;
	return status;
}

void lab_merge_free(struct lab_merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		json_decref(merge->points[i].record);
		free(merge->points[i].name);
	}
	free(merge->points);
	json_decref(merge->env);
	json_decref(merge->config);
	json_decref(merge->turns);
	merge->turns = NULL;
	merge->points = NULL;
	merge->count = 0;
	merge->env = merge->config = NULL;
}
