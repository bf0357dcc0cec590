// SPDX-License-Identifier: GPL-2.0-or-later
/* migrate: one batch through migrate_vma_*() to device memory, back, or both, phase by phase. */
#include <math.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("direction", "which journey is timed", "to-device,to-system,round-trip",
		      "to-device", "to-system", "round-trip"),
	MB_PARAM_MEMORY,
	MB_PARAM_FOLIO,
	MB_PARAM_WORD("state", "of the pages before: exclusive = private, written, of one process",
		      "exclusive", "exclusive"),
	MB_PARAM_NUMBER("threads", "threads that migrate at the same time", "1", 1, 1),
	MB_PARAM_JOURNEY,
	MB_PARAM_BATCH("pages per migrate_vma_setup()", "1,2,4,8,16,32,64,128,256,512,1024,2048"),
	MB_PARAM_BYSTANDERS,
	{ 0 },
};

/*
 * Besides the total and its phases, what a page waits for: first is the time
 * until the first page of the batch can be used again, unavailable the longest
 * time that any page can't be (from the start of setup, when the first migration
 * entry appears, to the end of finalize: at most setup's length too long).
 */
static const char *const metrics[] = { "total",	   "setup", "alloc",	   "copy", "pages",
				       "finalize", "first", "unavailable", NULL };

enum { FIRST = 1 + MIGBENCH_PHASES, UNAVAILABLE, METRICS };

struct state {
	struct mb_journey journey;
	bool there, back; /* which of the two is timed */
};

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	state->there = !mb_is(point, "direction", "to-system");
	state->back = !mb_is(point, "direction", "to-device");
	if (!mb_journey_begin(&state->journey, session, point, mb_journey_kind(point, "memory"),
			      mb_pages(point), why))
		return false;
	state->journey.count_there = state->there;
	state->journey.count_back = state->back;
	return true;
}

/*
 * Both journeys, once; true if every page made both and lost nothing. A counting pass also counts the
 * pages that are there in huge pages still: most kernels split them first.
 */
static bool travel(struct mb_journey *journey, struct migbench_record *there,
		   struct migbench_record *back, struct mb_counts *counts, bool *whole,
		   char why[MB_WHY])
{
	unsigned long count = journey->memory.pages;

	*whole = mb_journey_pack(journey);
	if (!mb_journey_there(journey, there, why))
		return false;
	*whole &= mb_journey_witnessed(journey, true);
	if (journey->session->counting && journey->memory.huge)
		mb_counting_note(journey->session, "whole", (double)mb_journey_huge(journey));
	if (!mb_journey_back(journey, back, why))
		return false;
	*whole &= mb_journey_witnessed(journey, false);
	*whole &= mb_journey_intact(journey);
	/* The journey that is not timed must be whole too: what it left would be cheap. */
	*whole &= mb_journey_complete(back, count, counts);
	*whole &= mb_journey_complete(there, count, counts);
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 }, back = { 0 };
	double values[METRICS] = { 0 };
	struct mb_counts counts;
	bool whole, again = true;

	if (!travel(journey, &there, &back, &counts, &whole, why))
		return false;
	if (state->there)
		mb_journey_add(journey, &there, values);
	if (state->back)
		mb_journey_add(journey, &back, values);
	values[FIRST] = values[UNAVAILABLE] = NAN;
	if (state->there != state->back) {
		const struct migbench_record *timed = state->there ? &there : &back;

		values[UNAVAILABLE] = 0;
		for (int i = 0; i < MIGBENCH_PHASES; i++)
			values[UNAVAILABLE] += values[1 + i];
		/* A journey of its own: the stamp inside finalize must not be in the phases. */
		journey->flags = MIGBENCH_FIRST;
		if (!travel(journey, &there, &back, &counts, &again, why))
			return false;
		journey->flags = 0;
		values[FIRST] =
			mb_clock_ticks(journey->session->clock, timed->first, journey->tick_khz);
	}
	if (whole && again)
		mb_block_add(block, values, &counts);
	else
		mb_block_invalid(block, &counts);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
}

static const struct mb_case migrate_case = {
	.name = "migrate",
	.summary = "a batch of pages to device memory and back, phase by phase",
	.params = params,
	.metrics = metrics,
	.state = sizeof(struct state),
	.migrates = true,
	.pages = "batch",
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(migrate_case)
