/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other CPUs that run, or ran, threads of the process while it is measured: whom a flush must reach. */
#ifndef MIGBENCH_BENCH_SCENE_BYSTANDERS_H
#define MIGBENCH_BENCH_SCENE_BYSTANDERS_H

#include <stdbool.h>

#include "bench/case.h"
#include "bench/memory.h"

#define MB_MAX_CPUS 256

struct mb_session;
struct mb_bystanders;

/* For a benchmark's table: whoever has these is measured with bystanders where a point wants some. */
#define MB_PARAM_BYSTANDERS                                                                        \
	MB_PARAM_LATER_NUMBER("bystanders", "other CPUs that run threads of the process", "0",     \
			      "0", 0, MB_MAX_CPUS - 1),                                            \
		MB_PARAM_LATER_WORD("bystander",                                                   \
				    "busy: they run all the time; idle: they ran, and their CPUs " \
				    "idle now, with the process still in their TLBs",              \
				    "busy", "busy", "busy", "idle")

/* How many @point wants; 0 where its benchmark has no such parameter. */
unsigned int mb_bystanders_of(const struct mb_point *point);
/* Has the machine the CPUs for them? false with @why. */
bool mb_bystanders_can(const struct mb_session *session, const struct mb_point *point,
		       char why[MB_WHY]);

/*
 * Threads of the calling process on @count other CPUs than the caller's, who must be bound. They
 * read @touched all the time, or with NULL nothing in particular; with @idle they sleep after each
 * rousing. mb_bystanders_stop() gives them back. NULL with @why; of 0 threads NULL without.
 */
struct mb_bystanders *mb_bystanders_start(const struct mb_session *session, unsigned int count,
					  bool idle, const struct mb_memory *touched,
					  char why[MB_WHY]);
/* Also of NULL, then nothing. */
void mb_bystanders_stop(struct mb_bystanders *bystanders);

/*
 * Before the timed part and after it; mb_counting_begin() and mb_counting_end() call them.
 * Under the instruction clock the threads rest in between, as emulated CPUs that change turns every
 * few instructions are slow; under the clock time busy ones never rest.
 */
void mb_bystanders_rouse(struct mb_bystanders *bystanders);
void mb_bystanders_rest(struct mb_bystanders *bystanders);

#endif
