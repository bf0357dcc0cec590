/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory tiers: pages that reclaim moves to slower memory in place of freeing them. */
#ifndef MIGBENCH_BENCH_SCENE_TIERS_H
#define MIGBENCH_BENCH_SCENE_TIERS_H

#include "bench/memory.h"

/*
 * Where @point has mode=demote: does this kernel demote from its first node to the second? false with
 * @why. It changes the machine's reclaim, so it is in the lab's VM only.
 */
bool mb_tiers_can(const struct mb_point *point, char why[MB_WHY]);

/* Demotion on, and a memory cgroup without swap; false with @why. mb_tiers_end() in both cases. */
bool mb_tiers_begin(char why[MB_WHY]);
void mb_tiers_end(void);

/* What the caller populates from now on is charged to that cgroup, or no longer; false with errno. */
bool mb_tiers_charge(bool charge);
/* The pages of @memory, all of them written, are on the LRU lists and look untouched since. */
bool mb_tiers_cool(const struct mb_memory *memory);
/* Have @pages pages of the cgroup reclaimed. 0, or -1 with errno; 0 too if they were fewer. */
int mb_tiers_reclaim(unsigned long pages);

#endif
