// SPDX-License-Identifier: GPL-2.0-or-later
/* oversub: a device works through a set of pages that is larger than it; evict, and fetch again, in turns. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "core/base/text.h"

/* Passes before the one that counts: the device is full of what the order leaves there. */
#define WARM_UP 2
#define NOWHERE (-1L)

static const struct mb_param params[] = {
	MB_PARAM_NUMBER("set", "pages of the set, in percent of those of the device",
			"50,100,125,150,200", 25, 400),
	MB_PARAM_WORD(
		"order",
		"in which the device works on the set's chunks, each once in a pass: the same "
		"order in every pass, or a new one",
		"same,random", "same", "random"),
	MB_PARAM_WORD("by",
		      "how room is made: frames: migrate_device_range() of the frames that were "
		      "filled first; owner: migrate_vma_*() of the owner's range that is there",
		      "frames", "frames", "owner"),
	MB_PARAM_BATCH("pages of a chunk: what is fetched, and evicted, at once", "64"),
	MB_PARAM_NUMBER("device", "chunks that the device has room for", "8", 4, 64),
	MB_PARAM_JOURNEY,
	{ 0 },
};

struct state {
	struct mb_journey journey;
	int fd;
	bool random, frames;
	unsigned long batch, slots, chunks;
	unsigned long next; /* the slot that was filled first */
	long *slot_of; /* of each chunk, or NOWHERE */
	long *chunk_in; /* of each slot, or NOWHERE */
	unsigned long *order; /* of the chunks, in this pass */
	uint64_t draws;
	unsigned long fetched, evicted; /* pages, in this pass */
};

static unsigned long chunks_of(const struct mb_point *point)
{
	return mb_value(point, "device")->number * mb_value(point, "set")->number / 100;
}

static unsigned long pages_of(const struct mb_point *point)
{
	return chunks_of(point) * mb_value(point, "batch")->number;
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned long device = mb_value(point, "device")->number;
	unsigned long set = mb_value(point, "set")->number;
	int fd;

	if (device * set % 100) {
		snprintf(why, MB_WHY, "%lu %% of %lu chunks is no whole number of them", set,
			 device);
		return false;
	}
	if (pages_of(point) > MIGBENCH_BATCH_MAX) {
		snprintf(why, MB_WHY, "a set of %lu pages is more than %d", pages_of(point),
			 MIGBENCH_BATCH_MAX);
		return false;
	}
	if (!mb_journey_can(session, point, MIGBENCH_PRIVATE, pages_of(point), why))
		return false;
	fd = mb_session_device(session, MIGBENCH_PRIVATE, mb_value(point, "nodes")->to, NULL, why);
	if (mb_is(point, "by", "owner") || mb_module_can_evict(fd, 0))
		return true;
	snprintf(why, MB_WHY,
		 "this kernel has no migrate_device_range(), so a driver can't evict: since 6.1");
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	state->fd = -1;
	state->random = mb_is(point, "order", "random");
	state->frames = mb_is(point, "by", "frames");
	state->batch = mb_value(point, "batch")->number;
	state->slots = mb_value(point, "device")->number;
	state->chunks = chunks_of(point);
	state->slot_of = mb_alloc(state->chunks, sizeof(*state->slot_of));
	state->chunk_in = mb_alloc(state->slots, sizeof(*state->chunk_in));
	state->order = mb_alloc(state->chunks, sizeof(*state->order));
	return mb_journey_begin(&state->journey, session, point, MIGBENCH_PRIVATE, pages_of(point),
				why);
}

/*
 * A new device hands out its frames in their order, and a full one those that were freed last:
 * so a slot is the frames of its number, which a driver would know.
 */
static bool empty_device(struct state *state, char why[MB_WHY])
{
	struct mb_journey *journey = &state->journey;
	struct migbench_info info;

	if (state->fd >= 0)
		close(state->fd);
	for (unsigned long i = 0; i < state->chunks; i++)
		state->slot_of[i] = NOWHERE;
	for (unsigned long i = 0; i < state->slots; i++)
		state->chunk_in[i] = NOWHERE;
	state->next = 0;
	state->fd = journey->fd = mb_module_open(&info, why);
	return state->fd >= 0 && mb_module_create(state->fd, MIGBENCH_PRIVATE, journey->there,
						  state->slots * state->batch, why);
}

static unsigned char *chunk_at(const struct state *state, unsigned long chunk)
{
	return state->journey.memory.at + chunk * state->batch * state->journey.memory.page_size;
}

/* What fills the device's oldest slot goes home. */
static bool evict_oldest(struct state *state)
{
	struct migbench_record record = { 0 };
	unsigned long chunk = (unsigned long)state->chunk_in[state->next];
	const struct mb_journey *journey = &state->journey;
	unsigned int batch = (unsigned int)state->batch;
	int status;

	if (state->frames)
		status = mb_module_evict(state->fd, 0, state->next * state->batch, state->batch,
					 journey->home, &record);
	else
		status = mb_module_migrate(state->fd, MIGBENCH_TO_SYSTEM, 0, chunk_at(state, chunk),
					   state->batch, batch, journey->home, &record);
	state->evicted += record.migrated;
	state->slot_of[chunk] = NOWHERE;
	return !status && record.migrated == state->batch;
}

/* The device is about to work on @chunk: it must be there. */
static bool work_on(struct state *state, unsigned long chunk)
{
	struct migbench_record record = { 0 };
	unsigned int batch = (unsigned int)state->batch;

	if (state->slot_of[chunk] != NOWHERE)
		return true;
	if (state->chunk_in[state->next] != NOWHERE && !evict_oldest(state))
		return false;
	if (mb_module_migrate(state->fd, MIGBENCH_TO_DEVICE, 0, chunk_at(state, chunk),
			      state->batch, batch, state->journey.home, &record) ||
	    record.migrated != state->batch)
		return false;
	state->fetched += record.migrated;
	state->slot_of[chunk] = (long)state->next;
	state->chunk_in[state->next] = (long)chunk;
	state->next = (state->next + 1) % state->slots;
	return true;
}

/* splitmix64: the same draws in every boot. */
static unsigned long draw(struct state *state, unsigned long below)
{
	uint64_t x = state->draws += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return (unsigned long)((x ^ (x >> 31)) % below);
}

static void choose_order(struct state *state)
{
	for (unsigned long i = 0; i < state->chunks; i++)
		state->order[i] = i;
	for (unsigned long i = state->chunks; state->random && i > 1; i--) {
		unsigned long other = draw(state, i), last = state->order[i - 1];

		state->order[i - 1] = state->order[other];
		state->order[other] = last;
	}
}

static bool pass(struct state *state)
{
	state->fetched = state->evicted = 0;
	for (unsigned long i = 0; i < state->chunks; i++)
		if (!work_on(state, state->order[i]))
			return false;
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct mb_session *session = journey->session;
	unsigned long pages = journey->memory.pages;
	struct mb_counts counts = { (unsigned int)pages, (unsigned int)pages, 0 };
	bool good = mb_journey_pack(journey);
	uint64_t start;
	double total;

	if (!empty_device(state, why))
		return false;
	for (unsigned int i = 0; i < WARM_UP; i++) {
		choose_order(state);
		good &= pass(state);
	}
	choose_order(state);
	if (session->clock == MB_INSNS)
		mb_tick_wait(&session->tick);
	mb_counting_begin(session);
	start = mb_clock_now(session->clock);
	good &= pass(state);
	total = (double)(mb_clock_now(session->clock) - start);
	mb_counting_end(session, 1);
	counts.migrated = counts.collected = (unsigned int)(state->fetched + state->evicted);
	counts.requested = counts.migrated;
	/* The CPU's look at the content brings home what is still there. */
	good &= mb_journey_intact(journey) && mb_journey_witnessed(journey, false);
	if (!good) {
		mb_block_invalid(block, &counts);
		return true;
	}
	mb_block_add(block, &total, &counts);
	mb_block_counter(block, "fetched", (double)state->fetched);
	mb_block_counter(block, "evicted", (double)state->evicted);
	mb_block_counter(block, "moved_per_touch",
			 (double)(state->fetched + state->evicted) / (double)pages);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
	if (state->fd >= 0)
		close(state->fd);
	free(state->slot_of);
	free(state->chunk_in);
	free(state->order);
}

static const struct mb_case oversub_case = {
	.name = "oversub",
	.summary = "a working set larger than the device: evict and fetch again, in turns",
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

MB_CASE(oversub_case)
