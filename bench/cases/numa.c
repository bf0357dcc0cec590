// SPDX-License-Identifier: GPL-2.0-or-later
/* numa: ordinary pages between nodes by move_pages(2) or mbind(2); needs neither module nor root. */
#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"

static const char *const modes[] = { "move_pages", "mbind", NULL };

static const struct mb_param params[] = {
	{ .name = "mode",
	  .help = "the system call that moves",
	  .kind = MB_WORD,
	  .words = modes,
	  .defaults = "move_pages,mbind" },
	MB_PARAM_PAGE,
	{ .name = "nodes", .help = "FROM>TO", .kind = MB_NODES, .defaults = "0>1" },
	{ .name = "batch",
	  .help = "base pages per call",
	  .kind = MB_NUMBER,
	  .min = 1,
	  .max = MIGBENCH_BATCH_MAX,
	  .defaults = "1,64,512" },
	{ 0 },
};

static const char *const metrics[] = { "total", NULL };

struct state {
	struct mb_session *session;
	struct mb_memory memory;
	unsigned long from, to;
	bool mbind;
	/* For move_pages(): one address for each page, huge or not. */
	unsigned long count;
	void **pages;
	int *nodes, *status;
};

static unsigned long pages(const struct mb_point *point)
{
	return mb_value(point, "batch")->number;
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	return mb_journey_whole(point, pages(point), why) &&
	       mb_session_has_nodes(session, point, why);
}

static void release(struct state *state)
{
	free(state->pages);
	free(state->nodes);
	free(state->status);
	free(state);
}

static void *prepare(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");
	bool huge = !strcmp(mb_value(point, "page")->text, "2m");
	struct state *state = calloc(1, sizeof(*state));
	size_t step;

	if (!state)
		abort();
	state->session = session;
	state->from = nodes->number;
	state->to = nodes->to;
	state->mbind = !strcmp(mb_value(point, "mode")->text, "mbind");
	state->count = pages(point) / (huge ? MB_HUGE_PAGES : 1);
	state->pages = calloc(state->count, sizeof(*state->pages));
	state->nodes = calloc(state->count, sizeof(*state->nodes));
	state->status = calloc(state->count, sizeof(*state->status));
	if (!state->pages || !state->nodes || !state->status)
		abort();
	if (!mb_session_bind(session, point, why))
		goto fail;
	if (!mb_memory_map(&state->memory, pages(point), state->from, huge, session->verify)) {
		snprintf(why, MB_WHY, "no memory of %lu pages on node %lu: %s", pages(point),
			 state->from, strerror(errno));
		goto fail;
	}
	step = state->memory.page_size * (huge ? MB_HUGE_PAGES : 1);
	for (unsigned long i = 0; i < state->count; i++)
		state->pages[i] = state->memory.at + i * step;
	return state;

fail:
	release(state);
	return NULL;
}

static long bind_to(struct state *state, unsigned long node)
{
	unsigned long mask[16] = { 0 };
	const unsigned long bits = 8 * sizeof(mask[0]);

	mask[node / bits] = 1UL << (node % bits);
	return mbind(state->memory.at, state->memory.pages * state->memory.page_size, MPOL_BIND,
		     mask, bits * 16, MPOL_MF_MOVE | MPOL_MF_STRICT);
}

static long move_to(struct state *state)
{
	return move_pages(0, state->count, state->pages, state->nodes, state->status, MPOL_MF_MOVE);
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	unsigned int all = (unsigned int)state->memory.pages;
	struct mb_counts counts = { .requested = all };
	uint64_t start;
	bool good = true;
	unsigned long lost;
	double total;
	long status;

	if (state->memory.huge)
		good = mb_memory_renew(&state->memory);
	else
		mb_memory_fill(&state->memory);
	good &= mb_memory_sized(&state->memory);
	/* A page that is there already would be a cheap one. */
	good &= mb_memory_on_node(&state->memory, state->from) == all;
	for (unsigned long i = 0; i < state->count; i++)
		state->nodes[i] = (int)state->to;

	mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	status = state->mbind ? bind_to(state, state->to) : move_to(state);
	total = (double)(mb_clock_now(clock) - start);
	mb_counting_end(state->session, 1);
	if (status < 0 && errno != EIO) {
		snprintf(why, MB_WHY, "%s: %s", state->mbind ? "mbind" : "move_pages",
			 strerror(errno));
		return false;
	}

	/* A huge page that was split to be moved is not what the point claims. */
	good &= mb_memory_sized(&state->memory);
	counts.migrated = counts.collected =
		(unsigned int)mb_memory_on_node(&state->memory, state->to);
	lost = mb_memory_lost(&state->memory);
	state->session->lost_pages += lost;
	good &= !lost;
	if (good && counts.migrated == all)
		mb_block_add(block, &total, &counts);
	else
		mb_block_invalid(block, &counts);
	/* Back by the same way: mbind() would else hold the pages of the next sample there. */
	for (unsigned long i = 0; i < state->count; i++)
		state->nodes[i] = (int)state->from;
	if (state->mbind)
		bind_to(state, state->from);
	else
		move_to(state);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_memory_unmap(&state->memory);
	release(state);
}

static const struct mb_case numa_case = {
	.name = "numa",
	.summary = "ordinary pages between nodes, by move_pages or mbind",
	.params = params,
	.metrics = metrics,
	.migrates = true,
	.pages = pages,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(numa_case)
