/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads that events are of, and the calls that each is in. */
#ifndef MIGBENCH_OBSERVE_THREADS_H
#define MIGBENCH_OBSERVE_THREADS_H

#include "observe/bpf/shared.h"

#include <stdbool.h>

#define OB_FLIGHTS 4 /* calls that one thread follows at once: one within another */

enum ob_stage {
	OB_GONE, /* the place is free */
	OB_IN_SETUP,
	OB_AFTER_SETUP,
	OB_IN_PAGES,
	OB_AFTER_PAGES,
	OB_IN_FINALIZE,
};

struct ob_flight {
	struct ob_key key;
	__u64 args; /* tells apart those of one thread */
	enum ob_stage stage;
	bool told; /* what was collected has been added up */
	__u64 fault, began, entered, left; /* ns */
	__u64 ns[OB_SPANS];
	__u32 collected, migrated, unread, flushes, full_flushes, ipis;
	__u64 flush_pages;
};

struct ob_thread {
	__u32 tid, tgid; /* the second is the first where the thread was gone already */
	char comm[OB_COMM];
	__u64 fault, ordinary; /* when that began, 0: it is not in it */
	struct ob_flight flights[OB_FLIGHTS];
	int now; /* which of them it was in last */
};

struct ob_threads;

/* Whether the numbers that the kernel has for processes are what we see of them: false in most containers. */
bool ob_threads_known(void);

struct ob_threads *ob_threads_new(void);
void ob_threads_free(struct ob_threads *threads);

/* The thread @tid, from /proc when it is first asked for. It stays where it is until the next call. */
struct ob_thread *ob_thread(struct ob_threads *threads, __u32 tid);

/* Ask /proc again what it is called; where it is gone, it stays as it was. */
void ob_thread_look(struct ob_thread *thread);

/* The flight of @args, made current; a place for a new one; the current one, in @stage if it is. */
struct ob_flight *ob_flight_of(struct ob_thread *thread, __u64 args);
struct ob_flight *ob_flight_new(struct ob_thread *thread, __u64 args);
struct ob_flight *ob_flight_in(struct ob_thread *thread, enum ob_stage stage);
struct ob_flight *ob_flight_now(struct ob_thread *thread);

#endif
