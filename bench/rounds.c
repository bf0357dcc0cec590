// SPDX-License-Identifier: GPL-2.0-or-later
/* Round after round over the plan, until a point has enough or its time is up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/rounds.h"
#include "bench/scene/apart.h"
#include "core/base/text.h"

/* What is known of one point so far. */
struct progress {
	double *totals; /* every valid total, for the stopping rule */
	size_t count;
	struct mb_counters counters, witnesses; /* of the counting pass, for the first block */
	bool done; /* or skipped */
};

static void remember(struct progress *point, const struct mb_block *block)
{
	if (!block->count)
		return;
	point->totals = mb_resize(point->totals, point->count + block->count, sizeof(double));
	memcpy(point->totals + point->count, block->values[0], block->count * sizeof(double));
	point->count += block->count;
}

static const char *stop_reason(const struct mb_session *session, const struct mb_suite *suite,
			       const struct progress *point, const struct mb_block *block,
			       unsigned long round)
{
	if (round < suite->rounds)
		return NULL;
	if (session->clock == MB_INSNS)
		return "count";
	if (mb_on_target(point->totals, point->count, suite->target))
		return "target";
	return mb_block_is_full(block, suite) ? "count" : "time";
}

static void show(struct mb_progress *progress, const char *title, const struct mb_suite *suite,
		 const struct mb_plan *plan, unsigned long round, size_t at)
{
	mb_tick(progress, (double)(round * plan->count + at),
		(double)((suite->rounds + 1) * plan->count), "%sround %lu of %lu, point %zu of %zu",
		title, round, suite->rounds, at + 1, plan->count);
}

static void add_counters(struct mb_block *block, const struct mb_counters *counters)
{
	for (size_t i = 0; i < counters->count; i++)
		mb_block_counter(block, counters->at[i].name, counters->at[i].sum);
}

/* Warm-up is over when the counting pass runs, and the first recorded round has not begun. */
static bool count(struct mb_session *session, const struct mb_suite *suite,
		  const struct mb_point *point, struct progress *progress, char why[MB_WHY])
{
	struct mb_block block;
	bool good;

	session->counting = true;
	good = mb_block_measure_apart(&block, session, suite, point, why);
	session->counting = false;
	mb_counting_take(session, &progress->counters, &progress->witnesses);
	mb_block_free(&block);
	return good;
}

static void one_block(struct mb_session *session, const struct mb_suite *suite,
		      const struct mb_point *point, struct progress *progress, unsigned long round,
		      struct mb_recorder *recorder)
{
	char why[MB_WHY] = "";
	struct mb_block block;
	const char *stopped;
	bool good;

	session->recording = round > 0 && !recorder->silent;
	good = mb_block_measure_apart(&block, session, suite, point, why);
	session->recording = false;

	if (!round && good)
		good = count(session, suite, point, progress, why);
	if (round) {
		remember(progress, &block);
		stopped = stop_reason(session, suite, progress, &block, round);
		if (round == 1) {
			add_counters(&block, &progress->counters);
			block.witnesses = progress->witnesses;
		}
		if (block.count || block.invalid)
			mb_record_block(recorder, &block, session->clock, round, stopped);
		progress->done = stopped;
	}
	if (!good) {
		mb_record_skip(recorder, point, why);
		progress->done = true;
	}
	mb_block_free(&block);
}

size_t mb_rounds(struct mb_session *session, const struct mb_suite *suite,
		 const struct mb_plan *plan, unsigned long seed, struct mb_recorder *recorder,
		 struct mb_progress *progress, const char *title)
{
	struct progress *points = mb_alloc(plan->count, sizeof(*points));
	size_t left = plan->count, measured = 0;
	char why[MB_WHY];

	for (size_t i = 0; i < plan->count; i++) {
		const struct mb_point *point = &plan->points[i];

		mb_record_point(recorder, point);
		if (!mb_point_can(session, point, why)) {
			mb_record_skip(recorder, point, why);
			points[i].done = true;
		} else {
			mb_apart_consider(session, point);
		}
	}
	for (unsigned long round = 0; left && !recorder->failed; round++) {
		size_t *order = mb_plan_order(plan, seed, round);

		left = 0;
		for (size_t i = 0; i < plan->count && !recorder->failed; i++) {
			size_t at = order[i];

			if (points[at].done)
				continue;
			show(progress, title, suite, plan, round, i);
			one_block(session, suite, &plan->points[at], &points[at], round, recorder);
			left += !points[at].done;
		}
		free(order);
	}
	mb_progress_clear(progress);
	for (size_t i = 0; i < plan->count; i++) {
		measured += points[i].count > 0;
		free(points[i].totals);
	}
	free(points);
	return measured;
}
