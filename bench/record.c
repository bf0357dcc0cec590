// SPDX-License-Identifier: GPL-2.0-or-later
/* The run file: opened, what was measured as records of it, and closed. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "bench/probe.h"
#include "bench/record.h"
#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/record/read.h"
#include "core/record/write.h"
#include "core/status.h"

/* results/local/KERNEL-CLOCK-TIMESTAMP.jsonl below the working directory. */
static char *default_out(void)
{
	struct utsname name;
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];

	uname(&name);
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (mb_make_folders("results/local"))
		return NULL;
	return mb_format("results/local/%s-time-%s.jsonl", name.release, stamp);
}

/* @path, new, or one that is there where @force says so, which *@existed then tells. NULL: errno. */
static FILE *open_file(const char *path, bool force, bool *existed)
{
	/* What exists is found by the kernel, not by a look beforehand. */
	FILE *out = fopen(path, "wxe");

	*existed = !out && errno == EEXIST;
	if (!out && *existed && force)
		out = fopen(path, "ae");
	return out;
}

int mb_recorder_open(struct mb_recorder *recorder, const char *out, bool force)
{
	char *path = out ? mb_strdup(out) : default_out();

	if (!path)
		return mb_fail(MB_REQUEST, "results/local: %s; give --out FILE", strerror(errno));
	recorder->path = path;
	if (!*path || !strcmp(path, "-")) {
		mb_fail(MB_REQUEST, "run: --out needs the name of a file, not '%s'", path);
		free(path);
		return MB_REQUEST;
	}
	if (mb_is_folder(path)) {
		mb_fail(MB_REQUEST, "%s: is a folder; give a file", path);
		free(path);
		return MB_REQUEST;
	}
	recorder->out = open_file(path, force, &recorder->existed);
	if (recorder->out && mb_lock_file(fileno(recorder->out))) {
		mb_held_begin(&recorder->held, recorder->out);
		return 0;
	}
	if (recorder->out) {
		mb_fail(MB_REQUEST, "%s: another migbench is writing it", path);
		fclose(recorder->out);
	} else {
		mb_fail(MB_REQUEST,
			errno == EEXIST ? "%s: %s; --force overwrites it" : "%s: cannot write: %s",
			path, strerror(errno));
	}
	free(path);
	return MB_REQUEST;
}

int mb_recorder_close(struct mb_recorder *recorder, int status, bool quiet)
{
	/* Nothing was found out: nothing shall stand in the way of the next try. */
	if (status && !recorder->begun && !recorder->existed)
		unlink(recorder->path);
	mb_held_free(&recorder->held);
	if (fclose(recorder->out) && !recorder->failed)
		status = mb_fail(MB_MACHINE, "%s: cannot write: %s", recorder->path,
				 strerror(errno));
	if (status == MB_OK && !quiet)
		mb_put_name(recorder->path);
	free((char *)recorder->path);
	return status;
}

static void fail(struct mb_recorder *recorder)
{
	mb_fail(MB_MACHINE, "%s: cannot write: %s", recorder->path, strerror(errno));
	recorder->failed = true;
}

static void write_record(struct mb_recorder *recorder, json_t *record)
{
	if (recorder->noise)
		mb_floor_record(recorder->noise, record);
	if (!recorder->silent && !recorder->failed) {
		FILE *held = recorder->held.stream;

		if (mb_write_record(held ? held : recorder->out, record))
			fail(recorder);
		else
			recorder->begun |= !held;
	}
	json_decref(record);
}

/* Bytes that are no UTF-8, which file names may have, become question marks; NULL becomes null. */
static json_t *text_of(const char *text)
{
	json_t *made = text ? json_string(text) : json_null();
	char *copy;

	if (made)
		return made;
	copy = mb_strdup(text);
	for (char *at = copy; *at; at++)
		if ((unsigned char)*at > '~')
			*at = '?';
	made = json_string(copy);
	free(copy);
	return made;
}

static json_t *config_object(const struct mb_run_info *info)
{
	const struct mb_suite *suite = info->suite;
	/* Not where it lies, which may name who lies there: the file is made to be published. */
	char *name = suite->name ? mb_config_name(suite->name) : NULL;
	json_t *set = json_array(), *config;

	for (size_t i = 0; i < info->set->count; i++)
		json_array_append_new(set, text_of(info->set->at[i]));
	config = json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s}", "suite", text_of(name),
			   "only", text_of(info->only), "set", set, "rounds",
			   (json_int_t)suite->rounds, "samples", (json_int_t)suite->samples,
			   "target_tenths_percent", (json_int_t)suite->target, "point_time_ms",
			   (json_int_t)suite->point_time, "verify",
			   suite->verify == MB_VERIFY_FULL ? "full" : "stamp");
	free(name);
	if (info->calibrate)
		json_object_set_new(config, "calibrate", json_integer((json_int_t)info->calibrate));
	if (info->perf)
		json_object_set_new(config, "perf", json_string(info->perf));
	if (info->budget)
		json_object_set_new(config, "budget", json_deep_copy(info->budget));
	return config;
}

void mb_record_run(struct mb_recorder *recorder, const struct mb_run_info *info, json_t *env)
{
	const char *kernel = mb_record_string(env, "kernel");
	const struct mb_run_head head = { .clock = mb_clock_name(info->clock),
					  .label = kernel ? kernel : "unknown",
					  .seed = info->seed };
	json_t *config = config_object(info), *run;

	if (recorder->guest)
		run = mb_new_env(&head, info->blocks_planned, env, config);
	else
		run = mb_new_run(&head, env, config);
	recorder->failed |= !run;
	write_record(recorder, run);
}

void mb_record_point(struct mb_recorder *recorder, const struct mb_point *point)
{
	write_record(recorder, mb_new_point(point->id, point->benchmark->name,
					    mb_point_params(point), mb_point_neutral(point)));
}

/* In a guest the host knows which boot it is. */
static int boot_of(const struct mb_recorder *recorder)
{
	return recorder->guest ? MB_NO_BOOT : 0;
}

void mb_record_block(struct mb_recorder *recorder, const struct mb_block *block,
		     enum mb_clock clock, unsigned long round, const char *stopped)
{
	const struct mb_case *benchmark = block->point->benchmark;
	json_t *record = mb_new_block(&(struct mb_block_head){
		.point = block->point->id,
		.boot = boot_of(recorder),
		.round = round,
		.pages = mb_pages(block->point),
		.uneven = block->uneven,
		.migrates = benchmark->migrates && !block->uneven,
		.requested = block->counts.requested,
		.collected = block->counts.collected,
		.migrated = block->counts.migrated,
		.invalid = block->invalid,
		.disturbed = block->disturbed,
		.disturbed_count = block->disturbed_count,
	});

	for (size_t m = 0; m < block->metrics; m++)
		if (!block->count || !isnan(block->values[m][0]))
			mb_new_block_metric(record, benchmark->metrics[m], mb_clock_unit(clock),
					    block->values[m], block->count);
	for (size_t i = 0; i < block->counters.count; i++) {
		const struct mb_counter *counter = &block->counters.at[i];

		mb_new_block_counter(record, counter->name,
				     counter->sum / (double)counter->samples);
	}
	for (size_t i = 0; i < block->witnesses.count; i++)
		mb_new_block_witness(record, block->witnesses.at[i].name,
				     block->witnesses.at[i].sum);
	if (stopped)
		mb_new_block_stopped(record, stopped);
	write_record(recorder, record);
	/* Now there is something to replace an older file with. */
	if (recorder->held.stream && !recorder->silent && block->count && !recorder->failed &&
	    mb_held_end(&recorder->held, recorder->out))
		fail(recorder);
	recorder->blocks += !recorder->silent;
}

void mb_record_skip(struct mb_recorder *recorder, const struct mb_point *point, const char *why)
{
	snprintf(recorder->skipped, sizeof(recorder->skipped), "%s", why);
	write_record(recorder, mb_new_skip(point->id, boot_of(recorder), why));
}

void mb_record_floors(struct mb_recorder *recorder, const struct mb_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		double level = mb_floor_of(recorder->noise, plan->points[i].name, 1, false);

		if (isfinite(level))
			write_record(recorder, mb_new_floor(plan->points[i].id, level, "boot"));
	}
}

size_t mb_record_probes(struct mb_recorder *recorder)
{
	size_t failed = 0;

	for (const struct mb_probe *const *probe = mb_probes(); *probe; probe++) {
		struct mb_probe_result result;

		mb_probe_ask(*probe, &result);
		failed += result.answer == MB_CONTRADICTION;
		write_record(recorder, mb_new_probe(mb_probe_object(*probe, &result)));
	}
	return failed;
}

void mb_record_end(struct mb_recorder *recorder)
{
	if (!recorder->guest)
		write_record(recorder, mb_new_end(recorder->blocks, 0, NULL));
}
