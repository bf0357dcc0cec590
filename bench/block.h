/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block: the consecutive samples of one point in one round. */
#ifndef MIGBENCH_BENCH_BLOCK_H
#define MIGBENCH_BENCH_BLOCK_H

#include "bench/case.h"
#include "bench/session.h"

#define MB_MAX_COUNTERS 64 /* sixteen --events count twice, beside a case's own */

/* Mean over samples of something counted, not timed. */
struct mb_counter {
	const char *name;
	double sum;
	unsigned long samples;
};

struct mb_counters {
	struct mb_counter at[MB_MAX_COUNTERS];
	size_t count;
};

struct mb_block {
	const struct mb_point *point;
	size_t metrics;
	double *values[MB_MAX_METRICS]; /* [count] each, in the clock's unit */
	size_t count, room;
	struct mb_counts counts; /* of the valid samples, or of the last invalid one */
	bool uneven; /* the valid samples differ in them: they are none's in particular */
	unsigned long invalid;
	/*
	 * Under the clock time: the places of those samples during which the thread that measures was
	 * interrupted by another, or moved to another CPU. NULL under the clock insns.
	 */
	size_t *disturbed;
	size_t disturbed_count, disturbed_room;
	struct mb_counters counters;
	struct mb_counters witnesses; /* of the counting pass: see scene/vmstat.h */
};

void mb_counter_add(struct mb_counters *counters, const char *name, double value);

/*
 * Measure one block. Under the instruction clock: exactly suite->samples calls
 * of the benchmark. Under the clock time: at least one; then until suite->samples
 * are taken and the interval of their median is within suite->target, or until
 * one round's share of suite->point_time is over. Returns false with @why when
 * the point can't go on; what was sampled before is in the block.
 * mb_block_free() in both cases.
 */
bool mb_block_measure(struct mb_block *block, struct mb_session *session,
		      const struct mb_suite *suite, const struct mb_point *point, char why[MB_WHY]);
/*
 * Is the half-width of the 95 % interval of the median of @values within
 * @target tenths of a percent of the median? Never below six values.
 */
bool mb_on_target(const double *values, size_t count, unsigned long target);
/* Under the clock time: has it as many samples as a block gets, whatever time is left? */
bool mb_block_is_full(const struct mb_block *block, const struct mb_suite *suite);

void mb_block_free(struct mb_block *block);

#endif
