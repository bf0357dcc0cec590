/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzzer of the module's ioctls. Processes of several threads call them, with
 * structures that are valid or nearly so, while they do to their memory what
 * programs do to memory. What a thread calls is decided by the seed, by which
 * process and thread it is and how often that process was started; how threads
 * meet is for the machine to decide.
 */
#ifndef MIGBENCH_TESTS_FUZZ_H
#define MIGBENCH_TESTS_FUZZ_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migbench/uapi.h>

/* A base page, as the system says. */
extern unsigned long page_bytes;
#define PAGE page_bytes
#define HUGE                                                                                       \
	((2UL << 20) / PAGE) /* pages: of 4 KiB those of a huge one, of others as much memory */

/* Emulated CPUs run at once: one may execute what another has overwritten (lab/vm/machine.c). */
extern bool at_once;
/* Tables are dropped while the kernel splits a folio in them, of which 7.2 itself dies now and then. */
extern bool ambushes;

#define PROCESSES 3
#define THREADS 3
#define REGIONS 4 /* a thread */
#define SHARED_FILES 3 /* open before the processes are */
#define FILES 3 /* a process's own */
#define ERRNOS 134

/* A sequence of numbers that a seed decides. */
struct dice {
	uint64_t state;
};

struct dice dice_of(uint64_t seed, unsigned int process, unsigned int thread, unsigned int start);
uint64_t roll(struct dice *dice);
/* 0…@n - 1, @n > 0. */
unsigned long below(struct dice *dice, unsigned long n);
bool once_in(struct dice *dice, unsigned long n);

/* What all processes add to; shared between them. */
struct totals {
	atomic_ulong calls; /* ioctls */
	atomic_ulong reached; /* of these, had migrate_vma_setup() succeed at least once */
	atomic_ulong moved; /* of these and of evictions, moved a page, by their records */
	atomic_ulong pages; /* that they moved */
	atomic_ulong faults; /* records of CPU faults that moved a page */
	atomic_ulong by_op[16], by_errno[ERRNOS];
	atomic_ulong disturbances, checked, forks, starts, hotplugs, unloads;
	atomic_ulong failures; /* allocations that were made to fail */
	atomic_ulong half_dropped; /* ranges of which a locked part stayed */
	atomic_ulong left_held; /* shared files that held pages when all processes had ended */
	atomic_bool stop, failed;
};

/* What a thread is doing, and since when: for who looks whether it still does anything. */
struct pulse {
	atomic_ulong beats;
	const char *_Atomic doing;
	atomic_int pid, tid;
};

enum region_kind {
	REGION_BASE, /* anonymous, base pages */
	REGION_HUGE, /* anonymous, huge pages where the kernel has some */
	REGION_MEMFD, /* shared, of a memfd */
	REGION_COPIED, /* private, of a memfd */
	REGION_UFFD, /* anonymous, its holes filled and its write faults resolved by userfaultfd */
	/*
	 * Anonymous, for KSM to merge; no child has it. A page that a fork shares and that is merged for
	 * one of the two is nowhere where the kernel's migrate_vma_setup() can put it back for the other.
	 */
	REGION_MERGED,
	REGION_KINDS
};

/*
 * Memory of one thread, which alone writes to it and changes its mapping; others
 * migrate it. Every page carries the address that it was written at, its owner
 * and a generation, or is all zeros (generation 0).
 */
struct region {
	unsigned char *at;
	unsigned long pages;
	uint64_t home; /* the address in the stamps */
	uint32_t *generations;
	enum region_kind kind;
	int prot, memfd;
	bool open; /* whether zeros are as good as the content: MADV_FREE */
};

/* Where regions are, for the other threads; out of date at times, which is no mistake. */
struct target {
	atomic_ulong at, pages;
};

struct process {
	unsigned int number, start;
	atomic_int file[FILES]; /* replaced by thread 0, at times */
	const int *shared;
	int uffd;
	struct target targets[THREADS][REGIONS];
	/* A huge page's room that nobody looks at: MIGBENCH_COPY_NONE may empty it, any thread drop it. */
	unsigned char *expendable;
	atomic_int aimed; /* calls in progress for it */
	/* The page of it where base pages end and a large folio begins, while a thread waits for a call for both. */
	atomic_ulong border;
	struct thread *threads;
};

#define EXPENDABLE HUGE /* pages */
#define ANSWER (64UL << 10) /* bytes that a call may write to, a guard page behind them */

struct thread {
	struct process *process;
	unsigned int number;
	struct dice dice;
	struct pulse *pulse;
	struct region regions[REGIONS];
	unsigned char *answer;
	uint32_t owner, generation;
	int failures; /* failures_open() */
	unsigned long left; /* calls */
};

union request {
	uint8_t bytes[128];
	uint32_t words[32];
	struct migbench_info info;
	struct migbench_device device;
	struct migbench_migrate migrate;
	struct migbench_faults faults;
	struct migbench_evict evict;
	struct migbench_query query;
	struct migbench_count count;
	struct migbench_retention retention;
	struct migbench_collect collect;
	struct migbench_hold hold;
	struct migbench_listen listen;
};

extern struct totals *totals;

/* Bad news, once: one line, and everybody stops. */
void bad_news(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* memory.c */
void region_make(struct thread *thread, unsigned int i);
void region_end(struct thread *thread, unsigned int i);
/* Compare all that can be read; @where is what was done before. */
void region_check(struct thread *thread, struct region *region, const char *where);
void region_write(struct thread *thread, struct region *region, unsigned long first,
		  unsigned long pages);
void region_publish(struct thread *thread, unsigned int i);

/*
 * failures.c: a thread's file by which the @nth allocation of it from now on fails, -1 where the kernel has no
 * such thing; whether it did, and then or not none fails any more.
 */
void failures_set_up(void);
int failures_open(void);
extern _Thread_local bool failing; /* between the two */
bool fail_nth(int fd, unsigned long nth);
bool has_failed(int fd);

/* devices.c: files that all processes use, one with memory of each kind; those of a process; one closed and opened anew. */
void open_shared(uint64_t seed, int shared[SHARED_FILES]);
void open_files(struct thread *thread);
void reopen(struct thread *thread, struct region *region, unsigned int i);
/* A valid request for device memory, as far as there is such a kind. */
void some_device(struct dice *dice, struct migbench_device *device);

/* disturb.c: one thing that is not an ioctl, to a region of the thread or to the process. */
void disturb(struct thread *thread);
/* Resolves the faults of a process's userfaultfd, for ever. */
void *uffd_handler(void *process);

/* calls.c: one ioctl, mutated or not. */
void call_once(struct thread *thread);

/* answers.c: before the call of a request whose answer goes to @at; and whether what it has left then is possible. */
void before_call(const struct thread *thread, unsigned int op, const union request *sent,
		 uint64_t at);
void look_at(struct thread *thread, unsigned int op, const union request *sent,
	     const union request *got, uint64_t at, int error);

/* machine.c: what the first process does to the machine meanwhile. */
void machine_set_up(void);
void machine_disturb(struct dice *dice, const pid_t pids[PROCESSES]);
/* Every CPU lets go of the pages that it has on lists, and ksmd of what it knows of processes. */
void machine_settle(void);
void machine_put_back(void);
/* Before 6.0 what is written after MADV_FREE is lost by a collection and want of memory: docs/kernel-findings.md. */
bool drops_dirty_bits(void);
/* Open files of the module, and its devices whose pages outlived theirs; -1 where it is not loaded. */
long module_users(void);
/* The kernel's complaint since the last look in @line, or false. */
bool kernel_complains(char *line, size_t size);

/* worker.c: a process until it is told to stop or has made @calls; never returns. */
_Noreturn void work(unsigned int number, unsigned int start, uint64_t seed, unsigned long calls,
		    const int shared[SHARED_FILES], struct pulse pulses[THREADS]);

#endif
