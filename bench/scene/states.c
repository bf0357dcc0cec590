// SPDX-License-Identifier: GPL-2.0-or-later
/* The states of a batch's pages: how each is made, and what comes of it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/scene/reclaim.h"
#include "bench/scene/states.h"
#include "core/base/text.h"

/* Of how many pages a journey is expected to say that it collected, or moved. */
enum share {
	ALL,
	NONE,
	ODD, /* those with an odd number */
	FULL, /* those that have content */
	EITHER, /* all or none, by the kernel */
};

struct mb_state_row {
	const char *name;
	bool (*make)(struct mb_state *state); /* false with errno; NULL: they are as packed */
	/* Bits of MIGBENCH_PTE_… that each page then has, and that none has. */
	uint8_t with, without;
	enum share collected, migrated; /* on the way to a device */
	enum share ordinary; /* moved on the way to ordinary memory, which takes no holes */
	bool (*is_empty)(unsigned long page); /* without content; NULL: none is */
};

static bool every(unsigned long page)
{
	(void)page;
	return true;
}

/* mixed: a written page, a hole, and one that was only read, in turns. */
static bool but_each_third(unsigned long page)
{
	return page % 3 != 0;
}

static unsigned char *page_at(const struct mb_memory *memory, unsigned long page)
{
	return memory->at + page * memory->page_size;
}

static bool fork_sleeper(struct mb_state *state)
{
	state->child = mb_child();
	if (!state->child)
		for (;;)
			pause();
	/* On this CPU, and not in what is timed; under the instruction clock that begins at a tick, by which it sleeps. */
	if (state->child > 0 && state->journey->session->clock != MB_INSNS)
		usleep(2000); /* many times what it takes */
	return state->child > 0;
}

static bool fork_and_forget(struct mb_state *state)
{
	int child = mb_child();

	(void)state;
	if (!child)
		_exit(0);
	return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool give_back(const struct mb_memory *memory, unsigned long page, unsigned long pages)
{
	return !madvise(page_at(memory, page), pages * memory->page_size, MADV_DONTNEED);
}

static bool make_holes(struct mb_state *state)
{
	return give_back(&state->journey->memory, 0, state->journey->memory.pages);
}

/* What was never written has the page of zeroes once it is read. */
static void read_one(const struct mb_memory *memory, unsigned long page)
{
	(void)*(volatile unsigned char *)page_at(memory, page);
}

static bool read_holes(struct mb_state *state)
{
	const struct mb_memory *memory = &state->journey->memory;

	if (!make_holes(state))
		return false;
	for (unsigned long page = 0; page < memory->pages; page++)
		read_one(memory, page);
	return true;
}

static bool mix(struct mb_state *state)
{
	const struct mb_memory *memory = &state->journey->memory;

	for (unsigned long page = 0; page < memory->pages; page++) {
		if (page % 3 && !give_back(memory, page, 1))
			return false;
		if (page % 3 == 2)
			read_one(memory, page);
	}
	return true;
}

static bool move(struct mb_state *state, unsigned int direction, unsigned long page,
		 unsigned long pages)
{
	const struct mb_journey *journey = state->journey;
	struct migbench_record record;

	return !mb_module_migrate(journey->fd, direction, 0, page_at(&journey->memory, page), pages,
				  (unsigned int)pages, journey->home, &record) &&
	       record.migrated == pages;
}

/* A page that comes back from private memory has an entry that is old and clean. */
static bool go_and_return(struct mb_state *state)
{
	unsigned long pages = state->journey->memory.pages;

	return move(state, MIGBENCH_TO_DEVICE, 0, pages) &&
	       move(state, MIGBENCH_TO_SYSTEM, 0, pages);
}

static bool write_after_return(struct mb_state *state)
{
	if (!go_and_return(state))
		return false;
	mb_memory_fill(&state->journey->memory);
	return true;
}

static bool swap_in(struct mb_state *state)
{
	state->swap = state->swap || mb_reclaim_prepare(false, state->reason);
	return state->swap && mb_reclaim_into_cache(&state->journey->memory, state->reason);
}

static bool send_every_other(struct mb_state *state)
{
	for (unsigned long page = 0; page < state->journey->memory.pages; page += 2)
		if (!move(state, MIGBENCH_TO_DEVICE, page, 1))
			return false;
	return true;
}

static bool protect(struct mb_state *state, int protection)
{
	const struct mb_memory *memory = &state->journey->memory;

	return !mprotect(memory->at, memory->pages * memory->page_size, protection);
}

static bool make_readonly(struct mb_state *state)
{
	return protect(state, PROT_READ);
}

static bool map(struct mb_state *state, int flags)
{
	struct mb_memory *memory = &state->journey->memory;

	return mmap(memory->at, memory->pages * memory->page_size, PROT_READ | PROT_WRITE,
		    MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED | flags, -1, 0) != MAP_FAILED &&
	       (madvise(memory->at, memory->pages * memory->page_size, MADV_NOHUGEPAGE) == 0 ||
		errno == EINVAL) &&
	       mb_memory_place(memory);
}

static bool make_shmem(struct mb_state *state)
{
	if (!map(state, MAP_SHARED))
		return false;
	mb_memory_fill(&state->journey->memory);
	return true;
}

static bool hold(struct mb_state *state, unsigned int op)
{
	const struct mb_journey *journey = state->journey;

	state->held = !mb_module_hold(journey->fd, op, journey->memory.at, journey->memory.pages);
	return state->held;
}

static bool pin(struct mb_state *state)
{
	return hold(state, MIGBENCH_HOLD_PIN);
}

static bool take_references(struct mb_state *state)
{
	return hold(state, MIGBENCH_HOLD_REFERENCE);
}

static bool lock(struct mb_state *state)
{
	return hold(state, MIGBENCH_HOLD_LOCK);
}

#define PRESENT MIGBENCH_PTE_PRESENT
#define WRITE MIGBENCH_PTE_WRITE
#define DIRTY MIGBENCH_PTE_DIRTY
#define YOUNG MIGBENCH_PTE_YOUNG
#define EXCLUSIVE MIGBENCH_PTE_EXCLUSIVE

static const struct mb_state_row rows[] = {
	/* Private, written, of one process. */
	{ "exclusive", NULL, 0, 0, ALL, ALL, ALL, NULL },
	/* As before a fork, and the child lives: two page tables map each page. */
	{ "shared", fork_sleeper, PRESENT, WRITE | EXCLUSIVE, ALL, ALL, ALL, NULL },
	/* As before a fork, and the child is gone: nobody else maps them, but no page is known to
	 * be exclusive any more. */
	{ "unshared", fork_and_forget, PRESENT, WRITE | EXCLUSIVE, ALL, ALL, ALL, NULL },
	/* Never touched: there is no page, and a device page is made in its place. */
	{ "hole", make_holes, 0, PRESENT, ALL, ALL, NONE, every },
	/* Only read: the page of zeroes is mapped. */
	{ "zero", read_holes, PRESENT, WRITE | EXCLUSIVE, ALL, ALL, NONE, every },
	/* Back from a device, and not touched since. */
	{ "clean", go_and_return, PRESENT, YOUNG | DIRTY, ALL, ALL, ALL, NULL },
	/* The same, and written again. */
	{ "dirty", write_after_return, PRESENT | YOUNG | DIRTY, 0, ALL, ALL, ALL, NULL },
	/* Written, then write-protected by mprotect(2). */
	{ "readonly", make_readonly, PRESENT | DIRTY, WRITE, ALL, ALL, ALL, NULL },
	/* Swapped out and read again; the swap cache has them still. From 6.6 on they go to a device. */
	{ "swapcache", swap_in, PRESENT | YOUNG, WRITE | EXCLUSIVE, ALL, EITHER, ALL, NULL },
	/* Shared memory: the module leaves it where it is, after setup has taken it. */
	{ "shmem", make_shmem, PRESENT, 0, ALL, NONE, NONE, NULL },
	/* Every other page is on the device already. */
	{ "half", send_every_other, 0, 0, ODD, ODD, ODD, NULL },
	/* Written, never touched, and only read, in turns. */
	{ "mixed", mix, 0, 0, ALL, ALL, FULL, but_each_third },
	/* Pinned, as direct I/O does it: must not move. */
	{ "pinned", pin, PRESENT | DIRTY, 0, NONE, NONE, NONE, NULL },
	/* Each with a reference more than its mapping: must not move either. */
	{ "extra-ref", take_references, PRESENT | DIRTY, 0, NONE, NONE, NONE, NULL },
	/* Each locked by somebody else, as a read under way does it: left alone. */
	{ "locked", lock, PRESENT | DIRTY, 0, NONE, NONE, NONE, NULL },
};

static const struct mb_state_row *find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	abort();
}

bool mb_state_can(const struct mb_point *point, char why[MB_WHY])
{
	const struct mb_state_row *row = find(mb_value(point, "state")->text);
	bool ordinary = mb_is(point, "memory", "system");

	if (!row->make)
		return true;
	if (!mb_is(point, "direction", "to-device"))
		snprintf(why, MB_WHY, "pages are %s before they go to the device, not on it",
			 row->name);
	else if (mb_journey_folio(point)->pages > 1)
		snprintf(why, MB_WHY, "the state %s is made of base pages", row->name);
	else if (mb_pages(point) > MIGBENCH_HOLD_MAX &&
		 (row->make == pin || row->make == take_references || row->make == lock))
		snprintf(why, MB_WHY, "the module holds %d pages at most", MIGBENCH_HOLD_MAX);
	else if (row->make == send_every_other && (ordinary || mb_pages(point) < 2))
		snprintf(why, MB_WHY, "half of %lu pages can't be on the device already",
			 mb_pages(point));
	else if (row->make == mix && mb_pages(point) < 3)
		snprintf(why, MB_WHY, "%lu pages can't be of three kinds", mb_pages(point));
	else if ((row->make == go_and_return || row->make == write_after_return) &&
		 !mb_is(point, "memory", "private"))
		snprintf(why, MB_WHY, "only private memory makes entries clean");
	else
		return row->make != swap_in || mb_reclaim_can(false, mb_pages(point), why);
	return false;
}

struct mb_state mb_state_of(const struct mb_point *point, struct mb_journey *journey)
{
	return (struct mb_state){ .row = find(mb_value(point, "state")->text), .journey = journey };
}

bool mb_state_is_plain(const struct mb_state *state)
{
	return !state->row->make;
}

static bool failed(const struct mb_state *state, const char *what, char why[MB_WHY])
{
	snprintf(why, MB_WHY, "%lu pages can't be %s %s: %.160s", state->journey->memory.pages,
		 what, state->row->name, *state->reason ? state->reason : strerror(errno));
	return false;
}

bool mb_state_clear(struct mb_state *state, char why[MB_WHY])
{
	/* What was shared memory is private again, and of one VMA. */
	if (state->row->make != make_shmem || map(state, MAP_PRIVATE))
		return true;
	return failed(state, "no longer", why);
}

bool mb_state_make(struct mb_state *state, bool *good, char why[MB_WHY])
{
	const struct mb_journey *journey = state->journey;
	unsigned long pages = journey->memory.pages;
	uint8_t *bits;

	if (!state->row->make)
		return true;
	if (!state->row->make(state))
		return failed(state, "made", why);
	bits = mb_alloc(pages, sizeof(*bits));
	/* Another architecture has no bits to show. */
	if (!mb_module_query(journey->fd, journey->memory.at, pages, bits))
		for (unsigned long i = 0; i < pages; i++)
			*good &= (bits[i] & state->row->with) == state->row->with &&
				 !(bits[i] & state->row->without);
	free(bits);
	return true;
}

bool mb_state_release(struct mb_state *state, char why[MB_WHY])
{
	bool good = true;

	if (state->child) {
		kill(state->child, SIGKILL);
		good = waitpid(state->child, NULL, 0) == state->child;
		state->child = 0;
	}
	if (state->held && mb_module_hold(state->journey->fd, MIGBENCH_HOLD_RELEASE, NULL, 0)) {
		state->expired = errno == ETIMEDOUT;
		good &= state->expired;
	}
	state->held = false;
	if (state->row->make == make_readonly)
		good &= protect(state, PROT_READ | PROT_WRITE);
	return good || failed(state, "released from being", why);
}

void mb_state_end(struct mb_state *state)
{
	if (state->swap)
		mb_reclaim_finish();
	state->swap = false;
}

static unsigned long count(const struct mb_state *state, enum share share)
{
	unsigned long pages = state->journey->memory.pages, full = 0;

	switch (share) {
	case ALL:
	case EITHER:
		return pages;
	case NONE:
		return 0;
	case ODD:
		return pages / 2;
	case FULL:
		break;
	}
	for (unsigned long page = 0; page < pages; page++)
		full += !state->row->is_empty(page);
	return full;
}

bool mb_state_expected(const struct mb_state *state, const struct migbench_record *there)
{
	const struct mb_state_row *row = state->row;
	enum share share = state->journey->kind == MIGBENCH_SYSTEM ? row->ordinary : row->migrated;

	return !state->expired && there->requested == state->journey->memory.pages &&
	       there->collected == count(state, row->collected) &&
	       (there->migrated == count(state, share) || (share == EITHER && !there->migrated));
}

bool mb_state_intact(const struct mb_state *state)
{
	const struct mb_memory *memory = &state->journey->memory;
	unsigned long lost = 0;

	if (!state->row->is_empty)
		return mb_journey_intact(state->journey);
	for (unsigned long page = 0; page < memory->pages; page++)
		lost += state->row->is_empty(page) ? !mb_memory_is_zero(memory, page)
						   : !mb_memory_is_kept(memory, page);
	state->journey->session->lost_pages += lost;
	return !lost;
}
