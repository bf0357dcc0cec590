/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLB flushes of the current thread, and whether a page-table lock was held at each. */
#ifndef MIGBENCH_WATCH_H
#define MIGBENCH_WATCH_H

#include <linux/types.h>

struct tracepoint;

struct mb_watch {
	struct task_struct *task; /* whose flushes are watched */
	struct tracepoint *tracepoint;
	unsigned long addr; /* the lock is that of its page table */
	u32 flushes, locked;
};

/* Between the two, @addr's page table must not go away: mmap_lock. 0 or an error. */
int mb_watch_begin(struct mb_watch *watch, unsigned long addr);
void mb_watch_end(struct mb_watch *watch);

#endif
