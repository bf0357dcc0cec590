// SPDX-License-Identifier: GPL-2.0-or-later
/* What was observed, as a run file: a point for each size, a block for each outcome. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/record/held.h"
#include "core/record/read.h"
#include "core/record/write.h"
#include "core/status.h"
#include "observe/show.h"

#define OUTCOMES_MOST 16 /* of a size; calls that ended in yet another way are counted as invalid */

/* Sizes of one driver, process and direction, whatever the process's number: a point. */
struct point {
	const struct ob_driver *driver;
	const struct ob_size **sizes;
	size_t count;
	char *process;
};

struct points {
	struct point *at;
	size_t count, capacity;
};

struct writer {
	FILE *out;
	bool failed;
	unsigned long blocks;
};

static void put(struct writer *writer, json_t *record)
{
	writer->failed |= !record || mb_write_record(writer->out, record) != 0;
	json_decref(record);
}

/* A process's name as a parameter's value; the kernel's workers are one. */
static char *process_name(const char *comm)
{
	char *name;

	if (!strncmp(comm, "kworker/", 8))
		return mb_strdup("kworker");
	name = mb_strdup(*comm ? comm : "?");
	for (char *at = name; *at; at++)
		if (!isgraph((unsigned char)*at) || strchr(",=/*?[]", *at))
			*at = '_';
	return name;
}

static json_t *params_of(const struct point *point)
{
	return json_pack("{s:I, s:s, s:s, s:s}", "batch", (json_int_t)point->sizes[0]->key.pages,
			 "direction", ob_kind_names[point->driver->kind], "driver",
			 point->driver->name, "process", point->process);
}

static struct point *point_of(struct points *points, const struct ob_driver *driver,
			      const struct ob_size *size)
{
	char *process = process_name(size->sums.comm);

	for (size_t i = 0; i < points->count; i++) {
		struct point *point = &points->at[i];

		if (point->driver->kind == driver->kind &&
		    !strcmp(point->driver->name, driver->name) &&
		    !strcmp(point->process, process) &&
		    point->sizes[0]->key.pages == size->key.pages) {
			free(process);
			return point;
		}
	}
	points->at = mb_grow(points->at, &points->capacity, points->count, sizeof(*points->at));
	points->at[points->count] = (struct point){ .driver = driver, .process = process };
	return &points->at[points->count++];
}

static struct points gather(const struct ob_results *results)
{
	struct points points = { 0 };

	for (size_t d = 0; d < results->driver_count; d++) {
		const struct ob_driver *driver = &results->drivers[d];

		for (size_t i = 0; i < driver->count; i++) {
			const struct ob_size *size = driver->sizes[i];
			struct point *point;

			/* What is of many sizes is of no batch. */
			if (size->key.pages == OB_SIZE_OTHER || !size->count)
				continue;
			point = point_of(&points, driver, size);
			point->sizes =
				mb_resize(point->sizes, point->count + 1, sizeof(*point->sizes));
			point->sizes[point->count++] = size;
		}
	}
	return points;
}

static void forget(struct points *points)
{
	for (size_t i = 0; i < points->count; i++) {
		free(points->at[i].sizes);
		free(points->at[i].process);
	}
	free(points->at);
}

/* All calls of @point that are kept; malloc'd. */
static struct ob_call *calls_of(const struct point *point, size_t *count)
{
	struct ob_call *calls = NULL;

	*count = 0;
	for (size_t i = 0; i < point->count; i++) {
		const struct ob_size *size = point->sizes[i];

		calls = mb_resize(calls, *count + size->count, sizeof(*calls));
		memcpy(calls + *count, size->samples, size->count * sizeof(*calls));
		*count += size->count;
	}
	return calls;
}

/* By outcome: most migrated first. */
static int by_outcome(const void *a, const void *b)
{
	const struct ob_call *x = a, *y = b;

	if (x->migrated != y->migrated)
		return x->migrated > y->migrated ? -1 : 1;
	if (x->collected != y->collected)
		return x->collected > y->collected ? -1 : 1;
	if (x->unread != y->unread)
		return x->unread < y->unread ? -1 : 1;
	return 0;
}

static void counters(json_t *block, const struct point *point, bool flushes)
{
	double finished = 0, calls = 0, sums[4] = { 0 };
	static const char *const names[] = { "tlb_flushes", "tlb_full_flushes", "tlb_pages",
					     "ipi_rounds" };

	for (size_t i = 0; i < point->count; i++) {
		const struct ob_sums *of = &point->sizes[i]->sums;

		calls += (double)of->calls;
		finished += (double)of->finished;
		sums[0] += (double)of->flushes;
		sums[1] += (double)of->full_flushes;
		sums[2] += (double)of->flush_pages;
		sums[3] += (double)of->ipis;
	}
	for (size_t c = 0; flushes && finished > 0 && c < 4; c++)
		mb_new_block_counter(block, names[c], sums[c] / finished);
	mb_new_block_counter(block, "calls", calls);
}

static void write_block(struct writer *writer, int id, const struct ob_call *calls, size_t count,
			unsigned long round, unsigned long invalid, const struct point *point,
			bool flushes)
{
	double *values = mb_alloc(count, sizeof(*values));
	json_t *block = mb_new_block(&(struct mb_block_head){
		.point = id,
		.round = round,
		.pages = calls->key.pages,
		/* Of pages that were not looked at nothing is said, rather than too little. */
		.migrates = !calls->unread,
		.requested = calls->key.pages,
		.collected = calls->collected,
		.migrated = calls->migrated,
		.invalid = invalid,
	});

	/* The total first, as in every run file. */
	for (int i = 0; i < OB_SPANS; i++) {
		int span = i == 0 ? OB_TOTAL : i <= OB_TOTAL ? i - 1 : i;
		bool there = true;

		for (size_t c = 0; c < count; c++) {
			values[c] = (double)calls[c].ns[span];
			there &= calls[c].ns[span] > 0;
		}
		if (there)
			mb_new_block_metric(block, ob_span_names[span], mb_clock_unit(MB_TIME),
					    values, count);
	}
	if (!round)
		counters(block, point, flushes);
	put(writer, block);
	writer->blocks++;
	free(values);
}

static void write_blocks(struct writer *writer, int id, const struct point *point, bool flushes)
{
	size_t count, first = 0;
	struct ob_call *calls = calls_of(point, &count);
	unsigned long round = 0;

	qsort(calls, count, sizeof(*calls), by_outcome);
	while (first < count) {
		size_t last = first + 1;
		bool over = round == OUTCOMES_MOST - 1;

		while (last < count && !by_outcome(&calls[first], &calls[last]))
			last++;
		write_block(writer, id, calls + first, last - first, round++,
			    over ? count - last : 0, point, flushes);
		if (over)
			break;
		first = last;
	}
	free(calls);
}

static json_t *config_of(const struct ob_results *results)
{
	const struct ob_lost *lost = &results->lost;
	json_t *config = json_pack(
		"{s:s, s:s, s:s, s:f, s:{s:I, s:I, s:I, s:I}}", "suite", "observe", "command",
		results->command, "by", results->way->name, "seconds", results->seconds, "lost",
		"calls", (json_int_t)lost->calls, "returns", (json_int_t)lost->returns, "samples",
		(json_int_t)lost->samples, "events", (json_int_t)lost->events);

	if (results->cost.known)
		json_object_set_new(config, "cost",
				    json_pack("{s:I, s:I}", "runs", (json_int_t)results->cost.runs,
					      "ns", (json_int_t)results->cost.ns));
	return config;
}

int ob_write_run(const char *path, bool force, const struct ob_results *results, json_t *env)
{
	/* An older one stays where there is no room for this one. */
	FILE *out = fopen(path, force ? "ae" : "wxe");
	struct mb_held held = { 0 };
	struct writer writer = { .out = out };
	struct points points = { 0 };
	const char *kernel = mb_record_string(env, "kernel");
	const struct mb_run_head head = { .clock = mb_clock_name(MB_TIME),
					  .label = kernel ? kernel : "unknown" };

	if (!out) {
		json_decref(env);
		return mb_fail(MB_REQUEST,
			       errno == EEXIST ? "%s: %s; --force overwrites it"
					       : "%s: cannot write: %s",
			       path, strerror(errno));
	}
	mb_held_begin(&held, out);
	if (held.stream)
		writer.out = held.stream;
	put(&writer, mb_new_run(&head, env, config_of(results)));
	points = gather(results);
	for (size_t i = 0; i < points.count; i++) {
		put(&writer, mb_new_point((int)i, "observe", params_of(&points.at[i]), NULL));
		write_blocks(&writer, (int)i, &points.at[i], results->sight.flushes);
	}
	put(&writer, mb_new_end(writer.blocks, 0, NULL));
	forget(&points);
	if (held.stream && !writer.failed)
		writer.failed = mb_held_end(&held, out);
	mb_held_free(&held);
	if (fclose(out) || writer.failed)
		return mb_fail(MB_MACHINE, "%s: cannot write: %s", path, strerror(errno));
	return MB_OK;
}
