// SPDX-License-Identifier: GPL-2.0-or-later
/* fault: the CPU's first touch of a page that is on the device; one value is one fault. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"

/* Faults in a row: few enough to end before the next timer tick; of a 2m page, its first. */
#define FAULTS 64

static const struct mb_param params[] = {
	MB_PARAM_WORD("access", "what touches the page", "read,write", "read", "write"),
	MB_PARAM_WORD("memory", "kind of device memory", "private", "private"),
	MB_PARAM_PAGE,
	MB_PARAM_JOURNEY,
	{ 0 },
};

struct state {
	struct mb_journey journey;
	bool write;
	int faults_due; /* FAULTS, or 1 for a 2m page that comes back whole (from 6.19 on) */
	uint64_t total[FAULTS]; /* in the clock's unit */
	struct migbench_record faults[FAULTS];
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	/* A value is one fault; those of a 2m page are of pages that went together. */
	return mb_journey_can(session, point, mb_journey_kind(point, "memory"), MB_HUGE_PAGES, why);
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	unsigned long pages = mb_journey_is_huge(point) ? MB_HUGE_PAGES : FAULTS;
	struct state *state = user;

	state->write = mb_is(point, "access", "write");
	if (!mb_journey_begin(&state->journey, session, point, mb_journey_kind(point, "memory"),
			      pages, why))
		return false;
	state->journey.count_there = false;
	return true;
}

static void touch_all(struct state *state)
{
	const struct mb_memory *memory = &state->journey.memory;
	enum mb_clock clock = state->journey.session->clock;

	mb_counting_begin(state->journey.session);
	for (int i = 0; i < state->faults_due; i++) {
		volatile uint64_t *end =
			(volatile uint64_t *)(memory->at + (size_t)(i + 1) * memory->page_size);
		uint64_t word = mb_memory_last_word(memory, (unsigned long)i),
			 start = mb_clock_now(clock);

		/* A write leaves the content as it was, so that it can be checked after. */
		if (state->write)
			end[-1] = word;
		else
			(void)end[-1];
		state->total[i] = mb_clock_now(clock) - start;
	}
	mb_counting_end(state->journey.session, (unsigned long)state->faults_due);
}

static void add(struct state *state, struct mb_block *block, size_t at)
{
	const struct migbench_record *fault = &state->faults[at];
	double values[1 + MIGBENCH_PHASES] = { 0 };
	struct mb_counts counts;

	if (!mb_journey_complete(fault, state->faults_due == 1 ? MB_HUGE_PAGES : 1, &counts)) {
		mb_block_invalid(block, &counts);
		return;
	}
	mb_journey_add(&state->journey, fault, values);
	values[0] = (double)state->total[at];
	mb_block_add(block, values, &counts);
}

/* Is the first page on the device as part of a whole 2m page? */
static bool is_whole(const struct mb_journey *journey)
{
	uint8_t bits = 0;

	return journey->memory.huge &&
	       !mb_module_query(journey->fd, journey->memory.at, 1, &bits) &&
	       bits & MIGBENCH_PTE_HUGE && bits & MIGBENCH_PTE_DEVICE;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 };
	struct mb_counts counts = { 0 };
	int recorded;
	bool good;

	good = mb_journey_pack(journey);
	if (!mb_journey_there(journey, &there, why))
		return false;
	good &= mb_journey_complete(&there, journey->memory.pages, &counts) &&
		mb_journey_witnessed(journey, true);
	while (mb_module_faults(journey->fd, state->faults, FAULTS, NULL) > 0)
		; /* of pages that the last sample left to its check */
	state->faults_due = is_whole(journey) ? 1 : FAULTS;
	touch_all(state);
	recorded = mb_module_faults(journey->fd, state->faults, FAULTS, NULL);
	if (recorded < 0) {
		snprintf(why, MB_WHY, "the module has no fault records: %s", strerror(errno));
		return false;
	}
	good &= recorded == state->faults_due;
	good &= mb_journey_intact(journey) && mb_journey_witnessed(journey, false);
	for (int i = 0; i < state->faults_due; i++) {
		if (good)
			add(state, block, (size_t)i);
		else
			mb_block_invalid(block, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
}

static const struct mb_case fault_case = {
	.name = "fault",
	.summary = "first touch of a device page: the CPU fault that brings it back",
	.params = params,
	/* total is the touch as the process sees it; the phases are those of the handler inside. */
	.metrics = mb_total_and_phases,
	.state = sizeof(struct state),
	.migrates = true,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(fault_case)
