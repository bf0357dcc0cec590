// SPDX-License-Identifier: GPL-2.0-or-later
/* numa: ordinary pages between nodes by the system calls that move; needs neither module nor root. */
#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/tenant.h"
#include "bench/scene/tiers.h"
#include "core/base/text.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("mode",
		      "the system call that moves; migrate_pages: all that a process has, in which "
		      "the batch is most of it; demote: reclaim, to a slower tier of memory",
		      "move_pages,mbind", "move_pages", "mbind", "migrate_pages", "demote"),
	MB_PARAM_FOLIO,
	MB_PARAM_NODES("FROM>TO"),
	MB_PARAM_NUMBER("batch", "base pages per call", "1,64,512", 1, MIGBENCH_PAGES_MAX),
	MB_PARAM_BYSTANDERS,
	{ 0 },
};

/* What is seen of the pages, in the process that has them. */
struct look {
	bool fresh; /* in: with new content, on the first node; else after the move, on the second */
	bool good; /* each page has its size */
	unsigned long there, lost; /* pages on that node, and of other content */
};

struct mode;

struct state {
	struct mb_session *session;
	struct mb_memory memory;
	unsigned long from, to;
	const struct mode *mode;
	struct mb_tenant *tenant; /* the process that has the memory; NULL: this one */
	unsigned long all; /* base pages */
	const struct mb_folio *folio;
	/* For move_pages(): one address for each page, whatever its size. */
	unsigned long count;
	void **pages;
	int *nodes, *status;
};

static long bind_all(struct state *state, unsigned long node)
{
	return mb_memory_bind(&state->memory, node, MPOL_MF_MOVE | MPOL_MF_STRICT);
}

static long move_each(struct state *state, unsigned long node)
{
	(void)node; /* is in nodes[] */
	return move_pages(0, state->count, state->pages, state->nodes, state->status, MPOL_MF_MOVE);
}

static long move_process(struct state *state, unsigned long node)
{
	return mb_tenant_move(state->tenant, node == state->to ? state->from : state->to, node);
}

/* Down by reclaim; there is no such call for the way up. */
static long demote(struct state *state, unsigned long node)
{
	return node == state->to ? mb_tiers_reclaim(state->all) : move_each(state, node);
}

static const struct mode {
	const char *word;
	long (*move)(struct state *state, unsigned long node);
} modes[] = {
	{ "move_pages", move_each },
	{ "mbind", bind_all },
	{ "migrate_pages", move_process },
	{ "demote", demote },
};

static bool is_demoted(const struct state *state)
{
	return state->mode->move == demote;
}

/* The tenant's: its memory, and a look at it. */
static bool move_in(void *user, char why[MB_WHY])
{
	struct state *state = user;

	return mb_memory_map_folios(&state->memory, state->all, state->from, state->folio,
				    state->session->verify, why);
}

static void look_at(void *user, void *what)
{
	struct mb_memory *memory = &((struct state *)user)->memory;
	const struct state *state = user;
	struct look *look = what;

	look->good = true;
	if (look->fresh && memory->huge)
		look->good = mb_memory_renew(memory);
	else if (look->fresh)
		mb_memory_fill(memory);
	look->good &= mb_memory_sized(memory);
	look->there = mb_memory_on_node(memory, look->fresh ? state->from : state->to);
	look->lost = look->fresh ? 0 : mb_memory_lost(memory);
}

/* Is what is populated now to be reclaimed? Nothing else is in that cgroup. false with @why. */
static bool charge(const struct state *state, bool wanted, char why[MB_WHY])
{
	if (!is_demoted(state) || mb_tiers_charge(wanted))
		return true;
	snprintf(why, MB_WHY, "cannot change the memory cgroup: %s", strerror(errno));
	return false;
}

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
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (mb_is(point, "mode", modes[i].word))
			state->mode = &modes[i];
	state->all = pages;
	state->folio = folio;
	state->count = pages / of_one;
	state->pages = mb_alloc(state->count, sizeof(*state->pages));
	state->nodes = mb_alloc(state->count, sizeof(*state->nodes));
	state->status = mb_alloc(state->count, sizeof(*state->status));
	if (!mb_session_bind(session, point, why) || !mb_folio_begin(&request, why))
		return false;
	if (state->mode->move == move_process) {
		if (mb_bystanders_of(point)) {
			snprintf(why, MB_WHY,
				 "the bystanders are not of the process that is moved");
			return false;
		}
		state->tenant = mb_tenant_start(move_in, look_at, state, sizeof(struct look), why);
		return state->tenant;
	}
	if (is_demoted(state) && (!mb_tiers_begin(why) || !charge(state, true, why)))
		return false;
	if (!mb_memory_map_folios(&state->memory, pages, state->from, folio, session->verify,
				  why) ||
	    !charge(state, false, why))
		return false;
	for (unsigned long i = 0; i < state->count; i++)
		state->pages[i] = state->memory.at + i * of_one * state->memory.page_size;
	return true;
}

static void aim(struct state *state, unsigned long node)
{
	for (unsigned long i = 0; i < state->count; i++)
		state->nodes[i] = (int)node;
}

static bool look(struct state *state, struct look *look, char why[MB_WHY])
{
	if (state->tenant)
		return mb_tenant_ask(state->tenant, look, why);
	look_at(state, look);
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	unsigned int all = (unsigned int)state->all;
	struct mb_counts counts = { .requested = all };
	struct look before = { .fresh = true }, after = { 0 };
	unsigned long moved = 0;
	uint64_t start;
	double total;
	long status;
	bool good;

	if (!charge(state, true, why) || !look(state, &before, why) || !charge(state, false, why))
		return false;
	/* A page that is there already would be a cheap one. */
	good = before.good && before.there == all;
	good &= !is_demoted(state) || mb_tiers_cool(&state->memory);
	aim(state, state->to);
	if (state->tenant && state->session->counting)
		moved = mb_tenant_moved();

	mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	status = state->mode->move(state, state->to);
	total = (double)(mb_clock_now(clock) - start);
	mb_counting_end(state->session, 1);
	if (status < 0 && errno != EIO) {
		snprintf(why, MB_WHY, "%s: %s", state->mode->word, strerror(errno));
		return false;
	}
	if (state->tenant && state->session->counting)
		mb_counting_note(state->session, "moved", (double)(mb_tenant_moved() - moved));

	/* A large page that was split to be moved is not what the point claims. */
	if (!look(state, &after, why))
		return false;
	counts.migrated = counts.collected = (unsigned int)after.there;
	state->session->lost_pages += after.lost;
	good &= after.good && !after.lost;
	if (good && counts.migrated == all)
		mb_block_add(block, &total, &counts);
	else
		mb_block_invalid(block, &counts);
	/* Back by the same way: mbind() would else hold the pages of the next sample there. */
	aim(state, state->from);
	state->mode->move(state, state->from);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_tenant_stop(state->tenant);
	mb_memory_unmap(&state->memory);
	if (is_demoted(state))
		mb_tiers_end();
	mb_folio_end();
	free(state->pages);
	free(state->nodes);
	free(state->status);
}

static const struct mb_case numa_case = {
	.name = "numa",
	.summary = "ordinary pages between nodes, by system calls or by reclaim",
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
