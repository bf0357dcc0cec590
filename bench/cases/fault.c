// SPDX-License-Identifier: GPL-2.0-or-later
/* fault: the CPU's first touch of a page that is on the device; one value is one fault. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"

/* Faults in a row: few enough to end before the next timer tick; of a huge page, its first. */
#define FAULTS 64
/* Where the blocks are not one behind the other: one touched of so many. */
#define APART 8

static const struct mb_param params[] = {
	MB_PARAM_WORD("access", "what touches the page", "read,write", "read", "write"),
	MB_PARAM_WORD("memory", "kind of device memory", "private", "private"),
	MB_PARAM_PAGE,
	MB_PARAM_JOURNEY,
	MB_PARAM_LATER_WORD("order",
			    "one page (or block) after the other, every eighth, or one in eight at "
			    "random, and any page of a block",
			    "sequential", "sequential", "sequential", "strided", "random"),
	MB_PARAM_LATER_NUMBER("around",
			      "pages that the driver brings back for one touch, the aligned block "
			      "of so many: a power of two",
			      "1", "1", 1, MIGBENCH_AROUND_MAX),
	MB_PARAM_LATER_WORD("process",
			    "who touches pages that were there before a fork: its child, or the "
			    "parent while the child lives; alone: nobody forks",
			    "alone", "alone", "alone", "child", "parent"),
	MB_PARAM_BYSTANDERS,
	{ 0 },
};

/* What the touching process saw; in memory that it shares, where it is another. */
struct seen {
	uint64_t total[FAULTS]; /* in the clock's unit */
	struct migbench_record faults[FAULTS];
	int recorded; /* of these; -1: errno says why there are none */
	int error;
	unsigned long lost; /* pages of the child's */
	atomic_bool asleep; /* the child, for good */
};

struct state {
	struct mb_journey journey;
	bool write;
	unsigned long around;
	const char *order, *process;
	int faults_due; /* at most FAULTS; 1 for a 2m page that comes back whole (from 6.19 on) */
	int fd; /* of a device memory with blocks, or -1 */
	unsigned long pages[FAULTS]; /* which are touched, in this order */
	struct seen own, *seen;
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned long around = mb_value(point, "around")->number;

	if (around & (around - 1)) {
		snprintf(why, MB_WHY, "%lu pages are no block: around is a power of two", around);
		return false;
	}
	if (mb_journey_is_huge(point) && (around > 1 || !mb_is(point, "order", "sequential") ||
					  !mb_is(point, "process", "alone"))) {
		snprintf(why, MB_WHY, "a huge page is touched by its owner alone, from its start");
		return false;
	}
	/* A value is one fault; those of a huge page are of pages that went together. */
	return mb_journey_can(session, point, mb_journey_kind(point, "memory"), mb_huge_pages(),
			      why);
}

/* As many faults as bring about FAULTS pages, at least one. */
static int faults_of(const struct state *state)
{
	return state->around < FAULTS ? (int)(FAULTS / state->around) : 1;
}

static bool is_sequential(const struct state *state)
{
	return !strcmp(state->order, "sequential");
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	enum migbench_kind kind = mb_journey_kind(point, "memory");
	struct migbench_info info;
	unsigned long pages;

	state->fd = -1;
	state->write = mb_is(point, "access", "write");
	state->around = mb_value(point, "around")->number;
	state->order = mb_value(point, "order")->text;
	state->process = mb_value(point, "process")->text;
	state->seen = &state->own;
	if (strcmp(state->process, "alone"))
		state->seen = mb_share(sizeof(*state->seen));
	pages = (unsigned long)faults_of(state) * state->around *
		(is_sequential(state) ? 1 : APART);
	if (mb_journey_is_huge(point))
		pages = mb_huge_pages();
	if (!mb_journey_begin(journey, session, point, kind, pages, why))
		return false;
	journey->count_there = false;
	if (state->around == 1)
		return true;
	state->fd = journey->fd = mb_module_open(&info, why);
	return state->fd >= 0 && mb_module_create_shaped(state->fd, kind, journey->there, pages,
							 state->around, 0, why);
}

/* splitmix64: the same order in every boot, another in every sample. */
static unsigned long draw(uint64_t *random, unsigned long below)
{
	uint64_t x = *random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return (unsigned long)((x ^ (x >> 31)) % below);
}

/* No block twice; of the blocks that are drawn any page. */
static void draw_pages(struct state *state)
{
	unsigned long blocks[FAULTS * APART], count = (unsigned long)state->faults_due * APART;
	uint64_t random = state->journey.memory.stamp;

	for (unsigned long i = 0; i < count; i++)
		blocks[i] = i;
	for (unsigned long i = 0; i < (unsigned long)state->faults_due; i++) {
		unsigned long other = i + draw(&random, count - i), block = blocks[other];

		blocks[other] = blocks[i];
		blocks[i] = block;
		state->pages[i] = block * state->around + draw(&random, state->around);
	}
}

static void choose_pages(struct state *state)
{
	unsigned long step = state->around * (is_sequential(state) ? 1 : APART);

	if (!strcmp(state->order, "random")) {
		draw_pages(state);
		return;
	}
	for (int i = 0; i < state->faults_due; i++)
		state->pages[i] = (unsigned long)i * step;
}

static void touch_all(struct state *state)
{
	const struct mb_memory *memory = &state->journey.memory;
	enum mb_clock clock = state->journey.session->clock;
	uint64_t *total = state->seen->total;

	mb_counting_begin(state->journey.session);
	for (int i = 0; i < state->faults_due; i++) {
		unsigned long page = state->pages[i];
		volatile uint64_t *end =
			(volatile uint64_t *)(memory->at + (page + 1) * memory->page_size);
		uint64_t word = mb_memory_last_word(memory, page), start = mb_clock_now(clock);

		/* A write leaves the content as it was, so that it can be checked after. */
		if (state->write)
			end[-1] = word;
		else
			(void)end[-1];
		total[i] = mb_clock_now(clock) - start;
	}
	mb_counting_end(state->journey.session, (unsigned long)state->faults_due);
}

static void touch_and_ask(struct state *state)
{
	struct seen *seen = state->seen;

	touch_all(state);
	seen->recorded = mb_module_faults(state->journey.fd, seen->faults, FAULTS, NULL);
	seen->error = errno;
}

/* After the work of a fork, which takes a while, a sample starts at its tick again. */
static void wait_for_tick(const struct state *state)
{
	struct mb_session *session = state->journey.session;

	if (session->clock == MB_INSNS)
		mb_tick_wait(&session->tick);
}

static void be_child(struct state *state)
{
	if (!strcmp(state->process, "child")) {
		wait_for_tick(state);
		touch_and_ask(state);
		state->seen->lost = mb_memory_lost(&state->journey.memory);
		_exit(0);
	}
	atomic_store(&state->seen->asleep, true);
	for (;;)
		pause();
}

/* One of two processes that have the same pages touches them. */
static bool touch_after_fork(struct state *state, char why[MB_WHY])
{
	bool parent = !strcmp(state->process, "parent");
	int child, status;

	atomic_store(&state->seen->asleep, false);
	state->seen->lost = 0;
	child = mb_child();
	if (!child)
		be_child(state);
	if (child > 0 && parent) {
		while (!atomic_load(&state->seen->asleep))
			usleep(1000);
		wait_for_tick(state);
		touch_and_ask(state);
		kill(child, SIGKILL);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && (parent || !status)) {
		state->journey.session->lost_pages += state->seen->lost;
		return true;
	}
	snprintf(why, MB_WHY, "no child that touches pages: %s", strerror(errno));
	return false;
}

static void add(struct state *state, struct mb_block *block, size_t at)
{
	const struct migbench_record *fault = &state->seen->faults[at];
	double values[1 + MIGBENCH_PHASES] = { 0 };
	unsigned long pages = state->around;
	struct mb_counts counts;

	if (state->journey.memory.huge && state->faults_due == 1)
		pages = mb_huge_pages();
	if (!mb_journey_complete(fault, pages, &counts)) {
		mb_block_invalid(block, &counts);
		return;
	}
	mb_journey_add(&state->journey, fault, values);
	values[0] = (double)state->seen->total[at];
	mb_block_add(block, values, &counts);
}

/* Is the first page on the device as part of a whole huge page? */
static bool is_whole(const struct mb_journey *journey)
{
	uint8_t bits = 0;

	return journey->memory.huge &&
	       !mb_module_query(journey->fd, journey->memory.at, 1, &bits) &&
	       bits & MIGBENCH_PTE_HUGE && bits & MIGBENCH_PTE_DEVICE;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct seen *seen = state->seen;
	struct migbench_record there = { 0 };
	struct mb_counts counts = { 0 };
	bool good;

	good = mb_journey_pack(journey);
	if (!mb_journey_there(journey, &there, why))
		return false;
	good &= mb_journey_complete(&there, journey->memory.pages, &counts) &&
		mb_journey_witnessed(journey, true);
	while (mb_module_faults(journey->fd, seen->faults, FAULTS, NULL) > 0)
		; /* of pages that the last sample left to its check */
	state->faults_due = is_whole(journey) ? 1 : faults_of(state);
	choose_pages(state);
	if (seen == &state->own)
		touch_and_ask(state);
	else if (!touch_after_fork(state, why))
		return false;
	if (seen->recorded < 0) {
		snprintf(why, MB_WHY, "the module has no fault records: %s", strerror(seen->error));
		return false;
	}
	good &= seen->recorded == state->faults_due && !seen->lost;
	good &= mb_journey_intact(journey) && mb_journey_witnessed(journey, false);
	for (int i = 0; i < state->faults_due; i++) {
		if (good)
			add(state, block, (size_t)i);
		else
			mb_block_invalid(block, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
	if (state->fd >= 0)
		close(state->fd);
	if (state->seen != &state->own)
		mb_unshare(state->seen, sizeof(*state->seen));
}

static unsigned long pages_of(const struct mb_point *point)
{
	return mb_value(point, "around")->number;
}

static const struct mb_case fault_case = {
	.name = "fault",
	.summary = "first touch of a device page: the CPU fault that brings it back",
	.params = params,
	/* total is the touch as the process sees it; the phases are those of the handler inside. */
	.metrics = mb_total_and_phases,
	.state = sizeof(struct state),
	.migrates = true,
	.pages_of = pages_of,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(fault_case)
