/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A memory cgroup for one block: the pages of the root group are charged to nobody. */
#ifndef MIGBENCH_BENCH_SCENE_MEMCG_H
#define MIGBENCH_BENCH_SCENE_MEMCG_H

#include <stdbool.h>

#include "bench/case.h"

#define MB_PARAM_MEMCG                                                                             \
	MB_PARAM_LATER_WORD("memcg",                                                               \
			    "the memory cgroup of the process: the one that it was started in, "   \
			    "or one of its own, to which its pages are charged",                   \
			    "inherited", "inherited", "inherited", "own")

/* Does @point want one? false where its benchmark has no such parameter. */
bool mb_memcg_is_own(const struct mb_point *point);
/* Can one be made here? true as well where @point wants none. false with @why. */
bool mb_memcg_can(const struct mb_point *point, char why[MB_WHY]);

/* Make it, and move the calling process there; false with @why. */
bool mb_memcg_enter(char why[MB_WHY]);
/* When that process is gone. */
void mb_memcg_remove(void);

#endif
