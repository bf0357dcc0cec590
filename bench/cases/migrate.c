// SPDX-License-Identifier: GPL-2.0-or-later
/* migrate: one batch through migrate_vma_*() to device memory, back, or both, phase by phase. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/contest.h"
#include "bench/scene/lru.h"
#include "bench/scene/memcg.h"
#include "bench/scene/states.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("direction", "which journey is timed", "to-device,to-system,round-trip",
		      "to-device", "to-system", "round-trip"),
	MB_PARAM_MEMORY,
	MB_PARAM_FOLIO,
	MB_PARAM_WORD(
		"state",
		"of the pages before: exclusive = private, written, of one process; the others "
		"stand in docs/benchmarks.md",
		"exclusive", MB_STATE_WORDS),
	MB_PARAM_NUMBER("threads", "threads that migrate at the same time", "1", 1,
			MB_MAX_CROWD - 1),
	MB_PARAM_JOURNEY,
	MB_PARAM_BATCH("pages per migrate_vma_setup()", "1,2,4,8,16,32,64,128,256,512,1024,2048"),
	MB_PARAM_BYSTANDERS,
	MB_PARAM_LRU,
	MB_PARAM_CONTEST,
	MB_PARAM_LATER_WORD("copy",
			    "how the module copies: page after page; what lies together at once, "
			    "as drivers do; or not at all, and the content is lost",
			    "page", "page", "page", "bulk", "none"),
	MB_PARAM_LATER_NUMBER("notifiers",
			      "MMU notifiers on the process's memory, as drivers have them", "0",
			      "0", 0, MIGBENCH_LISTEN_MAX),
	MB_PARAM_MEMCG,
	MB_PARAM_LATER_NUMBER("offset", "base pages from the start of a page table to the batch",
			      "0", "0", 0, MB_HUGE_PAGES_MAX - 1),
	{ 0 },
};

/*
 * Besides the total and its phases, what a page waits for: first is the time
 * until the first page of the batch can be used again, unavailable the longest
 * time that any page can't be. The first migration entry appears somewhere in
 * setup, so that lies between unavailable_least, from the end of setup to the end
 * of finalize, and unavailable, from the start of setup.
 */
static const char *const metrics[] = { "total", "setup",       "alloc",
				       "copy",	"pages",       "finalize",
				       "first", "unavailable", "unavailable_least",
				       NULL };

enum { FIRST = 1 + MIGBENCH_PHASES, UNAVAILABLE, UNAVAILABLE_LEAST, METRICS };

struct state {
	struct mb_journey journey;
	bool there, back; /* which of the two is timed */
	unsigned int copy; /* MIGBENCH_COPY_… */
	struct mb_state pages; /* before the journey */
	enum mb_lru lru;
	struct mb_contest *contest; /* NULL: one thread, and nobody else */
	bool listened; /* the module has notifiers on this process */
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	if (!mb_state_can(point, why) || !mb_lru_can(session, point, why) ||
	    !mb_contest_can(session, point, why))
		return false;
	if (mb_journey_folio(point)->pages > 1 && mb_value(point, "offset")->number) {
		snprintf(why, MB_WHY, "a large page begins at a multiple of its size");
		return false;
	}
	return mb_journey_can(session, point, mb_journey_kind(point, "memory"), mb_pages(point),
			      why);
}

/* Notifiers, and other threads. */
static bool add_company(struct state *state, const struct mb_point *point, char why[MB_WHY])
{
	unsigned long notifiers = mb_value(point, "notifiers")->number;

	state->listened =
		notifiers && !mb_module_listen(state->journey.fd, (unsigned int)notifiers, NULL);
	if (notifiers && !state->listened) {
		snprintf(why, MB_WHY, "no %lu MMU notifiers: %s", notifiers, strerror(errno));
		return false;
	}
	if (mb_contest_size(point) == 1)
		return true;
	state->contest = mb_contest_begin(&state->journey, point, why);
	return state->contest;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	unsigned long ranges =
		mb_is(point, "range", "own") ? mb_value(point, "threads")->number : 1;

	state->there = !mb_is(point, "direction", "to-system");
	state->back = !mb_is(point, "direction", "to-device");
	if (!mb_journey_begin(&state->journey, session, point, mb_journey_kind(point, "memory"),
			      mb_pages(point) * ranges, why))
		return false;
	state->journey.count_there = state->there;
	state->journey.count_back = state->back;
	state->pages = mb_state_of(point, &state->journey);
	state->lru = mb_lru_of(point);
	state->copy = mb_is(point, "copy", "bulk")   ? MIGBENCH_COPY_BULK
		      : mb_is(point, "copy", "none") ? MIGBENCH_COPY_NONE
						     : 0;
	return mb_memory_shift(&state->journey.memory, mb_value(point, "offset")->number, why) &&
	       add_company(state, point, why);
}

/* New content, then what the point wants of the pages; *@good is false where they are not so. */
static bool pack(struct state *state, bool *good, char why[MB_WHY])
{
	if (!mb_state_clear(&state->pages, why))
		return false;
	if (state->lru == MB_LRU_LEFT)
		*good = mb_journey_pack(&state->journey);
	else if (!mb_lru_pack(&state->journey, state->lru, why))
		return false;
	return mb_state_make(&state->pages, good, why);
}

/* Is all where it should be, and nothing lost? The journey that is not timed must be whole, too. */
static bool arrived(struct state *state, const struct migbench_record *there,
		    const struct migbench_record *back, struct mb_counts *counts)
{
	unsigned long count = state->journey.memory.pages;
	/* What was not copied can't be what it was. */
	bool whole = state->copy == MIGBENCH_COPY_NONE || mb_state_intact(&state->pages);

	if (!mb_state_is_plain(&state->pages)) {
		mb_journey_complete(there, count, counts);
		return whole && mb_state_expected(&state->pages, there);
	}
	whole &= mb_journey_witnessed(&state->journey, false);
	/* What the way back left would be cheap. */
	whole &= mb_journey_complete(back, count, counts);
	return whole & mb_journey_complete(there, count, counts);
}

/*
 * Both journeys, once; true if every page made both and lost nothing. A counting pass also counts the
 * pages that are there in huge pages still: most kernels split them first.
 */
static bool travel(struct state *state, struct migbench_record *there, struct migbench_record *back,
		   struct mb_counts *counts, bool *whole, char why[MB_WHY])
{
	struct mb_journey *journey = &state->journey;

	*whole = true;
	journey->flags |= state->copy;
	if (!pack(state, whole, why) || !mb_journey_there(journey, there, why))
		return false;
	if (mb_state_is_plain(&state->pages))
		*whole &= mb_journey_witnessed(journey, true);
	if (journey->session->counting && journey->memory.huge)
		mb_counting_note(journey->session, "whole", (double)mb_journey_huge(journey));
	if (!mb_state_release(&state->pages, why) || !mb_journey_back(journey, back, why))
		return false;
	*whole &= arrived(state, there, back, counts);
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 }, back = { 0 }, *timed = state->there ? &there : &back;
	double values[METRICS] = { 0 };
	struct mb_counts counts;
	bool whole, again = true;

	if (state->contest)
		return mb_contest_sample(state->contest, block, METRICS, why);
	if (!travel(state, &there, &back, &counts, &whole, why))
		return false;
	if (state->there)
		mb_journey_add(journey, &there, values);
	if (state->back)
		mb_journey_add(journey, &back, values);
	values[FIRST] = values[UNAVAILABLE] = values[UNAVAILABLE_LEAST] = NAN;
	if (state->there != state->back) {
		values[UNAVAILABLE] = 0;
		for (int i = 0; i < MIGBENCH_PHASES; i++)
			values[UNAVAILABLE] += values[1 + i];
		values[UNAVAILABLE_LEAST] = values[UNAVAILABLE] - values[1 + MIGBENCH_SETUP];
	}
	/* The first page of a batch that moves in part may be one that stays. */
	if (state->there != state->back && mb_state_is_plain(&state->pages)) {
		/* A journey of its own: the stamp inside finalize must not be in the phases. */
		journey->flags |= MIGBENCH_FIRST;
		if (!travel(state, &there, &back, &counts, &again, why))
			return false;
		journey->flags &= ~MIGBENCH_FIRST;
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
	char why[MB_WHY];

	mb_contest_end(state->contest);
	/* A sample that broke off may have left its pages held, by a process that has what mb_lru_end() waits for the end of. */
	if (state->pages.row)
		mb_state_release(&state->pages, why);
	mb_lru_end();
	if (state->listened)
		mb_module_listen(state->journey.fd, 0, NULL);
	mb_journey_end(&state->journey);
	mb_state_end(&state->pages);
}

static const struct mb_case migrate_case = {
	.name = "migrate",
	.summary = "a batch of pages to device memory and back, phase by phase",
	.params = params,
	.metrics = metrics,
	.state = sizeof(struct state),
	.migrates = true,
	.pages = "batch",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(migrate_case)
