// SPDX-License-Identifier: GPL-2.0-or-later
/* The threads that events are of, and the calls that each is in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "observe/threads.h"

#define PLACES 8192 /* a power of two */
#define MOST 6144 /* then those that are in no call are forgotten */

struct ob_threads {
	struct ob_thread *at;
	size_t count;
};

struct ob_threads *ob_threads_new(void)
{
	struct ob_threads *threads = mb_alloc(1, sizeof(*threads));

	threads->at = mb_alloc(PLACES, sizeof(*threads->at));
	return threads;
}

void ob_threads_free(struct ob_threads *threads)
{
	if (threads)
		free(threads->at);
	free(threads);
}

static struct ob_thread *place(struct ob_thread *at, __u32 tid)
{
	size_t i = tid * 0x9e3779b1U >> 19 & (PLACES - 1);

	while (at[i].tid && at[i].tid != tid)
		i = (i + 1) & (PLACES - 1);
	return &at[i];
}

static bool busy(const struct ob_thread *thread)
{
	bool any = thread->fault || thread->ordinary;

	for (int i = 0; i < OB_FLIGHTS; i++)
		any |= thread->flights[i].stage != OB_GONE;
	return any;
}

/* Whoever is in a call stays; if all are, nobody does. */
static void forget(struct ob_threads *threads)
{
	struct ob_thread *old = threads->at;
	size_t stay = 0;

	for (size_t i = 0; i < PLACES; i++)
		stay += old[i].tid && busy(&old[i]);
	threads->at = mb_alloc(PLACES, sizeof(*threads->at));
	threads->count = 0;
	for (size_t i = 0; i < PLACES && stay < MOST; i++)
		if (old[i].tid && busy(&old[i])) {
			*place(threads->at, old[i].tid) = old[i];
			threads->count++;
		}
	free(old);
}

bool ob_threads_known(void)
{
	struct stat is;

	/* PROC_PID_INIT_INO of the kernel's proc_ns.h: the first PID namespace has had it since 3.8. */
	return stat("/proc/self/ns/pid", &is) || is.st_ino == 0xEFFFFFFCU;
}

void ob_thread_look(struct ob_thread *thread)
{
	char path[64], line[128];
	FILE *in;

	/* It would be another process that has its number here. */
	if (!ob_threads_known())
		return;
	snprintf(path, sizeof(path), "/proc/%u/status", thread->tid);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "Tgid: %u", &thread->tgid) == 1)
			break;
	if (in)
		fclose(in);
	snprintf(path, sizeof(path), "/proc/%u/task/%u/comm", thread->tgid, thread->tid);
	in = fopen(path, "re");
	if (in && fgets(line, sizeof(line), in))
		snprintf(thread->comm, sizeof(thread->comm), "%.*s", (int)strcspn(line, "\n"),
			 line);
	if (in)
		fclose(in);
}

struct ob_thread *ob_thread(struct ob_threads *threads, __u32 tid)
{
	struct ob_thread *thread;

	if (threads->count >= MOST)
		forget(threads);
	thread = place(threads->at, tid);
	if (!thread->tid) {
		thread->tid = thread->tgid = tid;
		threads->count++;
		ob_thread_look(thread);
	}
	return thread;
}

struct ob_flight *ob_flight_of(struct ob_thread *thread, __u64 args)
{
	for (int i = 0; i < OB_FLIGHTS; i++)
		if (thread->flights[i].stage != OB_GONE && thread->flights[i].args == args) {
			thread->now = i;
			return &thread->flights[i];
		}
	return NULL;
}

struct ob_flight *ob_flight_new(struct ob_thread *thread, __u64 args)
{
	struct ob_flight *flight = ob_flight_of(thread, args), *oldest = NULL;

	/* A driver that got nothing ends its call without a word: such a place is taken again. */
	for (int i = 0; i < OB_FLIGHTS && !flight; i++) {
		struct ob_flight *at = &thread->flights[i];

		if (at->stage == OB_GONE)
			flight = at;
		else if (at->stage == OB_AFTER_SETUP && (!oldest || at->began < oldest->began))
			oldest = at;
	}
	if (!flight)
		flight = oldest;
	if (flight)
		thread->now = (int)(flight - thread->flights);
	return flight;
}

struct ob_flight *ob_flight_now(struct ob_thread *thread)
{
	struct ob_flight *flight = &thread->flights[thread->now];

	return flight->stage == OB_GONE ? NULL : flight;
}

struct ob_flight *ob_flight_in(struct ob_thread *thread, enum ob_stage stage)
{
	struct ob_flight *flight = ob_flight_now(thread);

	return flight && flight->stage == stage ? flight : NULL;
}
