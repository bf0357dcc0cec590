// SPDX-License-Identifier: GPL-2.0-or-later
/* fault: the CPU's first touch of a page that is on the device; one value is one fault. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/journey.h"

/* Faults in a row: few enough to end before the next timer tick. */
#define FAULTS 64

static const char *const accesses[] = { "read", "write", NULL };
static const char *const memories[] = { "private", NULL };
static const char *const page_sizes[] = { "4k", NULL };

static const struct mb_param params[] = {
	{ .name = "access",
	  .help = "what touches the page",
	  .kind = MB_WORD,
	  .words = accesses,
	  .defaults = "read,write" },
	{ .name = "memory",
	  .help = "kind of device memory",
	  .kind = MB_WORD,
	  .words = memories,
	  .defaults = "private" },
	{ .name = "page",
	  .help = "page size",
	  .kind = MB_WORD,
	  .words = page_sizes,
	  .defaults = "4k" },
	{ .name = "nodes",
	  .help = "FROM>TO: of the system pages, and of the device memory",
	  .kind = MB_NODES,
	  .defaults = "0>1" },
	{ 0 },
};

/* total is the touch as the process sees it; the phases are those of the handler inside. */
static const char *const metrics[] = {
	"total", "setup", "alloc", "copy", "pages", "finalize", NULL
};

struct state {
	struct mb_journey journey;
	bool write;
	uint64_t total[FAULTS]; /* in the clock's unit */
	struct migbench_record faults[FAULTS];
};

static unsigned long pages(const struct mb_point *point)
{
	(void)point;
	return 1;
}

static void *prepare(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct state *state = calloc(1, sizeof(*state));

	if (!state)
		abort();
	state->write = !strcmp(mb_value(point, "access")->text, "write");
	if (mb_journey_begin(&state->journey, session, point, FAULTS, why))
		return state;
	free(state);
	return NULL;
}

static void touch_all(struct state *state)
{
	const struct mb_memory *memory = &state->journey.memory;
	enum mb_clock clock = state->journey.session->clock;

	for (unsigned long i = 0; i < memory->pages; i++) {
		volatile uint64_t *end =
			(volatile uint64_t *)(memory->at + (i + 1) * memory->page_size);
		uint64_t word = mb_memory_last_word(memory, i), start = mb_clock_now(clock);

		/* A write leaves the content as it was, so that it can be checked after. */
		if (state->write)
			end[-1] = word;
		else
			(void)end[-1];
		state->total[i] = mb_clock_now(clock) - start;
	}
}

static void add(struct state *state, struct mb_block *block, size_t at)
{
	const struct migbench_record *fault = &state->faults[at];
	double values[1 + MIGBENCH_PHASES] = { 0 };
	struct mb_counts counts;

	if (!mb_journey_complete(fault, 1, &counts)) {
		mb_block_invalid(block, &counts);
		return;
	}
	mb_journey_add(&state->journey, fault, values);
	values[0] = (double)state->total[at];
	mb_block_add(block, values, &counts);
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 };
	struct mb_counts counts = { 0 };
	int recorded;
	bool good;

	mb_memory_fill(&journey->memory);
	if (!mb_journey_there(journey, &there, why))
		return false;
	good = mb_journey_complete(&there, FAULTS, &counts) && mb_journey_witnessed(journey, true);
	if (mb_module_faults(journey->fd, state->faults, FAULTS, NULL) >= 0)
		touch_all(state);
	recorded = mb_module_faults(journey->fd, state->faults, FAULTS, NULL);
	if (recorded < 0) {
		snprintf(why, MB_WHY, "the module has no fault records: %s", strerror(errno));
		return false;
	}
	good &= recorded == FAULTS && mb_journey_witnessed(journey, false);
	good &= mb_journey_intact(journey);
	for (size_t i = 0; i < FAULTS; i++) {
		if (good)
			add(state, block, i);
		else
			mb_block_invalid(block, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
	free(state);
}

static const struct mb_case fault_case = {
	.name = "fault",
	.summary = "first touch of a device page: the CPU fault that brings it back",
	.params = params,
	.metrics = metrics,
	.migrates = true,
	.pages = pages,
	.can = mb_journey_can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(fault_case)
