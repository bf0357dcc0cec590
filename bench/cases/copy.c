// SPDX-License-Identifier: GPL-2.0-or-later
/* copy: pages copied from one node to another with nothing else; the ceiling of any migration. */
#include <string.h>

#include "bench/memory.h"
#include "bench/session.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("page", "page size", MB_SIZE_BASE, MB_BASE_WORDS),
	MB_PARAM_BATCH("pages copied in one sample", "512"),
	MB_PARAM_NODES("FROM>TO"),
	{ 0 },
};

/*
 * Pages between the two sides' places in what a page table covers. Without it page i of both
 * falls into one set of a direct-mapped TLB (QEMU's is one), and evicts the other.
 */
#define SHIFT 17

struct state {
	struct mb_session *session;
	struct mb_memory from, to;
};

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	const struct mb_value *nodes = mb_value(point, "nodes");
	unsigned long pages = mb_pages(point);

	state->session = session;
	return mb_session_bind(session, point, why) &&
	       mb_memory_map_or_say(&state->from, pages, nodes->number, false, session->verify,
				    why) &&
	       mb_memory_map_or_say(&state->to, SHIFT + pages, nodes->to, false, session->verify,
				    why);
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
	unsigned long lost;
	double total;

	(void)why;
	mb_memory_fill(&state->from);
	start = mb_clock_now(clock);
	for (size_t at = 0; at < end; at += size)
		copy_page(to + at, state->from.at + at, size);
	total = (double)(mb_clock_now(clock) - start);

	copied = state->from;
	copied.at = to;
	lost = mb_memory_lost(&copied);
	state->session->lost_pages += lost;
	if (lost)
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
}

static const struct mb_case copy_case = {
	.name = "copy",
	.summary = "pages copied between two nodes: the bandwidth ceiling",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.pages = "batch",
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(copy_case)
