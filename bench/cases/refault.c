// SPDX-License-Identifier: GPL-2.0-or-later
/* refault: what kept A/D bits save in reclaim: pages of the hot set that had to be swapped in. */
#include <stdio.h>
#include <string.h>

#include "bench/child.h"
#include "bench/journey.h"
#include "bench/scene/reclaim.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("order", "how hot and cold pages lie", "interleaved,hot-first,hot-last",
		      "interleaved", "hot-first", "hot-last"),
	MB_PARAM_WORD("lru", "the kernel's reclaim", "classic,mglru", "classic", "mglru"),
	MB_PARAM_WORD("retention",
		      "A/D bits in migration entries: on = as the kernel chose, off = switched off",
		      "on,off", "on", "off"),
	MB_PARAM_NUMBER("pages", "base pages of the hot set, and of the cold one", "4096", 64,
			MIGBENCH_BATCH_MAX / 2),
	MB_PARAM_NODES("FROM>TO of the move"),
	{ 0 },
};

/* Between the process in the cgroup, and its parent, which keeps the records. */
struct shared {
	uint64_t walk[2]; /* of each pass, in the clock's unit */
	struct mb_reclaim_events events[2];
	unsigned long lost; /* pages that came back with other content */
	bool whole;
	char why[MB_WHY];
};

struct state {
	struct mb_session *session;
	const struct mb_point *point;
	struct shared *shared;
	int fd;
	unsigned long pages;
	bool interleaved, hot_last, off;
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct migbench_retention answer;
	int fd;

	if (!mb_journey_can(session, point, MIGBENCH_SYSTEM, mb_pages(point), why))
		return false;
	fd = mb_session_device(session, MIGBENCH_SYSTEM, mb_value(point, "nodes")->to, NULL, why);
	if (mb_module_retention(fd, MIGBENCH_RETENTION_ASK, &answer)) {
		snprintf(why, MB_WHY,
			 "this kernel does not say whether it keeps A/D bits "
			 "(CONFIG_KPROBES, CONFIG_KALLSYMS_ALL)");
		return false;
	}
	if (!answer.supported) {
		snprintf(why, MB_WHY, "this kernel keeps no A/D bits in migration entries");
		return false;
	}
	return mb_reclaim_can(mb_is(point, "lru", "mglru"), 2 * mb_pages(point), why);
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	state->session = session;
	state->point = point;
	state->pages = mb_pages(point);
	state->interleaved = mb_is(point, "order", "interleaved");
	state->hot_last = mb_is(point, "order", "hot-last");
	state->off = mb_is(point, "retention", "off");
	state->fd = mb_session_device(session, MIGBENCH_SYSTEM, mb_value(point, "nodes")->to, NULL,
				      why);
	state->shared = mb_share(sizeof(*state->shared));
	return state->fd >= 0 && mb_session_bind(session, point, why) &&
	       mb_reclaim_prepare(mb_is(point, "lru", "mglru"), why);
}

static bool is_hot(const struct state *state, unsigned long page)
{
	if (state->interleaved)
		return page % 2;
	return (page >= state->pages) == state->hot_last;
}

/* Read one word of every hot page. */
static uint64_t walk(const struct state *state, const struct mb_memory *memory)
{
	enum mb_clock clock = state->session->clock;
	uint64_t start = mb_clock_now(clock);

	for (unsigned long page = 0; page < memory->pages; page++)
		if (is_hot(state, page))
			(void)*(volatile unsigned char *)(memory->at + page * memory->page_size);
	return mb_clock_now(clock) - start;
}

/* Move all pages, the switch as the point wants it. Returns what failed, or NULL. */
static const char *move(struct state *state, const struct mb_memory *memory, bool home)
{
	const struct mb_value *nodes = mb_value(state->point, "nodes");
	struct migbench_retention answer;
	struct migbench_record record = { 0 };
	struct mb_counts counts;
	int status;

	if (mb_module_retention(state->fd,
				state->off ? MIGBENCH_RETENTION_OFF : MIGBENCH_RETENTION_ASK,
				&answer))
		return "the A/D switch does not answer";
	state->shared->whole &= answer.now == !state->off;
	status = mb_module_migrate(state->fd, home ? MIGBENCH_TO_SYSTEM : MIGBENCH_TO_DEVICE, 0,
				   memory->at, memory->pages, (unsigned int)memory->pages,
				   nodes->number, &record);
	mb_module_retention(state->fd, MIGBENCH_RETENTION_RESTORE, NULL);
	if (status)
		return "the module cannot migrate";
	state->shared->whole &= mb_journey_complete(&record, memory->pages, &counts);
	return NULL;
}

/* One pass: all in memory, the hot half young, a move, reclaim of a half, the walk. */
static const char *pass(struct state *state, struct mb_memory *memory, int number)
{
	struct shared *shared = state->shared;
	struct mb_reclaim_events before, after;
	const char *failed;

	/* Everything is written, then old; then the hot pages are read: the bits know them now. */
	mb_memory_fill(memory);
	if (!mb_reclaim_clear_young())
		return "cannot clear the accessed bits";
	walk(state, memory);
	failed = move(state, memory, number);
	if (failed)
		return failed;
	if (!mb_reclaim_pages(state->pages))
		return "the cgroup can't be reclaimed from";
	mb_reclaim_read(&before);
	shared->walk[number] = walk(state, memory);
	mb_reclaim_read(&after);
	shared->events[number].swapped_in = after.swapped_in - before.swapped_in;
	shared->events[number].refaults = after.refaults - before.refaults;
	return NULL;
}

/* Two passes there and back. Returns what failed, or NULL. */
static const char *both_passes(void *user)
{
	struct state *state = user;
	const struct mb_value *nodes = mb_value(state->point, "nodes");
	struct mb_memory memory;
	const char *failed;

	state->shared->whole = true;
	if (!mb_reclaim_enter())
		return "cannot enter the memory cgroup";
	if (!mb_memory_map(&memory, 2 * state->pages, nodes->number, false, MB_VERIFY_STAMP))
		return "no memory";
	failed = pass(state, &memory, 0);
	if (!failed)
		failed = pass(state, &memory, 1);
	state->shared->lost = mb_memory_lost(&memory);
	state->shared->whole &= !state->shared->lost;
	return failed;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct shared *shared = state->shared;
	double total;

	memset(shared, 0, sizeof(*shared));
	if (!mb_child_run(both_passes, state, shared->why, why))
		return false;
	state->session->lost_pages += shared->lost;
	if (!shared->whole) {
		mb_block_invalid(block, NULL);
		return true;
	}
	total = (double)shared->walk[0];
	mb_block_add(block, &total, NULL);
	mb_block_counter(block, "swapped_in", (double)shared->events[0].swapped_in);
	mb_block_counter(block, "refaults", (double)shared->events[0].refaults);
	mb_block_counter(block, "swapped_in_second", (double)shared->events[1].swapped_in);
	mb_block_counter(block, "refaults_second", (double)shared->events[1].refaults);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	/* The child shared our file: what it switched off, its death did not restore. */
	mb_module_retention(state->fd, MIGBENCH_RETENTION_RESTORE, NULL);
	mb_reclaim_finish();
	mb_unshare(state->shared, sizeof(*state->shared));
}

static const struct mb_case refault_case = {
	.name = "refault",
	.summary = "swap-ins of a hot set after a move and reclaim, A/D bits kept or dropped",
	.params = params,
	/* The walk over the hot set after reclaim; what it had to swap in are counters. */
	.metrics = mb_total,
	.state = sizeof(struct state),
	.elsewhere = true,
	.pages = "pages",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(refault_case)
