/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The passes over the plan that are not the run's own: a pilot for --budget, calibration. */
#ifndef MIGBENCH_BENCH_PASSES_H
#define MIGBENCH_BENCH_PASSES_H

#include "bench/plan.h"
#include "bench/record.h"
#include "bench/session.h"
#include "core/progress.h"

struct mb_passes {
	struct mb_session *session;
	struct mb_suite *suite;
	const struct mb_plan *plan;
	unsigned long seed;
	unsigned long calibrate; /* passes under other seeds */
	struct mb_progress *progress;
};

/*
 * Measure two short rounds of everything and set the suite's rounds (and point_time with them, so
 * that a block stays as long as it is) to what fits into the rest of @seconds, calibration
 * included. What was found is in *@found (a new reference), and on stderr unless @quiet. Returns
 * 0, or MB_REQUEST or MB_MACHINE after one line on stderr.
 */
int mb_pilot(const struct mb_passes *passes, unsigned long seconds, bool quiet, json_t **found);

/*
 * The run's own pass, recorded, then those of the calibration, of which only the noise floors are
 * recorded. Returns the number of points with at least one valid sample in the run's own.
 */
size_t mb_passes_run(const struct mb_passes *passes, struct mb_recorder *recorder);

#endif
