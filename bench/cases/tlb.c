// SPDX-License-Identifier: GPL-2.0-or-later
/* tlb: flushes by mprotect(2) and madvise(2) against range size and CPUs that use the mm. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/memory.h"
#include "bench/session.h"

#define MAX_CPUS 256

static const struct mb_param params[] = {
	MB_PARAM_WORD("op",
		      "mprotect: write permission is taken away; dontneed: pages are given back",
		      "mprotect,dontneed", "mprotect", "dontneed"),
	MB_PARAM_NUMBER("pages", "base pages in the range", "1,8,32,64,512", 1, MIGBENCH_BATCH_MAX),
	MB_PARAM_NUMBER("cpus", "CPUs that run threads of the process, the flushing one included",
			"1,2,4", 1, MAX_CPUS),
	{ 0 },
};

/* Between the process that measures, and its parent, which keeps the records. */
struct shared {
	atomic_uint ready; /* threads that are bound, each to its CPU */
	atomic_uint spinning; /* those that do at the moment */
	atomic_bool rest;
	int error; /* errno of the child's last request, 0 if it went well */
	uint64_t ticks;
};

struct state {
	struct mb_session *session;
	bool mprotect;
	unsigned long pages, cpus;
	struct shared *shared;
	pid_t child;
	int ask, answer; /* a byte there: one sample; a byte back: done */
	/* The child's. */
	struct mb_memory memory;
	unsigned int spinners;
	int wake[2]; /* a byte ends one thread's rest */
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	unsigned int have = mb_topology_cpus(session->topology);

	if (mb_value(point, "cpus")->number <= have)
		return true;
	snprintf(why, MB_WHY, "this machine has %u CPU%s", have, have == 1 ? "" : "s");
	return false;
}

struct spinner {
	struct state *state;
	unsigned int cpu;
};

/*
 * Under the instruction clock CPUs run in turns of millions of instructions: one that only spins
 * gives its turn back, or a flush would be counted with the rest of every turn before its answer.
 */
static void give_turn(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

static void touch(const struct state *state, unsigned long page)
{
	(void)*(volatile unsigned char *)(state->memory.at + page * state->memory.page_size);
}

/* Keeps the range in this CPU's TLB, so that a flush has to reach it. */
static void *spin(void *arg)
{
	struct spinner *spinner = arg;
	struct state *state = spinner->state;
	char byte;

	/* Bound after its creation: threads inherit the affinity of their maker. */
	if (!mb_topology_bind_cpu(state->session->topology, spinner->cpu))
		state->shared->error = errno;
	atomic_fetch_add(&state->shared->ready, 1);
	do {
		for (unsigned long page = 0; page < state->memory.pages; page++)
			touch(state, page);
		atomic_fetch_add(&state->shared->spinning, 1);
		for (unsigned long page = 0;
		     !atomic_load_explicit(&state->shared->rest, memory_order_relaxed);
		     page = page + 1 < state->memory.pages ? page + 1 : 0) {
			touch(state, page);
			if (state->session->clock == MB_INSNS)
				give_turn();
		}
		atomic_fetch_sub(&state->shared->spinning, 1);
	} while (read(state->wake[0], &byte, 1) == 1);
	return NULL;
}

/*
 * Emulated CPUs that change turns every few instructions are slow: between the samples of the
 * instruction clock, where most of the waiting is, the threads rest.
 */
static void rouse(struct state *state)
{
	if (state->session->clock != MB_INSNS)
		return;
	atomic_store(&state->shared->rest, false);
	for (unsigned int i = 0; i < state->spinners; i++)
		if (write(state->wake[1], "w", 1) != 1)
			_exit(1);
	while (atomic_load(&state->shared->spinning) < state->spinners)
		give_turn();
}

static void rest(struct state *state)
{
	if (state->session->clock != MB_INSNS)
		return;
	atomic_store(&state->shared->rest, true);
	while (atomic_load(&state->shared->spinning))
		give_turn();
}

static void flush_once(struct state *state)
{
	enum mb_clock clock = state->session->clock;
	const struct mb_memory *memory = &state->memory;
	size_t size = memory->pages * memory->page_size;
	uint64_t start;
	int status;

	mb_memory_fill(&state->memory);
	rouse(state);
	mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	if (state->mprotect)
		status = mprotect(memory->at, size, PROT_READ);
	else
		status = madvise(memory->at, size, MADV_DONTNEED);
	state->shared->ticks = mb_clock_now(clock) - start;
	mb_counting_end(state->session, 1);
	state->shared->error = status ? errno : 0;
	if (state->mprotect && mprotect(memory->at, size, PROT_READ | PROT_WRITE))
		state->shared->error = errno;
	rest(state);
}

/* A process of its own: CPUs that another point used would linger in this one's mm_cpumask. */
static void child(struct state *state, int ask, int answer)
{
	struct spinner spinners[MAX_CPUS];
	pthread_t threads[MAX_CPUS];
	char byte;

	if (!mb_memory_map(&state->memory, state->pages, 0, false, state->session->verify)) {
		state->shared->error = errno;
		_exit(1);
	}
	state->shared->rest = state->session->clock == MB_INSNS;
	if (pipe(state->wake))
		_exit(1);
	for (; state->spinners + 1 < state->cpus; state->spinners++) {
		unsigned int i = state->spinners;

		spinners[i] = (struct spinner){ state, i + 1 };
		state->shared->error = pthread_create(&threads[i], NULL, spin, &spinners[i]);
		if (state->shared->error)
			_exit(1);
	}
	while (atomic_load(&state->shared->ready) < state->spinners)
		usleep(1000);
	if (state->shared->error || write(answer, "r", 1) != 1)
		_exit(1);
	while (read(ask, &byte, 1) == 1) {
		flush_once(state);
		if (write(answer, "d", 1) != 1)
			break;
	}
	_exit(0);
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	int ask[2], answer[2];
	char byte;

	if (pipe(ask) || pipe(answer))
		abort();
	state->session = session;
	state->mprotect = mb_is(point, "op", "mprotect");
	state->pages = mb_pages(point);
	state->cpus = mb_value(point, "cpus")->number;
	state->shared = mb_share(sizeof(*state->shared));
	/* Bound before it is born: a CPU that it only passed through would stay in its mm_cpumask. */
	mb_topology_bind_cpu(session->topology, 0);
	state->child = mb_child();
	if (!state->child) {
		close(ask[1]);
		close(answer[0]);
		child(state, ask[0], answer[1]);
	}
	close(ask[0]);
	close(answer[1]);
	state->ask = ask[1];
	state->answer = answer[0];
	if (state->child > 0 && read(state->answer, &byte, 1) == 1)
		return true;
	snprintf(why, MB_WHY, "no process with threads on %lu CPUs: %s", state->cpus,
		 strerror(state->shared->error));
	return false;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	double total;
	char byte;

	if (write(state->ask, "s", 1) != 1 || read(state->answer, &byte, 1) != 1) {
		snprintf(why, MB_WHY, "the measuring process died");
		return false;
	}
	if (state->shared->error) {
		snprintf(why, MB_WHY, "%s: %s", state->mprotect ? "mprotect" : "madvise",
			 strerror(state->shared->error));
		return false;
	}
	total = (double)state->shared->ticks;
	mb_block_add(block, &total, NULL);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	close(state->ask);
	close(state->answer);
	if (state->child > 0) {
		kill(state->child, SIGKILL);
		waitpid(state->child, NULL, 0);
	}
	mb_unshare(state->shared, sizeof(*state->shared));
}

static const struct mb_case tlb_case = {
	.name = "tlb",
	.summary = "TLB flushes by mprotect and madvise, against range size and CPUs",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.pages = "pages",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(tlb_case)
