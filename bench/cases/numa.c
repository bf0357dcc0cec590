// SPDX-License-Identifier: GPL-2.0-or-later
/* numa: ordinary pages between nodes by move_pages(2) or mbind(2); needs neither module nor root. */
#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"
#include "core/base/text.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("mode", "the system call that moves", "move_pages,mbind", "move_pages",
		      "mbind"),
	MB_PARAM_FOLIO,
	MB_PARAM_NODES("FROM>TO"),
	MB_PARAM_NUMBER("batch", "base pages per call", "1,64,512", 1, MIGBENCH_PAGES_MAX),
	MB_PARAM_BYSTANDERS,
	{ 0 },
};

struct state {
	struct mb_session *session;
	struct mb_memory memory;
	unsigned long from, to;
	bool mbind;
	/* For move_pages(): one address for each page, whatever its size. */
	unsigned long count;
	void **pages;
	int *nodes, *status;
};

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");
	const struct mb_folio *folio = mb_journey_folio(point);
	unsigned long pages = mb_pages(point), of_one = folio->pages;
	const struct mb_folio_request request = mb_journey_request(session, point, pages);
	struct state *state = user;

	state->session = session;
	state->from = nodes->number;
	state->to = nodes->to;
	state->mbind = mb_is(point, "mode", "mbind");
	state->count = pages / of_one;
	state->pages = mb_alloc(state->count, sizeof(*state->pages));
	state->nodes = mb_alloc(state->count, sizeof(*state->nodes));
	state->status = mb_alloc(state->count, sizeof(*state->status));
	if (!mb_session_bind(session, point, why) || !mb_folio_begin(&request, why) ||
	    !mb_memory_map_folios(&state->memory, pages, state->from, folio, session->verify, why))
		return false;
	for (unsigned long i = 0; i < state->count; i++)
		state->pages[i] = state->memory.at + i * of_one * state->memory.page_size;
	return true;
}

static long bind_to(struct state *state, unsigned long node)
{
	return mb_memory_bind(&state->memory, node, MPOL_MF_MOVE | MPOL_MF_STRICT);
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

	/* A large page that was split to be moved is not what the point claims. */
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
	mb_folio_end();
	free(state->pages);
	free(state->nodes);
	free(state->status);
}

static const struct mb_case numa_case = {
	.name = "numa",
	.summary = "ordinary pages between nodes, by move_pages or mbind",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.migrates = true,
	.pages = "batch",
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(numa_case)
