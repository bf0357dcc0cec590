// SPDX-License-Identifier: GPL-2.0-or-later
/* storm: threads on several CPUs touch device pages at once, each its own pages or all the same. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/turn.h"

#define MAX_THREADS 64
#define PAGES 256
/* Longer than any storm takes that ends: threads can refuse each other a page over and over. */
#define PATIENCE_MS 20000

static const struct mb_param params[] = {
	MB_PARAM_WORD("pages", "each thread touches pages of its own, or all touch the same",
		      "own,same", "own", "same"),
	MB_PARAM_WORD("access", "what touches the page", "read,write", "read", "write"),
	MB_PARAM_NUMBER("threads", "threads that touch, each on a CPU of its own", "1,2,4", 1,
			MAX_THREADS),
	MB_PARAM_NUMBER("around",
			"pages that the driver brings back for one touch, the aligned block of so "
			"many: a power of two",
			"1", 1, MIGBENCH_AROUND_MAX),
	MB_PARAM_JOURNEY,
	{ 0 },
};

static const char *const metrics[] = { "total", "worst", NULL };

/* What the process of the threads leaves to ours. */
struct shared {
	atomic_uint ready; /* threads that wait for the start */
	atomic_bool go;
	uint64_t total, worst; /* in the clock's unit */
	unsigned long lost; /* pages whose content is another */
	unsigned long counts[6]; /* by enum outcome */
	struct mb_counts there;
	char why[MB_WHY];
};

/* What became of the faults that the driver heard of, and how the pages were shared out. */
enum outcome { FAULTS, RETRIED, REFUSED, PARTLY, WON_MOST, WINNERS };

static const char *const outcomes[] = { "faults",	  "retried",  "refused",
					"partly_refused", "won_most", "winners" };

struct state {
	struct mb_journey journey;
	bool same, write;
	unsigned long threads, around;
	int fd;
	struct shared *shared;
};

struct toucher {
	struct state *state;
	unsigned int number;
	uint64_t begin, end, worst;
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned int have = mb_topology_cpus(session->topology);
	unsigned long around = mb_value(point, "around")->number;

	if (mb_value(point, "threads")->number > have)
		snprintf(why, MB_WHY, "this machine has %u CPU%s", have, have == 1 ? "" : "s");
	else if (around & (around - 1))
		snprintf(why, MB_WHY, "%lu pages are no block: around is a power of two", around);
	else
		return mb_journey_can(session, point, MIGBENCH_PRIVATE, PAGES, why);
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	struct migbench_info info;

	state->fd = -1;
	state->same = mb_is(point, "pages", "same");
	state->write = mb_is(point, "access", "write");
	state->threads = mb_value(point, "threads")->number;
	state->around = mb_value(point, "around")->number;
	state->shared = mb_share(sizeof(*state->shared));
	if (!mb_journey_begin(&state->journey, session, point, MIGBENCH_PRIVATE, PAGES, why))
		return false;
	/* A process that ran on a CPU leaves traces of it: each storm's is bound before its birth. */
	if (!mb_topology_bind_cpu(session->topology, 0)) {
		snprintf(why, MB_WHY, "cannot bind to the first CPU: %s", strerror(errno));
		return false;
	}
	state->journey.count_there = false;
	state->fd = state->journey.fd = mb_module_open(&info, why);
	return state->fd >= 0 &&
	       mb_module_create_shaped(state->fd, MIGBENCH_PRIVATE, state->journey.there, PAGES,
				       state->around, 0, why);
}

/* Does thread @number touch @page? */
static bool touches(const struct state *state, unsigned int number, unsigned long page)
{
	unsigned long owner = page / (PAGES / state->threads);

	return state->same || number == (owner < state->threads ? owner : state->threads - 1);
}

/* Each thread writes a word of its own in each page; the last word of the page stays. */
static void touch(const struct state *state, unsigned int number, unsigned long page)
{
	const struct mb_memory *memory = &state->journey.memory;
	volatile uint64_t *at = (volatile uint64_t *)(memory->at + page * memory->page_size);

	if (state->write)
		at[number] = page + 1;
	else
		(void)at[number];
}

static void *touch_all(void *arg)
{
	struct toucher *toucher = arg;
	struct state *state = toucher->state;
	enum mb_clock clock = state->journey.session->clock;
	/* Bound after its creation: threads inherit the affinity of their maker. */
	if (!mb_topology_bind_cpu(state->journey.session->topology, toucher->number))
		_exit(1);
	atomic_fetch_add(&state->shared->ready, 1);
	while (!atomic_load(&state->shared->go))
		mb_give_turn();
	toucher->begin = mb_clock_now(clock);
	for (unsigned long page = 0; page < PAGES; page++) {
		uint64_t start, took;

		if (!touches(state, toucher->number, page))
			continue;
		start = mb_clock_now(clock);
		touch(state, toucher->number, page);
		took = mb_clock_now(clock) - start;
		if (took > toucher->worst)
			toucher->worst = took;
	}
	toucher->end = mb_clock_now(clock);
	return NULL;
}

/* What the driver's records say: of each fault how it went, of each CPU how many pages it won. */
static bool sort_records(struct state *state)
{
	struct migbench_record *records = calloc(MIGBENCH_FAULTS_MAX, sizeof(*records));
	unsigned long won[MAX_THREADS] = { 0 }, cpus[MAX_THREADS], *counts = state->shared->counts;
	unsigned int winners = 0;
	unsigned int lost = 0;
	int count = -1;

	if (records)
		count = mb_module_faults(state->fd, records, MIGBENCH_FAULTS_MAX, &lost);
	for (int i = 0; i < count; i++) {
		unsigned long cpu = records[i].entry >> MIGBENCH_ENTRY_CPU_SHIFT;
		unsigned int at;

		counts[RETRIED] += !records[i].collected;
		counts[REFUSED] += records[i].collected && !records[i].migrated;
		counts[PARTLY] += records[i].migrated && records[i].migrated < records[i].requested;
		for (at = 0; at < winners && cpus[at] != cpu; at++)
			;
		/* Each thread has a CPU of its own. */
		if (!records[i].migrated || at == MAX_THREADS)
			continue;
		if (at == winners)
			cpus[winners++] = cpu;
		won[at] += records[i].migrated;
		counts[WON_MOST] = won[at] > counts[WON_MOST] ? won[at] : counts[WON_MOST];
	}
	counts[WINNERS] = winners;
	counts[FAULTS] = count < 0 ? 0 : (unsigned long)count + lost;
	free(records);
	return count >= 0;
}

/* Pages that lost a thread's word, or what was there before: of written ones the last word. */
static unsigned long count_lost(const struct state *state)
{
	const struct mb_memory *memory = &state->journey.memory;
	unsigned long lost = 0;

	if (!state->write)
		return mb_memory_lost(memory);
	for (unsigned long page = 0; page < PAGES; page++) {
		const uint64_t *at = (const uint64_t *)(memory->at + page * memory->page_size);
		bool same = at[memory->page_size / sizeof(*at) - 1] ==
			    mb_memory_last_word(memory, page);

		for (unsigned int i = 0; i < state->threads; i++)
			same &= !touches(state, i, page) || at[i] == page + 1;
		lost += !same;
	}
	return lost;
}

static void run_threads(struct state *state, pthread_t *threads, struct toucher *touchers)
{
	struct shared *shared = state->shared;
	struct mb_session *session = state->journey.session;
	uint64_t begin = 0, end = 0;

	/* The first of them is this one: as many CPUs are busy as there are threads. */
	for (unsigned int i = 0; i < state->threads; i++)
		touchers[i] = (struct toucher){ .state = state, .number = i };
	/* Before the others are there: emulated CPUs that wait for a start in turns are slow. */
	if (session->clock == MB_INSNS)
		mb_tick_wait(&session->tick);
	for (unsigned int i = 1; i < state->threads; i++)
		if (pthread_create(&threads[i], NULL, touch_all, &touchers[i]))
			_exit(1);
	while (atomic_load(&shared->ready) + 1 < state->threads)
		mb_give_turn();
	mb_counting_begin(session);
	atomic_store(&shared->go, true);
	touch_all(&touchers[0]);
	for (unsigned int i = 1; i < state->threads; i++)
		pthread_join(threads[i], NULL);
	mb_counting_end(session, 1);
	for (unsigned int i = 0; i < state->threads; i++) {
		begin = !i || touchers[i].begin < begin ? touchers[i].begin : begin;
		end = touchers[i].end > end ? touchers[i].end : end;
		if (touchers[i].worst > shared->worst)
			shared->worst = touchers[i].worst;
	}
	shared->total = end - begin;
}

/* One storm, in a process of its own: CPUs that another used would linger in its mm_cpumask. */
static void be_child(struct state *state)
{
	struct toucher touchers[MAX_THREADS];
	pthread_t threads[MAX_THREADS];
	struct shared *shared = state->shared;
	struct migbench_record there = { 0 };

	/* Pages of its own: those of before the fork it shares. */
	mb_memory_fill(&state->journey.memory);
	mb_memory_rewrite_last(&state->journey.memory);
	if (!mb_journey_there(&state->journey, &there, shared->why))
		_exit(1);
	mb_journey_complete(&there, PAGES, &shared->there);
	run_threads(state, threads, touchers);
	if (!sort_records(state))
		_exit(1);
	shared->lost = count_lost(state);
	_exit(0);
}

/* Wait for the end of @child, and not for ever; asleep, since one of its threads has this CPU. */
static bool ended(pid_t child, int *status, char why[MB_WHY])
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN };
	int ready = -1;

	snprintf(why, MB_WHY, "nobody can wait for the threads: %s", strerror(errno));
	while (end.fd >= 0 && (ready = poll(&end, 1, PATIENCE_MS)) < 0 && errno == EINTR)
		;
	if (!ready)
		snprintf(why, MB_WHY, "the threads did not get their pages within %d s",
			 PATIENCE_MS / 1000);
	if (ready <= 0)
		kill(child, SIGKILL);
	waitpid(child, status, 0);
	if (end.fd >= 0)
		close(end.fd);
	return ready > 0;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct shared *shared = state->shared;
	struct mb_session *session = state->journey.session;
	struct mb_counts counts;
	double values[2];
	int child, status = 0;

	memset(shared, 0, sizeof(*shared));
	child = mb_child();
	if (!child)
		be_child(state);
	if (child > 0 && !ended(child, &status, why))
		return false;
	if (child < 0 || status) {
		snprintf(why, MB_WHY, "%s",
			 *shared->why ? shared->why : "the process with the threads died");
		return false;
	}
	counts = shared->there;
	session->lost_pages += shared->lost;
	if (counts.migrated != PAGES || shared->lost) {
		mb_block_invalid(block, &counts);
		return true;
	}
	values[0] = (double)shared->total;
	values[1] = (double)shared->worst;
	mb_block_add(block, values, &counts);
	for (unsigned int i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		mb_block_counter(block, outcomes[i], (double)shared->counts[i]);
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

static unsigned long pages_of(const struct mb_point *point)
{
	(void)point;
	return PAGES;
}

static const struct mb_case storm_case = {
	.name = "storm",
	.summary = "threads on several CPUs fault on device pages at once",
	.params = params,
	.metrics = metrics,
	.state = sizeof(struct state),
	.elsewhere = true,
	.migrates = true,
	.pages_of = pages_of,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(storm_case)
