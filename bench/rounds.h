/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rounds of a run: which point next, how often, when it is enough. */
#ifndef MIGBENCH_BENCH_ROUNDS_H
#define MIGBENCH_BENCH_ROUNDS_H

#include "bench/plan.h"
#include "bench/record.h"
#include "bench/session.h"
#include "core/progress.h"

/*
 * Measure every point of @plan and record it; round 0 is warm-up and unrecorded.
 * @title stands before each word of progress. Returns the number of points with at least one valid
 * sample.
 */
size_t mb_rounds(struct mb_session *session, const struct mb_suite *suite,
		 const struct mb_plan *plan, unsigned long seed, struct mb_recorder *recorder,
		 struct mb_progress *progress, const char *title);

#endif
