// SPDX-License-Identifier: GPL-2.0-or-later
/* ad: are accessed and dirty bits kept over a journey, and what is the first touch after it? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/reclaim.h"
#include "core/base/text.h"

/*
 * Of the journeys, system: to the other node. coherent: to the device, where the CPU goes on using
 * it. failed: the pages get their entries back where they were. partial: every second one of them does,
 * the others go to the other node. private: to the device and home again, for the CPU can't touch them
 * there.
 */
static const struct mb_param params[] = {
	MB_PARAM_WORD("journey", "what the pages have been through", "system,failed,private",
		      "system", "coherent", "failed", "partial", "private"),
	MB_PARAM_WORD("retention",
		      "A/D bits in migration entries: on = as the kernel chose, off = switched off",
		      "on,off", "on", "off"),
	MB_PARAM_WORD("access", "the first touch after it, which is timed", "read,write", "read",
		      "write"),
	MB_PARAM_FOLIO,
	MB_PARAM_JOURNEY,
	MB_PARAM_LATER_NUMBER("stride",
			      "of so many pages one is touched, before the journey and after it; "
			      "1: all, and bits are as writing them left them",
			      "1", "1", 1, 1024),
	MB_PARAM_BATCH("base pages", "1024"),
	{ 0 },
};

struct state {
	struct mb_journey journey;
	bool abort, half, home, write;
	unsigned long stride;
	uint8_t *states;
};

/* An aborted migration goes nowhere: which kind it was for does not matter. */
static enum migbench_kind kind_of(const struct mb_point *point)
{
	return mb_journey_kind(point, "journey");
}

static unsigned long batch_of(const struct mb_point *point)
{
	return mb_value(point, "batch")->number;
}

/* Those that are touched, which is what is timed. */
static unsigned long pages_of(const struct mb_point *point)
{
	unsigned long stride = mb_value(point, "stride")->number;

	return (batch_of(point) + stride - 1) / stride;
}

/* Half of a batch of one page would be all of it. */
static bool has_half(const struct mb_point *point, char why[MB_WHY])
{
	const struct mb_folio *folio = mb_journey_folio(point);

	if (!mb_is(point, "journey", "partial") || batch_of(point) / folio->pages % 2 == 0)
		return true;
	snprintf(why, MB_WHY, "half of a batch of %lu base pages is no whole number of %s pages",
		 batch_of(point), folio->word);
	return false;
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct migbench_retention answer;
	int fd;

	if (!has_half(point, why) ||
	    !mb_journey_can(session, point, kind_of(point), batch_of(point), why))
		return false;
	fd = mb_session_device(session, kind_of(point), mb_value(point, "nodes")->to, NULL, why);
	if (mb_is(point, "retention", "on"))
		return true;
	if (mb_module_retention(fd, MIGBENCH_RETENTION_ASK, &answer)) {
		snprintf(why, MB_WHY,
			 "this kernel does not say whether it keeps A/D bits "
			 "(CONFIG_KPROBES, CONFIG_KALLSYMS_ALL)");
		return false;
	}
	if (answer.supported)
		return true;
	snprintf(why, MB_WHY,
		 "this kernel keeps no A/D bits in migration entries, so there is no "
		 "switch to turn off");
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	state->states = mb_alloc(batch_of(point), sizeof(*state->states));
	state->abort = mb_is(point, "journey", "failed");
	state->half = mb_is(point, "journey", "partial");
	state->home = mb_is(point, "journey", "private");
	state->stride = mb_value(point, "stride")->number;
	state->write = mb_is(point, "access", "write");
	if (!mb_journey_begin(&state->journey, session, point, kind_of(point), batch_of(point),
			      why))
		return false;
	state->journey.count_there = false;
	if (mb_is(point, "retention", "on") ||
	    !mb_module_retention(state->journey.fd, MIGBENCH_RETENTION_OFF, NULL))
		return true;
	snprintf(why, MB_WHY, "A/D retention can't be switched: %s", strerror(errno));
	return false;
}

/* Page faults of this thread so far: where no hardware sets accessed bits, a lost one is a fault. */
static double faults_so_far(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (double)(usage.ru_minflt + usage.ru_majflt);
}

/*
 * One word in each page, the last: what the first touch of a process might be. In a counting pass *@faults are those
 * that it met, without those of the counting itself.
 */
static double touch(struct state *state, double *faults)
{
	const struct mb_memory *memory = &state->journey.memory;
	enum mb_clock clock = state->journey.session->clock;
	unsigned long stride = state->stride, last = memory->page_size / sizeof(uint64_t) - 1;
	size_t words = stride * (last + 1);
	volatile uint64_t *word = (volatile uint64_t *)memory->at + last;
	uint64_t start, ticks;

	mb_counting_begin(state->journey.session);
	if (state->journey.session->counting)
		*faults = faults_so_far();
	start = mb_clock_now(clock);
	if (state->write)
		for (unsigned long i = 0; i < memory->pages; i += stride, word += words)
			*word = i;
	else
		for (unsigned long i = 0; i < memory->pages; i += stride, word += words)
			(void)*word;
	ticks = mb_clock_now(clock) - start;
	if (state->journey.session->counting)
		*faults = faults_so_far() - *faults;
	mb_counting_end(state->journey.session, 1);
	return (double)ticks;
}

static void note_bits(const struct state *state)
{
	struct mb_session *session = state->journey.session;
	unsigned long young = 0, dirty = 0, folio_dirty = 0, count = state->journey.memory.pages;

	for (unsigned long i = 0; i < count; i++) {
		young += !!(state->states[i] & MIGBENCH_PTE_YOUNG);
		dirty += !!(state->states[i] & MIGBENCH_PTE_DIRTY);
		folio_dirty += !!(state->states[i] & MIGBENCH_PAGE_DIRTY);
	}
	mb_counting_note(session, "young", (double)young);
	mb_counting_note(session, "dirty", (double)dirty);
	mb_counting_note(session, "folio_dirty", (double)folio_dirty);
}

/* Before a journey: only what the stride hits is young. */
static bool age(struct state *state, char why[MB_WHY])
{
	const struct mb_memory *memory = &state->journey.memory;

	if (state->stride == 1)
		return true;
	if (!mb_reclaim_clear_young()) {
		snprintf(why, MB_WHY, "cannot clear the accessed bits: %s", strerror(errno));
		return false;
	}
	for (unsigned long i = 0; i < memory->pages; i += state->stride) {
		volatile uint64_t *word = (volatile uint64_t *)(memory->at + i * memory->page_size);

		if (state->write)
			*word = *word;
		else
			(void)*word;
	}
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record record = { 0 };
	unsigned long count = journey->memory.pages;
	struct mb_counts counts;
	bool good = mb_journey_pack(journey), counting = journey->session->counting;
	double total, faults = 0;

	if (!age(state, why))
		return false;
	journey->flags = state->abort ? MIGBENCH_ABORT : state->half ? MIGBENCH_HALF : 0;
	if (!mb_journey_there(journey, &record, why))
		return false;
	journey->flags = 0;
	if (state->abort || state->half) {
		counts = (struct mb_counts){ record.requested, record.collected, record.migrated };
		good &= record.collected == count &&
			record.migrated == (state->half ? count / 2 : 0);
	} else {
		good &= mb_journey_complete(&record, count, &counts);
	}
	if (state->home && !mb_journey_back(journey, &record, why))
		return false;
	/* Never before a touch that is timed: who reads the entries has them in the cache. */
	if (counting && mb_module_query(journey->fd, journey->memory.at, count, state->states)) {
		snprintf(why, MB_WHY, "the module can't read page tables here: %s",
			 strerror(errno));
		return false;
	}
	total = touch(state, &faults);
	if (!state->home && !state->abort && !mb_journey_back(journey, &record, why))
		return false;
	if (!state->abort) {
		struct mb_counts back;

		good &= mb_journey_complete(&record, count, state->half ? &back : &counts);
	}
	if (state->write)
		mb_memory_rewrite_last(&journey->memory);
	good &= mb_journey_intact(journey);
	if (good) {
		note_bits(state);
		mb_counting_note(journey->session, "page_faults", faults);
		mb_block_add(block, &total, &counts);
	} else {
		mb_block_invalid(block, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_module_retention(state->journey.fd, MIGBENCH_RETENTION_RESTORE, NULL);
	mb_journey_end(&state->journey);
	free(state->states);
}

static const struct mb_case ad_case = {
	.name = "ad",
	.summary = "accessed/dirty bits kept or lost by a journey, and the first touch after it",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.migrates = true,
	.pages_of = pages_of,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(ad_case)
