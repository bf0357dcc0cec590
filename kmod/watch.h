/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLB flushes of the current thread, and whether a page-table lock was held at each. */
#ifndef MIGBENCH_WATCH_H
#define MIGBENCH_WATCH_H

#include <linux/mmu_notifier.h>
#include <linux/sched.h>
#include <linux/types.h>

struct tracepoint;

struct mb_watch {
	struct task_struct *task; /* whose flushes are watched, now; NULL: nobody's */
	struct tracepoint *tracepoint;
	struct mmu_notifier notifier; /* of the caller's mm, where no tracepoint fires */
	unsigned long addr; /* the lock is that of its page table */
	u32 flushes, locked;
};

/*
 * Both wait for what takes locks of its own (CPU hotplug, RCU): neither mmap_lock
 * nor locked pages may be held. 0 or an error.
 */
int mb_watch_begin(struct mb_watch *watch, unsigned long addr);
void mb_watch_end(struct mb_watch *watch);

/* Between the two the caller's flushes are watched; no table above @addr's may go away: mmap_lock. */
static inline void mb_watch_on(struct mb_watch *watch)
{
	WRITE_ONCE(watch->task, current);
}

static inline void mb_watch_off(struct mb_watch *watch)
{
	WRITE_ONCE(watch->task, NULL);
}

#endif
