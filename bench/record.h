/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the run file, record by record. In a guest the host adds run, end, boot and times. */
#ifndef MIGBENCH_BENCH_RECORD_H
#define MIGBENCH_BENCH_RECORD_H

#include <stdio.h>

#include "bench/block.h"
#include "bench/plan.h"
#include "core/floor.h"
#include "core/record/held.h"

struct mb_recorder {
	FILE *out;
	const char *path; /* for error lines */
	struct mb_held held; /* what comes before the first block, where there was a file */
	bool existed; /* that file */
	bool begun; /* and now has something of ours */
	bool guest;
	bool failed; /* a write failed, and a line said so */
	bool silent; /* nothing is written: a pass that is not the run's own */
	struct mb_floor *noise; /* sees every record; or NULL */
	unsigned long blocks; /* written */
	char skipped[MB_WHY]; /* why the last point that was skipped was */
};

struct mb_run_info {
	const struct mb_suite *suite;
	enum mb_clock clock;
	unsigned long seed;
	const char *only; /* or NULL */
	const struct mb_strings *set;
	unsigned long calibrate; /* passes under other seeds */
	const char *perf; /* "record", "stat": looked on; NULL: nothing did */
	const json_t *budget; /* what --budget found and decided; or NULL */
	unsigned long blocks_planned; /* 0 if the time decides */
};

/*
 * Open @out, or a new file below results/local where that is NULL, as @recorder's. MB_OK, or MB_REQUEST
 * after one line: one that exists needs @force, and is emptied by the first block that is recorded.
 */
int mb_recorder_open(struct mb_recorder *recorder, const char *out, bool force);

/*
 * Close it, after @status, and print its name unless @quiet. A new file with nothing in it is removed.
 * @status, or MB_MACHINE after one line.
 */
int mb_recorder_close(struct mb_recorder *recorder, int status, bool quiet);

/* The run record (or, in a guest, what the host makes it of). Takes @env. */
void mb_record_run(struct mb_recorder *recorder, const struct mb_run_info *info, json_t *env);
void mb_record_point(struct mb_recorder *recorder, const struct mb_point *point);
/* @stopped: NULL, or on the point's last block "count" (of samples reached),
 * "target" (precision reached) or "time" (is up). */
void mb_record_block(struct mb_recorder *recorder, const struct mb_block *block,
		     enum mb_clock clock, unsigned long round, const char *stopped);
void mb_record_skip(struct mb_recorder *recorder, const struct mb_point *point, const char *why);
/* The noise floors of @plan that recorder->noise knows; within one boot, and they say so. */
void mb_record_floors(struct mb_recorder *recorder, const struct mb_plan *plan);
/* Ask all probes and record their answers; returns how many failed. */
size_t mb_record_probes(struct mb_recorder *recorder);
void mb_record_end(struct mb_recorder *recorder);

#endif
