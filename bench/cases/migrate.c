// SPDX-License-Identifier: GPL-2.0-or-later
/* migrate: one batch through migrate_vma_*() to device memory, back, or both, phase by phase. */
#include <stdlib.h>
#include <string.h>

#include "bench/journey.h"

static const char *const directions[] = { "to-device", "to-system", "round-trip", NULL };
static const char *const memories[] = { "private", NULL };
static const char *const page_sizes[] = { "4k", NULL };
static const char *const states[] = { "exclusive", NULL };

static const struct mb_param params[] = {
	{ .name = "direction",
	  .help = "which journey is timed",
	  .kind = MB_WORD,
	  .words = directions,
	  .defaults = "to-device,to-system,round-trip" },
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
	{ .name = "state",
	  .help = "of the pages before: exclusive = private, written, of one process",
	  .kind = MB_WORD,
	  .words = states,
	  .defaults = "exclusive" },
	{ .name = "threads",
	  .help = "threads that migrate at the same time",
	  .kind = MB_NUMBER,
	  .min = 1,
	  .max = 1,
	  .defaults = "1" },
	{ .name = "nodes",
	  .help = "FROM>TO: of the system pages, and of the device memory",
	  .kind = MB_NODES,
	  .defaults = "0>1" },
	{ .name = "batch",
	  .help = "pages per migrate_vma_setup()",
	  .kind = MB_NUMBER,
	  .min = 1,
	  .max = MIGBENCH_BATCH_MAX,
	  .defaults = "1,2,4,8,16,32,64,128,256,512,1024,2048" },
	{ 0 },
};

static const char *const metrics[] = {
	"total", "setup", "alloc", "copy", "pages", "finalize", NULL
};

struct state {
	struct mb_journey journey;
	bool there, back; /* which of the two is timed */
};

static unsigned long pages(const struct mb_point *point)
{
	return mb_value(point, "batch")->number;
}

static void *prepare(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	const char *direction = mb_value(point, "direction")->text;
	struct state *state = calloc(1, sizeof(*state));

	if (!state)
		abort();
	state->there = strcmp(direction, "to-system");
	state->back = strcmp(direction, "to-device");
	if (mb_journey_begin(&state->journey, session, point, pages(point), why))
		return state;
	free(state);
	return NULL;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	unsigned long count = journey->memory.pages;
	struct migbench_record there = { 0 }, back = { 0 };
	double values[1 + MIGBENCH_PHASES] = { 0 };
	struct mb_counts counts;
	bool good;

	mb_memory_fill(&journey->memory);
	if (!mb_journey_there(journey, &there, why))
		return false;
	good = mb_journey_witnessed(journey, true);
	if (!mb_journey_back(journey, &back, why))
		return false;
	good &= mb_journey_witnessed(journey, false);
	good &= mb_journey_intact(journey);
	/* The journey that is not timed must be whole too: what it left would be cheap. */
	good &= mb_journey_complete(&back, count, &counts);
	good &= mb_journey_complete(&there, count, &counts);
	if (!good) {
		mb_block_invalid(block, &counts);
		return true;
	}
	if (state->there)
		mb_journey_add(journey, &there, values);
	if (state->back)
		mb_journey_add(journey, &back, values);
	mb_block_add(block, values, &counts);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
	free(state);
}

static const struct mb_case migrate_case = {
	.name = "migrate",
	.summary = "a batch of pages to device memory and back, phase by phase",
	.params = params,
	.metrics = metrics,
	.migrates = true,
	.pages = pages,
	.can = mb_journey_can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(migrate_case)
