/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rounds of a run: which point next, how often, when it is enough. */
#ifndef MIGBENCH_BENCH_ROUNDS_H
#define MIGBENCH_BENCH_ROUNDS_H

#include "bench/plan.h"
#include "bench/record.h"
#include "bench/session.h"

/*
 * Measure every point of @plan and record it; round 0 is warm-up and unrecorded.
 * Progress goes to stderr behind @title, unless that is NULL. Returns the number
 * of points with at least one valid sample.
 */
size_t mb_rounds(struct mb_session *session, const struct mb_suite *suite,
		 const struct mb_plan *plan, unsigned long seed, struct mb_recorder *recorder,
		 const char *title);

#endif
