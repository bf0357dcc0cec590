// SPDX-License-Identifier: GPL-2.0-or-later
/* Records of boots into one run file, each boot held against boot 0. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/digest.h"
#include "core/record/read.h"
#include "core/record/write.h"
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

	if (!record ||
	    mb_write_record(merge->held.stream ? merge->held.stream : merge->out, record))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %s", merge->path, strerror(errno));
	json_decref(record);
	return status;
}

/* There is something to replace an older file with. */
static int replace(struct lab_merge *merge)
{
	return merge->held.stream && mb_held_end(&merge->held, merge->out)
		       ? mb_fail(MB_MACHINE, "%s: cannot write: %s", merge->path, strerror(errno))
		       : MB_OK;
}

void lab_merge_begin(struct lab_merge *merge, unsigned long boot)
{
	merge->boot = boot;
	merge->seen = 0;
	merge->seen_env = false;
	merge->begun = ftell(merge->out);
	merge->begun_blocks = merge->blocks;
	if (boot == 0) {
		free(merge->why);
		merge->why = NULL;
	}
	for (size_t i = 0; i < merge->count; i++)
		merge->points[i].current[0] = '\0';
}

/* How the run record begins. */
static struct mb_run_head head_of(const struct lab_merge *merge, struct mb_run_lab *lab)
{
	bool turns = json_array_size(merge->turns) && merge->targets > 1;

	*lab = (struct mb_run_lab){ .kernel = merge->kernel,
				    .key = merge->kernel_key,
				    .append = merge->append,
				    .topology = merge->topology,
				    .accelerator = merge->accelerator,
				    .cpu = merge->cpu_name,
				    .boots = merge->boots,
				    .calibrate = merge->calibrate,
				    .node = getenv("SLURMD_NODENAME"),
				    .turns = turns ? merge->turns : NULL,
				    .budget = merge->budget };
	return (struct mb_run_head){
		.clock = merge->clock, .label = merge->label, .seed = merge->seed, .lab = lab
	};
}

bool lab_merge_is_of(const struct lab_merge *merge, const json_t *run)
{
	struct mb_run_lab lab;
	const struct mb_run_head head = head_of(merge, &lab);

	return mb_record_is_run(run, &head, merge->suite);
}

static int write_run(struct lab_merge *merge)
{
	struct mb_run_lab lab;
	const struct mb_run_head head = head_of(merge, &lab);
	json_t *run;

	mb_held_begin(&merge->held, merge->out);
	/* In the guest the suite is always the same file; only we know what it was. */
	if (json_object_get(merge->config, "suite"))
		json_object_set_new(merge->config, "suite", json_string(merge->suite));
	run = mb_new_run(&head, json_incref(merge->env), json_incref(merge->config));
	return run ? write_record(merge, run) : MB_MACHINE;
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

/* The guest sees its nodes, and not what machine they are made after. */
static void add_after(const struct lab_merge *merge, json_t *env)
{
	const char *seen = json_string_value(json_object_get(env, "topology"));
	char *text;

	if (!merge->after || !seen)
		return;
	text = mb_format("%s; %s", seen, merge->after);
	json_object_set_new(env, "topology", json_string(text));
	free(text);
}

static int take_env(struct lab_merge *merge, json_t *record)
{
	json_t *env = json_object_get(record, "env"), *config = json_object_get(record, "config");
	const char *key;

	if (!json_is_object(env) || merge->seen_env)
		return mb_fail(MB_MACHINE, "boot %lu of kernel %s: the guest's env record is wrong",
			       merge->boot, merge->kernel);
	merge->seen_env = true;
	/* The guest cannot know these. */
	json_object_set_new(env, "qemu", json_string(merge->qemu));
	json_object_set_new(env, "cpu_model", json_string(merge->cpu));
	json_object_set_new(env, "program_sha256", json_string(merge->program));
	add_after(merge, env);
	merge->planned = (unsigned long)mb_record_number(record, "blocks_planned");
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
	json_t *threads = json_object_get(json_object_get(record, "params"), "threads");
	struct lab_merge_point *points, *point;
	char *name = mb_record_name(record);

	if (!name)
		return mb_fail(MB_MACHINE, "boot 0 of kernel %s: the guest's point record is wrong",
			       merge->kernel);
	points = mb_resize(merge->points, merge->count + 1, sizeof(*points));
	merge->points = points;
	point = &points[merge->count++];
	*point = (struct lab_merge_point){
		.id = mb_record_point_id(record),
		.record = json_incref(record),
		.name = name,
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

/* Whether @block has a valid sample. */
static bool has_values(const json_t *block)
{
	json_t *metrics = json_object_get(block, "metrics");
	const char *name;
	json_t *metric;

	json_object_foreach(metrics, name, metric)
		if (json_array_size(mb_record_values(block, name)))
			return true;
	return false;
}

/* Blocks and skips: what a point gave, and so what must come again. */
static int take_result(struct lab_merge *merge, json_t *record, const char *line, bool block)
{
	struct lab_merge_point *point = find_point(merge, mb_record_point_id(record));
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
	if (write_record(merge, mb_with_boot(record, merge->boot)))
		return MB_MACHINE;
	return block && has_values(record) ? replace(merge) : MB_OK;
}

int lab_merge_line(struct lab_merge *merge, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	enum mb_record_type type = mb_record_type(record);
	int status;

	if (type == MB_RECORD_NONE)
		status = mb_fail(MB_MACHINE,
				 "boot %lu of kernel %s: the guest sent a line that is no "
				 "record: %.100s",
				 merge->boot, merge->kernel, line);
	else if (type == MB_RECORD_ENV)
		status = take_env(merge, record);
	else if (!merge->seen_env)
		status = mb_fail(MB_MACHINE,
				 "boot %lu of kernel %s: the guest's first record is no "
				 "env",
				 merge->boot, merge->kernel);
	else if (type == MB_RECORD_POINT)
		status = take_point(merge, record);
	else if (type == MB_RECORD_BLOCK || type == MB_RECORD_SKIP)
		status = take_result(merge, record, line, type == MB_RECORD_BLOCK);
	else if (type == MB_RECORD_PROBE && merge->boot)
		status = MB_OK; /* the kernel has said that */
	else
		status = write_record(merge, mb_with_boot(record, merge->boot));
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
	return write_record(merge, mb_new_failed_boot(merge->boot, why));
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
		free(merge->why);
		merge->why =
			mb_format("boot %lu differs from boot 0 in %lu of %zu points, first in %s",
				  merge->boot, differing, merge->count, first);
		mb_fail(MB_BAD, "kernel %s: %s: the run is invalid", merge->kernel, merge->why);
	}
	/* What ends well without a block has answers of probes. */
	return replace(merge);
}

int lab_merge_floors(struct lab_merge *merge, const struct mb_floor *noise)
{
	bool exact = !strcmp(merge->clock, "insns");
	int status = MB_OK;

	for (size_t i = 0; !status && i < merge->count; i++) {
		struct lab_merge_point *point = &merge->points[i];
		double floor = mb_floor_of(noise, point->name, merge->boots, exact);

		if (isfinite(floor))
			status = write_record(merge, mb_new_floor(point->id, floor, NULL));
	}
	return status;
}

int lab_merge_finish(struct lab_merge *merge)
{
	int status = write_record(merge, mb_new_end(merge->blocks, merge->boots, merge->why));

	return !status && merge->why ? MB_BAD : status;
}

void lab_merge_free(struct lab_merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		json_decref(merge->points[i].record);
		free(merge->points[i].name);
	}
	free(merge->points);
	free(merge->why);
	merge->why = NULL;
	mb_held_free(&merge->held);
	json_decref(merge->env);
	json_decref(merge->config);
	json_decref(merge->turns);
	merge->turns = NULL;
	merge->points = NULL;
	merge->count = 0;
	merge->env = merge->config = NULL;
}
