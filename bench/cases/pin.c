// SPDX-License-Identifier: GPL-2.0-or-later
/* pin: what it costs to pin pages for I/O, for a while or for good, by where the pages are. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/movable.h"
#include "core/base/text.h"

#define PAGEMAP_PFN ((1ULL << 55) - 1)

static const struct mb_param params[] = {
	MB_PARAM_WORD("memory",
		      "where the pages are: ordinary memory, a movable zone of the first node, or "
		      "coherent device memory",
		      "ordinary,movable,coherent", "ordinary", "movable", "coherent"),
	MB_PARAM_WORD(
		"how",
		"buffers: io_uring's registered buffers, which are pinned for good; longterm: "
		"such a pin by the module alone; plain: a pin that ends soon, as for direct I/O, "
		"by the module",
		"buffers,longterm,plain", "buffers", "longterm", "plain"),
	MB_PARAM_NUMBER("batch", "pages in one pin", "1,64,512", 1, MIGBENCH_HOLD_MAX),
	MB_PARAM_JOURNEY,
	{ 0 },
};

struct state {
	struct mb_journey journey; /* coherent memory only, but for its memory */
	struct mb_movable movable;
	bool coherent, is_movable;
	unsigned int op; /* MIGBENCH_HOLD_…; RELEASE: io_uring */
	int module, ring; /* or -1 */
	uint64_t *before, *after; /* frames */
};

/* 0 or more, or -1 with errno set. The library would map queues that nobody uses here. */
static int open_ring(void)
{
	struct io_uring_params ring = { 0 };

	return (int)syscall(SYS_io_uring_setup, 1, &ring);
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct migbench_info info;
	int fd;

	if (mb_is(point, "memory", "coherent")) {
		if (!mb_journey_can(session, point, MIGBENCH_COHERENT, mb_pages(point), why))
			return false;
	} else if (!mb_session_has_nodes(session, point, why)) {
		return false;
	}
	fd = mb_is(point, "how", "buffers") ? open_ring() : mb_module_open(&info, why);
	if (fd < 0) {
		if (mb_is(point, "how", "buffers"))
			snprintf(why, MB_WHY, "this kernel gives no io_uring: %s", strerror(errno));
		return false;
	}
	close(fd);
	return true;
}

static bool prepare_memory(struct state *state, struct mb_session *session,
			   const struct mb_point *point, char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");
	struct mb_journey *journey = &state->journey;

	if (state->coherent)
		return mb_journey_begin(journey, session, point, MIGBENCH_COHERENT, mb_pages(point),
					why);
	if (!mb_session_bind(session, point, why))
		return false;
	if (!state->is_movable && !mb_movable_undo()) {
		snprintf(why, MB_WHY, "node %lu's memory can't be had out of the movable zone",
			 nodes->number);
		return false;
	}
	/* Only in the lab's machine: a user's own keeps the zones that it has. */
	if (!mb_movable_find(&state->movable, nodes->number) && state->is_movable) {
		if (!session->guest) {
			snprintf(why, MB_WHY, "node %lu has no movable zone", nodes->number);
			return false;
		}
		if (!mb_movable_make(&state->movable, nodes->number, why))
			return false;
	}
	journey->session = session;
	journey->home = nodes->number;
	return mb_memory_map_or_say(&journey->memory, mb_pages(point), nodes->number, false,
				    session->verify, why);
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	struct migbench_info info;

	state->module = state->ring = -1;
	state->coherent = mb_is(point, "memory", "coherent");
	state->is_movable = mb_is(point, "memory", "movable");
	state->op = mb_is(point, "how", "longterm") ? MIGBENCH_HOLD_LONGTERM
		    : mb_is(point, "how", "plain")  ? MIGBENCH_HOLD_PIN
						    : MIGBENCH_HOLD_RELEASE;
	state->before = mb_alloc(mb_pages(point), sizeof(*state->before));
	state->after = mb_alloc(mb_pages(point), sizeof(*state->after));
	if (!prepare_memory(state, session, point, why))
		return false;
	state->journey.count_there = false;
	if (state->op) {
		state->module = mb_module_open(&info, why);
		return state->module >= 0;
	}
	state->ring = open_ring();
	if (state->ring < 0)
		snprintf(why, MB_WHY, "this kernel gives no io_uring: %s", strerror(errno));
	return state->ring >= 0;
}

static int hold(const struct state *state, unsigned int op)
{
	const struct mb_memory *memory = &state->journey.memory;
	struct migbench_hold request = { .size = sizeof(request), .op = op };

	if (op) {
		request.addr = (uintptr_t)memory->at;
		request.pages = memory->pages;
	}
	return ioctl(state->module, MIGBENCH_IOC_HOLD, &request);
}

static int pin(const struct state *state)
{
	const struct mb_memory *memory = &state->journey.memory;
	struct iovec buffer = { memory->at, memory->pages * memory->page_size };

	if (state->op)
		return hold(state, state->op);
	return (int)syscall(SYS_io_uring_register, state->ring, IORING_REGISTER_BUFFERS, &buffer,
			    1);
}

static void unpin(const struct state *state)
{
	if (state->op)
		hold(state, MIGBENCH_HOLD_RELEASE);
	else
		syscall(SYS_io_uring_register, state->ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
}

/* The frames of all pages, as /proc/self/pagemap has them: for root. false with errno set. */
static bool read_frames(const struct mb_memory *memory, uint64_t *frames)
{
	size_t size = memory->pages * sizeof(*frames);
	off_t at = (off_t)((uintptr_t)memory->at / memory->page_size * sizeof(*frames));
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && pread(fd, frames, size, at) == (ssize_t)size;

	for (unsigned long i = 0; good && i < memory->pages; i++)
		frames[i] &= PAGEMAP_PFN;
	if (fd >= 0)
		close(fd);
	return good;
}

static unsigned long in_movable(const struct state *state, const uint64_t *frames)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < state->journey.memory.pages; i++)
		count +=
			frames[i] >= state->movable.first_pfn && frames[i] < state->movable.end_pfn;
	return count;
}

/* New pages that are where the point says. */
static bool set_out(struct state *state, char why[MB_WHY])
{
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 };
	struct mb_counts counts;

	if (!mb_memory_renew(&journey->memory))
		return false;
	if (state->coherent)
		return mb_journey_there(journey, &there, why) &&
		       mb_journey_complete(&there, journey->memory.pages, &counts) &&
		       read_frames(&journey->memory, state->before);
	return read_frames(&journey->memory, state->before) &&
	       in_movable(state, state->before) == (state->is_movable ? journey->memory.pages : 0);
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_session *session = state->journey.session;
	unsigned long pages = state->journey.memory.pages, moved = 0;
	struct mb_counts counts = { (unsigned int)pages, 0, 0 };
	bool good = set_out(state, why);
	uint64_t start;
	double total;
	int status;

	if (session->clock == MB_INSNS)
		mb_tick_wait(&session->tick);
	mb_counting_begin(session);
	start = mb_clock_now(session->clock);
	status = pin(state);
	total = (double)(mb_clock_now(session->clock) - start);
	mb_counting_end(session, 1);
	if (status < 0) {
		snprintf(why, MB_WHY, "cannot pin %lu pages: %s", pages, strerror(errno));
		return false;
	}
	good &= read_frames(&state->journey.memory, state->after);
	unpin(state);
	good &= mb_journey_intact(&state->journey);
	for (unsigned long i = 0; i < pages; i++)
		moved += state->before[i] != state->after[i];
	counts.collected = counts.migrated = (unsigned int)moved;
	if (!good) {
		mb_block_invalid(block, &counts);
		return true;
	}
	mb_block_add(block, &total, &counts);
	mb_block_counter(block, "moved", (double)moved);
	if (state->is_movable)
		mb_block_counter(block, "still_movable", (double)in_movable(state, state->after));
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	if (state->module >= 0)
		close(state->module);
	if (state->ring >= 0)
		close(state->ring);
	mb_journey_end(&state->journey);
	mb_movable_undo();
	free(state->before);
	free(state->after);
}

static const struct mb_case pin_case = {
	.name = "pin",
	.summary = "pages pinned for I/O, for a while or for good, by where they are",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.pages = "batch",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(pin_case)
