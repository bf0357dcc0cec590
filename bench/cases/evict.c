// SPDX-License-Identifier: GPL-2.0-or-later
/* evict: the driver takes its memory back by frame number, with migrate_device_range(). */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/turn.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("memory", "kind of device memory", "private", "private", "coherent"),
	MB_PARAM_PAGE,
	MB_PARAM_JOURNEY,
	MB_PARAM_BATCH("pages per migrate_device_range(), all of them in use", "1,64,512"),
	MB_PARAM_LATER_NUMBER("spread",
			      "frames among which one is in use: all are asked for, batch x spread",
			      "1", "1", 1, MIGBENCH_SPREAD_MAX),
	MB_PARAM_LATER_WORD("by",
			    "migrate_device_range(), or migrate_device_pfns() of the frames in use "
			    "(since 6.15); module: what the module takes on this kernel",
			    "module", "module", "module", "range", "pfns"),
	MB_PARAM_LATER_WORD("owner",
			    "whose the pages are: idle, touching them from another CPU meanwhile, "
			    "forked (a child maps them, too), dead (only its child has them)",
			    "idle", "idle", "idle", "touching", "forked", "dead"),
	MB_PARAM_BYSTANDERS,
	{ 0 },
};

/* What two processes have in common. */
struct shared {
	atomic_bool ready, go, done;
	unsigned long lost;
	struct migbench_record there;
	char why[MB_WHY];
};

struct state {
	struct mb_journey journey;
	int fd; /* of a device memory that has just these pages */
	unsigned int by; /* MIGBENCH_EVICT_… */
	unsigned long frames;
	const char *owner;
	struct shared *shared; /* where a second process or thread is */
	int heir; /* a process that has the pages, or 0 */
	pthread_t thread; /* that touches them, if there is one */
};

static bool is(const struct state *state, const char *owner)
{
	return !strcmp(state->owner, owner);
}

static bool can_combine(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned long spread = mb_value(point, "spread")->number;

	if (mb_pages(point) * spread > MIGBENCH_BATCH_MAX)
		snprintf(why, MB_WHY, "%lu frames are more than one call takes: %d",
			 mb_pages(point) * spread, MIGBENCH_BATCH_MAX);
	else if (mb_journey_is_huge(point) && spread > 1)
		snprintf(why, MB_WHY, "a huge page lies on frames in a row");
	else if (mb_is(point, "owner", "touching") && mb_topology_cpus(session->topology) < 2)
		snprintf(why, MB_WHY, "who touches pages meanwhile needs a second CPU");
	else if (mb_is(point, "owner", "touching") && mb_is(point, "memory", "coherent"))
		snprintf(why, MB_WHY, "a touch of coherent memory is no fault");
	else
		return true;
	return false;
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	enum migbench_kind kind = mb_journey_kind(point, "memory");
	int fd;

	if (!mb_journey_can(session, point, kind, mb_pages(point), why) ||
	    !can_combine(session, point, why))
		return false;
	fd = mb_session_device(session, kind, mb_value(point, "nodes")->to, NULL, why);
	if (!mb_module_can_evict(fd, 0)) {
		snprintf(why, MB_WHY,
			 "this kernel has no migrate_device_range(), so a driver can't evict: "
			 "since 6.1");
		return false;
	}
	if (mb_is(point, "by", "pfns") && !mb_module_can_evict(fd, MIGBENCH_EVICT_PFNS)) {
		snprintf(why, MB_WHY, "this kernel has no migrate_device_pfns(): since 6.15");
		return false;
	}
	return true;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	enum migbench_kind kind = mb_journey_kind(point, "memory");
	unsigned long spread = mb_value(point, "spread")->number;
	struct migbench_info info;

	state->fd = -1;
	state->frames = mb_pages(point) * spread;
	state->owner = mb_value(point, "owner")->text;
	state->by = mb_is(point, "by", "range")	 ? MIGBENCH_EVICT_RANGE
		    : mb_is(point, "by", "pfns") ? MIGBENCH_EVICT_PFNS
						 : 0;
	if (!is(state, "idle"))
		state->shared = mb_share(sizeof(*state->shared));
	if (!mb_journey_begin(&state->journey, session, point, kind, mb_pages(point), why))
		return false;
	state->journey.count_there = false;
	state->fd = state->journey.fd = mb_module_open(&info, why);
	return state->fd >= 0 && mb_module_create_shaped(state->fd, kind, state->journey.there,
							 mb_pages(point), 0, spread, why);
}

/* From the last page to the first: the eviction comes from the other end. */
static void *touch(void *user)
{
	struct state *state = user;
	const struct mb_memory *memory = &state->journey.memory;
	const struct mb_topology *topology = state->journey.session->topology;

	/* Bound after its creation: threads inherit the affinity of their maker, which is where the eviction runs. */
	mb_topology_bind_cpu(topology, !mb_topology_cpu_here(topology));
	atomic_store(&state->shared->ready, true);
	while (!atomic_load(&state->shared->go))
		mb_give_turn();
	for (unsigned long i = memory->pages; i-- > 0;)
		(void)*(volatile unsigned char *)(memory->at + i * memory->page_size);
	return NULL;
}

/* Waits until its pages are back, a minute at most, and looks at them. */
static void be_heir(struct state *state)
{
	struct shared *shared = state->shared;

	atomic_store(&shared->ready, true);
	for (unsigned int i = 0; i < 60000 && !atomic_load(&shared->go); i++)
		usleep(1000);
	shared->lost = mb_memory_lost(&state->journey.memory);
	atomic_store(&shared->done, true);
	_exit(0);
}

/* The owner is a process of its own, with pages of its own; it leaves them to a child, and dies. */
static const char *move_fork_and_die(void *user)
{
	struct state *state = user;
	pid_t heir;

	if (!mb_journey_pack(&state->journey))
		return "no pages of the size that is asked for";
	if (!mb_journey_there(&state->journey, &state->shared->there, state->shared->why))
		return "the owner's pages can't go to the device";
	heir = fork();
	if (!heir)
		be_heir(state);
	return heir < 0 ? "no child for the pages" : NULL;
}

/* false: the other process has died. It has a minute for what takes a moment. */
static bool wait_for(atomic_bool *what)
{
	for (unsigned int i = 0; i < 60000 && !atomic_load(what); i++)
		usleep(1000);
	return atomic_load(what);
}

/* The pages are on the device, and whoever else is to have them has. false with @why. */
static bool set_out(struct state *state, struct migbench_record *there, char why[MB_WHY])
{
	struct shared *shared = state->shared;
	int error = 0;

	if (shared)
		memset(shared, 0, sizeof(*shared));
	if (is(state, "dead")) {
		if (!mb_child_run(move_fork_and_die, state, shared->why, why))
			return false;
		*there = shared->there;
	} else if (!mb_journey_there(&state->journey, there, why)) {
		return false;
	}
	if (is(state, "forked")) {
		state->heir = mb_child();
		if (!state->heir)
			be_heir(state);
		error = state->heir < 0 ? errno : 0;
	} else if (is(state, "touching")) {
		error = pthread_create(&state->thread, NULL, touch, state);
	}
	if (error) {
		snprintf(why, MB_WHY, "no second process or thread: %s", strerror(error));
		return false;
	}
	while (is(state, "touching") && !atomic_load(&shared->ready))
		mb_give_turn();
	if (!shared || wait_for(&shared->ready))
		return true;
	snprintf(why, MB_WHY, "the process that has the pages has died");
	return false;
}

/* The other process or thread is through. false if it lost anything. */
static bool come_home(struct state *state)
{
	struct shared *shared = state->shared;
	bool through;

	if (!shared)
		return true;
	atomic_store(&shared->go, true);
	if (is(state, "touching"))
		return !pthread_join(state->thread, NULL);
	through = wait_for(&shared->done);
	if (state->heir)
		waitpid(state->heir, NULL, 0);
	state->heir = 0;
	state->journey.session->lost_pages += shared->lost;
	return through && !shared->lost;
}

/* How many pages a touch has fetched before the eviction could. */
static unsigned long fetched(const struct state *state)
{
	struct migbench_record faults[64];
	unsigned long touched = 0;
	int count;

	while ((count = mb_module_faults(state->fd, faults, 64, NULL)) > 0)
		for (int i = 0; i < count; i++)
			touched += faults[i].migrated;
	return touched;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct mb_session *session = journey->session;
	struct migbench_record there = { 0 }, back = { 0 };
	unsigned long count = journey->memory.pages, touched = 0;
	double values[1 + MIGBENCH_PHASES] = { 0 };
	bool good = mb_journey_pack(journey), all;
	struct mb_counts counts;
	int status, error;

	if (!set_out(state, &there, why))
		return false;
	good &= mb_journey_complete(&there, count, &counts);
	good &= is(state, "dead") || is(state, "touching") || mb_journey_witnessed(journey, true);
	/*
	 * Making the others took a while: the sample starts at its tick again. Not while a thread
	 * waits for its start in turns, which is slow on emulated CPUs.
	 */
	if (state->shared && !is(state, "touching") && session->clock == MB_INSNS)
		mb_tick_wait(&session->tick);
	if (is(state, "touching"))
		atomic_store(&state->shared->go, true);
	mb_counting_begin(session);
	status = mb_module_evict(state->fd, state->by, 0, state->frames, journey->home, &back);
	error = errno;
	mb_counting_end(session, 1);
	good &= come_home(state);
	if (status) {
		snprintf(why, MB_WHY, "the module cannot evict %lu pages: %s", count,
			 strerror(error));
		return false;
	}
	all = mb_journey_complete(&back, count, &counts);
	if (is(state, "touching"))
		touched = fetched(state);
	good &= is(state, "touching") ? back.migrated + touched == count : all;
	good &= mb_journey_witnessed(journey, false) && mb_journey_intact(journey);
	if (good) {
		mb_journey_add(journey, &back, values);
		mb_block_add(block, values, &counts);
		if (is(state, "touching")) {
			mb_block_counter(block, "evicted", back.migrated);
			mb_block_counter(block, "touched_first", (double)touched);
		}
	} else {
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
	mb_unshare(state->shared, sizeof(*state->shared));
}

static const struct mb_case evict_case = {
	.name = "evict",
	.summary = "a driver's eviction of device pages by frame number, phase by phase",
	.params = params,
	.metrics = mb_total_and_phases,
	.state = sizeof(struct state),
	.migrates = true,
	.pages = "batch",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(evict_case)
