/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A memory cgroup with swap on zram, to reclaim from. This changes the machine
 * (a swap device, the kind of LRU), so it is done in the lab's VM only.
 */
#ifndef MIGBENCH_BENCH_SCENE_RECLAIM_H
#define MIGBENCH_BENCH_SCENE_RECLAIM_H

#include <stdbool.h>

#include "bench/memory.h"

/* Major faults of the caller, each of one page from swap; anonymous refaults of the cgroup. */
struct mb_reclaim_events {
	unsigned long swapped_in, refaults;
};

/*
 * Is this the lab's VM, with a kernel that has all that is needed, and swap for @pages base pages?
 * false with @why.
 */
bool mb_reclaim_can(bool mglru, unsigned long pages, char why[MB_WHY]);

/* Swap on, the cgroup made anew, the LRU chosen; false with @why. */
bool mb_reclaim_prepare(bool mglru, char why[MB_WHY]);
/* Take all of that back: the points after this one must find the machine as it was. */
void mb_reclaim_finish(void);

/* Move the calling process into the cgroup. */
bool mb_reclaim_enter(void);
/* Out of it again; what it populated stays charged there. */
bool mb_reclaim_leave(void);
/* Nothing of the cgroup is swapped out from now on. */
bool mb_reclaim_forbid_swap(void);
/* Clear the accessed bit of all of the caller's PTEs, and make sure that the CPU sees it. */
bool mb_reclaim_clear_young(void);
/* Reclaim @pages pages from the cgroup; true too if the kernel found fewer. */
bool mb_reclaim_pages(unsigned long pages);
void mb_reclaim_read(struct mb_reclaim_events *events);

/*
 * With swap on: have all of @memory swapped out and read again, so that each page is mapped by this
 * process alone and in the swap cache still. false with @why if the kernel left one where it was.
 */
bool mb_reclaim_into_cache(const struct mb_memory *memory, char why[MB_WHY]);

#endif
