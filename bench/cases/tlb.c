// SPDX-License-Identifier: GPL-2.0-or-later
/* tlb: flushes by mprotect, madvise and munmap against range size and CPUs that use the mm. */
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
		      "mprotect: write permission is taken away; dontneed: pages are given back; "
		      "munmap: with the range itself",
		      "mprotect,dontneed", "mprotect", "dontneed", "munmap"),
	MB_PARAM_LATER_WORD("mapping",
			    "what the range maps: anonymous base pages; shmem: dirty pages of a "
			    "file in tmpfs; pmd-pte: parts of huge pages, mapped by PTEs",
			    "anonymous", "anonymous", "anonymous", "shmem", MB_PTE_WORDS),
	MB_PARAM_NUMBER("pages", "base pages in the range", "1,8,32,64,512", 1, MIGBENCH_BATCH_MAX),
	MB_PARAM_NUMBER("cpus", "CPUs that run threads of the process, the flushing one included",
			"1,2,4", 1, MB_MAX_CPUS),
	{ 0 },
};

struct state {
	struct mb_session *session;
	bool mprotect, munmap;
	struct mb_memory memory;
	unsigned long pages; /* of these, from the first on, in the range */
};

static const struct mb_folio *folio_of(const struct mb_point *point)
{
	const char *mapping = mb_value(point, "mapping")->text;

	return mb_folio(strstr(mapping, "-pte") ? mapping : NULL);
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned int have = mb_topology_cpus(session->topology);

	const struct mb_folio_request request = { .folio = folio_of(point) };

	if (mb_value(point, "cpus")->number <= have)
		return mb_folio_can(&request, why);
	snprintf(why, MB_WHY, "this machine has %u CPU%s", have, have == 1 ? "" : "s");
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	unsigned int others = (unsigned int)mb_value(point, "cpus")->number - 1;
	unsigned long home = mb_topology_home(session->topology), pages;
	const struct mb_folio *folio = folio_of(point);
	struct state *state = user;
	const struct mb_memory *touched = &state->memory;
	bool mapped;

	state->session = session;
	state->mprotect = mb_is(point, "op", "mprotect");
	state->munmap = mb_is(point, "op", "munmap");
	state->pages = mb_pages(point);
	/* Whole huge pages, though a part of them is in the range. */
	pages = (state->pages + folio->pages - 1) / folio->pages * folio->pages;
	mapped = mb_is(point, "mapping", "shmem")
			 ? mb_memory_map_shared(&state->memory, pages, home, session->verify, why)
			 : mb_memory_map_folios(&state->memory, pages, home, folio, session->verify,
						why);
	if (!mapped)
		return false;
	/* Whoever reads a range that is gone dies, or brings base pages where huge ones shall be. */
	if (state->munmap || state->memory.huge)
		touched = NULL;
	session->bystanders = mb_bystanders_start(session, others, false, touched, why);
	return session->bystanders || !others;
}

/* New content in all pages, and such as the point wants where the last sample took some away. */
static bool get_ready(struct state *state, bool *sized, char why[MB_WHY])
{
	struct mb_memory *memory = &state->memory;

	if (!state->munmap && !memory->huge) {
		mb_memory_fill(memory);
		return true;
	}
	if (!mb_memory_renew(memory)) {
		snprintf(why, MB_WHY, "no new range: %s", strerror(errno));
		return false;
	}
	*sized = mb_memory_sized(memory);
	return true;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	const struct mb_memory *memory = &state->memory;
	size_t size = state->pages * memory->page_size;
	uint64_t start;
	bool sized = true;
	double total;
	int status;

	if (!get_ready(state, &sized, why))
		return false;
	mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	if (state->mprotect)
		status = mprotect(memory->at, size, PROT_READ);
	else if (!state->munmap)
		status = madvise(memory->at, size, MADV_DONTNEED);
	else
		status = munmap(memory->at, size);
	total = (double)(mb_clock_now(clock) - start);
	mb_counting_end(state->session, 1);
	if (status) {
		snprintf(why, MB_WHY, "%s: %s",
			 state->mprotect ? "mprotect"
			 : state->munmap ? "munmap"
					 : "madvise",
			 strerror(errno));
		return false;
	}
	if (state->mprotect && mprotect(memory->at, size, PROT_READ | PROT_WRITE)) {
		snprintf(why, MB_WHY, "mprotect, back: %s", strerror(errno));
		return false;
	}
	if (sized)
		mb_block_add(block, &total, NULL);
	else
		mb_block_invalid(block, NULL);
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
	.summary = "TLB flushes by mprotect, madvise and munmap, against range size and CPUs",
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
