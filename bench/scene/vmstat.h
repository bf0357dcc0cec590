/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc/vmstat says of the whole machine while a batch moves: witnesses beside a point. */
#ifndef MIGBENCH_BENCH_SCENE_VMSTAT_H
#define MIGBENCH_BENCH_SCENE_VMSTAT_H

#include "bench/block.h"

#define MB_VMSTAT_MOST 12

/* Lives in memory shared with children. */
struct mb_vmstat {
	int fd; /* -1: not to be read */
	bool begun;
	uint64_t before[MB_VMSTAT_MOST], sum[MB_VMSTAT_MOST];
	bool there[MB_VMSTAT_MOST]; /* this kernel has the row */
	unsigned long batches;
};

/*
 * Opened once: the buffer of a file that is opened anew for every batch would come and go between
 * the pages that are measured. mb_vmstat_close() in any case.
 */
void mb_vmstat_open(struct mb_vmstat *vmstat);
void mb_vmstat_close(struct mb_vmstat *vmstat);

/* Around what @batches batches are, also in a child. */
void mb_vmstat_begin(struct mb_vmstat *vmstat);
void mb_vmstat_end(struct mb_vmstat *vmstat, unsigned long batches);

/* What was seen since the last call, per batch, into @witnesses: all rows, those that stayed, too. */
void mb_vmstat_take(struct mb_vmstat *vmstat, struct mb_counters *witnesses);

#endif
