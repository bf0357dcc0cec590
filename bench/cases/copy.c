// SPDX-License-Identifier: GPL-2.0-or-later
/* copy: pages copied from one node to another with nothing else; the ceiling of any migration. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/memory.h"
#include "bench/session.h"

static const char *const page_sizes[] = { "4k", NULL };

static const struct mb_param params[] = {
	{ .name = "page",
	  .help = "page size",
	  .kind = MB_WORD,
	  .words = page_sizes,
	  .defaults = "4k" },
	{ .name = "batch",
	  .help = "pages copied in one sample",
	  .kind = MB_NUMBER,
	  .min = 1,
	  .max = MIGBENCH_BATCH_MAX,
	  .defaults = "512" },
	{ .name = "nodes", .help = "FROM>TO", .kind = MB_NODES, .defaults = "0>1" },
	{ 0 },
};

static const char *const metrics[] = { "total", NULL };

/*
 * Pages between the two sides' places in their 2 MiB. Without it page i of both
 * falls into one set of a direct-mapped TLB (QEMU's is one), and evicts the other.
 */
#define SHIFT 17

struct state {
	struct mb_session *session;
	struct mb_memory from, to;
};

static unsigned long pages(const struct mb_point *point)
{
	return mb_value(point, "batch")->number;
}

static void *prepare(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct state *state = calloc(1, sizeof(*state));
	const struct mb_value *nodes = mb_value(point, "nodes");

	if (!state)
		abort();
	state->session = session;
	if (!mb_session_bind(session, point, why))
		goto fail;
	if (!mb_memory_map(&state->from, pages(point), nodes->number, false, session->verify))
		goto no_memory;
	if (!mb_memory_map(&state->to, SHIFT + pages(point), nodes->to, false, session->verify)) {
		mb_memory_unmap(&state->from);
		goto no_memory;
	}
	return state;

no_memory:
	snprintf(why, MB_WHY, "no memory of %lu pages on nodes %s: %s", pages(point), nodes->text,
		 strerror(errno));
fail:
	free(state);
	return NULL;
}

/* The instruction that the kernel's copy_page() uses on x86, so that the two compare. */
static inline void copy_page(unsigned char *to, const unsigned char *from, size_t size)
{
#if defined(__x86_64__)
	size_t words = size / 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
#else
	memcpy(to, from, size);
#endif
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	size_t size = state->from.page_size, end = state->from.pages * size;
	unsigned char *to = state->to.at + SHIFT * size;
	struct mb_memory copied;
	uint64_t start;
	double total;

	(void)why;
	mb_memory_fill(&state->from);
	start = mb_clock_now(clock);
	for (size_t at = 0; at < end; at += size)
		copy_page(to + at, state->from.at + at, size);
	total = (double)(mb_clock_now(clock) - start);

	copied = state->from;
	copied.at = to;
	if (mb_memory_lost(&copied))
		mb_block_invalid(block, NULL);
	else
		mb_block_add(block, &total, NULL);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_memory_unmap(&state->from);
	mb_memory_unmap(&state->to);
	free(state);
}

static const struct mb_case copy_case = {
	.name = "copy",
	.summary = "pages copied between two nodes: the bandwidth ceiling",
	.params = params,
	.metrics = metrics,
	.pages = pages,
	.can = mb_session_has_nodes,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(copy_case)
