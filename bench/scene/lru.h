/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the pages of a batch are on the kernel's LRU lists, or wait in a CPU's batch for them. */
#ifndef MIGBENCH_BENCH_SCENE_LRU_H
#define MIGBENCH_BENCH_SCENE_LRU_H

#include "bench/journey.h"

#define MB_PARAM_LRU                                                                               \
	MB_PARAM_LATER_WORD("lru",                                                                 \
			    "left: as the last journey left the pages; drained: all are on the "   \
			    "LRU lists; local, remote: fresh, the last of them in the LRU batch "  \
			    "of this or another CPU",                                              \
			    "left", "left", "left", "drained", "local", "remote")

enum mb_lru { MB_LRU_LEFT, MB_LRU_DRAINED, MB_LRU_LOCAL, MB_LRU_REMOTE };

enum mb_lru mb_lru_of(const struct mb_point *point);
/* Can @point's pages be put so here? false with @why. */
bool mb_lru_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY]);

/*
 * In place of mb_journey_pack(), which does it for MB_LRU_LEFT: pages with new content, where @lru
 * says. What /proc/kpageflags says of them is looked at, and noted as the counter off_lru. false
 * with @why where they can't be had so.
 */
bool mb_lru_pack(struct mb_journey *journey, enum mb_lru lru, char why[MB_WHY]);
/* After the last pack of a journey. */
void mb_lru_end(void);

#endif
