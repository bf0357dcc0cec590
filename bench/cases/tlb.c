// SPDX-License-Identifier: GPL-2.0-or-later
/* tlb: flushes by mprotect(2) and madvise(2) against range size and CPUs that use the mm. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/counting.h"
#include "bench/memory.h"
#include "bench/scene/bystanders.h"
#include "bench/session.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("op",
		      "mprotect: write permission is taken away; dontneed: pages are given back",
		      "mprotect,dontneed", "mprotect", "dontneed"),
	MB_PARAM_NUMBER("pages", "base pages in the range", "1,8,32,64,512", 1, MIGBENCH_BATCH_MAX),
	MB_PARAM_NUMBER("cpus", "CPUs that run threads of the process, the flushing one included",
			"1,2,4", 1, MB_MAX_CPUS),
	{ 0 },
};

struct state {
	struct mb_session *session;
	bool mprotect;
	struct mb_memory memory;
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned int have = mb_topology_cpus(session->topology);

	if (mb_value(point, "cpus")->number <= have)
		return true;
	snprintf(why, MB_WHY, "this machine has %u CPU%s", have, have == 1 ? "" : "s");
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	unsigned int others = (unsigned int)mb_value(point, "cpus")->number - 1;
	struct state *state = user;

	state->session = session;
	state->mprotect = mb_is(point, "op", "mprotect");
	if (!mb_memory_map_or_say(&state->memory, mb_pages(point), 0, false, session->verify, why))
		return false;
	session->bystanders = mb_bystanders_start(session, others, false, &state->memory, why);
	return session->bystanders || !others;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	const struct mb_memory *memory = &state->memory;
	size_t size = memory->pages * memory->page_size;
	uint64_t start;
	double total;
	int status;

	mb_memory_fill(&state->memory);
	mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	if (state->mprotect)
		status = mprotect(memory->at, size, PROT_READ);
	else
		status = madvise(memory->at, size, MADV_DONTNEED);
	total = (double)(mb_clock_now(clock) - start);
	mb_counting_end(state->session, 1);
	if (status) {
		snprintf(why, MB_WHY, "%s: %s", state->mprotect ? "mprotect" : "madvise",
			 strerror(errno));
		return false;
	}
	if (state->mprotect && mprotect(memory->at, size, PROT_READ | PROT_WRITE)) {
		snprintf(why, MB_WHY, "mprotect, back: %s", strerror(errno));
		return false;
	}
	mb_block_add(block, &total, NULL);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_bystanders_stop(state->session->bystanders);
	state->session->bystanders = NULL;
	mb_memory_unmap(&state->memory);
}

static const struct mb_case tlb_case = {
	.name = "tlb",
	.summary = "TLB flushes by mprotect and madvise, against range size and CPUs",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.pages = "pages",
	/* CPUs that another point used would linger in this one's mm_cpumask. */
	.apart = true,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(tlb_case)
