// SPDX-License-Identifier: GPL-2.0-or-later
/* A block's samples while they are taken, and when they are enough. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/block.h"
#include "bench/scene/perf.h"
#include "core/base/text.h"
#include "core/mark.h"
#include "core/quantile.h"

/* Samples in one block under the clock time, at most, unless the suite wants more. */
#define MAX_SAMPLES 512
/* Samples of a counting pass: counts repeat, or nearly. */
#define COUNTING_SAMPLES 3

static void grow(struct mb_block *block)
{
	block->room = block->room ? 2 * block->room : 64;
	for (size_t i = 0; i < block->metrics; i++)
		block->values[i] = mb_resize(block->values[i], block->room, sizeof(double));
}

void mb_block_add(struct mb_block *block, const double *values, const struct mb_counts *counts)
{
	if (block->count == block->room)
		grow(block);
	for (size_t i = 0; i < block->metrics; i++)
		block->values[i][block->count] = values[i];
	block->count++;
	if (!counts)
		return;
	block->uneven |= block->count > 1 && memcmp(&block->counts, counts, sizeof(*counts));
	block->counts = *counts;
}

void mb_counter_add(struct mb_counters *counters, const char *name, double value)
{
	size_t i = 0;

	while (i < counters->count && strcmp(counters->at[i].name, name))
		i++;
	if (i == MB_MAX_COUNTERS)
		abort(); /* nobody would know what is missing */
	if (i == counters->count)
		counters->at[counters->count++] = (struct mb_counter){ .name = name };
	counters->at[i].sum += value;
	counters->at[i].samples++;
}

void mb_block_counter(struct mb_block *block, const char *name, double value)
{
	mb_counter_add(&block->counters, name, value);
}

void mb_block_invalid(struct mb_block *block, const struct mb_counts *counts)
{
	block->invalid++;
	if (counts && !block->count)
		block->counts = *counts;
}

bool mb_on_target(const double *values, size_t count, unsigned long target)
{
	double *sorted, low, high, median;
	bool good;

	if (!count)
		return false;
	sorted = mb_sorted(values, count);
	median = mb_quantile(sorted, count, 0.5);
	good = mb_median_interval(sorted, count, &low, &high) &&
	       (high - low) / 2 <= median * (double)target / 1000;
	free(sorted);
	return good;
}

bool mb_block_is_full(const struct mb_block *block, const struct mb_suite *suite)
{
	return block->count + block->invalid >=
	       (suite->samples > MAX_SAMPLES ? suite->samples : MAX_SAMPLES);
}

/* Under the clock time, after the block's sample @taken: is it enough? */
static bool enough(const struct mb_block *block, const struct mb_suite *suite, uint64_t start,
		   unsigned long taken)
{
	uint64_t share = suite->point_time * 1000000 / suite->rounds;

	if (mb_clock_now(MB_TIME) - start >= share || mb_block_is_full(block, suite))
		return true;
	/* Sorting is work beside the measured work: look at 1, 2, 4, … times the least. */
	for (unsigned long look = suite->samples; look <= taken; look *= 2)
		if (look == taken)
			return mb_on_target(block->values[0], block->count, suite->target);
	return false;
}

/* Who else was on this CPU, as the kernel counts it; asked outside of what is timed. */
struct company {
	long switches; /* of this thread, against its will */
	int cpu;
};

static struct company look(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_THREAD, &usage);
	return (struct company){ .switches = usage.ru_nivcsw, .cpu = sched_getcpu() };
}

/* The samples from @first on were taken since @before. */
static void note_disturbance(struct mb_block *block, const struct company *before, size_t first)
{
	struct company now = look();

	if (now.switches == before->switches && now.cpu == before->cpu)
		return;
	for (size_t i = first; i < block->count; i++) {
		block->disturbed = mb_grow(block->disturbed, &block->disturbed_room,
					   block->disturbed_count, sizeof(*block->disturbed));
		block->disturbed[block->disturbed_count++] = i;
	}
}

static bool is_elsewhere(const struct mb_point *point)
{
	return point->benchmark->elsewhere ||
	       (mb_value_find(point, "process") && mb_is(point, "process", "child"));
}

bool mb_block_measure(struct mb_block *block, struct mb_session *session,
		      const struct mb_suite *suite, const struct mb_point *point, char why[MB_WHY])
{
	unsigned long samples = suite->samples;
	uint64_t start = mb_clock_now(MB_TIME);
	const struct mb_case *benchmark = point->benchmark;
	void *state = mb_alloc(1, benchmark->state);
	bool good, stop = false;

	*block = (struct mb_block){ .point = point };
	while (benchmark->metrics[block->metrics])
		block->metrics++;

	/* The instruction clock does not run for others, and shows each exception by itself. */
	if (session->clock == MB_TIME && !session->counting && !is_elsewhere(point))
		block->disturbed = mb_grow(NULL, &block->disturbed_room, 0, sizeof(size_t));
	good = benchmark->prepare(state, session, point, why);
	if (session->counting)
		samples = COUNTING_SAMPLES;
	if (session->recording)
		mb_perf_look(session->perf);
	for (unsigned long taken = 1; good && !stop; taken++) {
		struct company before = { 0 };
		size_t first = block->count;

		if (session->clock == MB_INSNS)
			mb_tick_wait(&session->tick);
		if (block->disturbed)
			before = look();
		if (session->recording)
			mb_mark_begin();
		good = benchmark->sample(state, block, why);
		if (session->recording)
			mb_mark_end();
		if (block->disturbed)
			note_disturbance(block, &before, first);
		if (session->clock == MB_INSNS || session->counting)
			stop = taken == samples;
		else
			stop = enough(block, suite, start, taken);
	}
	if (session->recording)
		mb_perf_rest(session->perf);
	if (benchmark->finish)
		benchmark->finish(state);
	free(state);
	return good;
}

void mb_block_free(struct mb_block *block)
{
	for (size_t i = 0; i < block->metrics; i++)
		free(block->values[i]);
	free(block->disturbed);
	*block = (struct mb_block){ 0 };
}
