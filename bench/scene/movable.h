/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ZONE_MOVABLE: memory that the kernel must be able to empty, so that no page may stay there for good. */
#ifndef MIGBENCH_BENCH_SCENE_MOVABLE_H
#define MIGBENCH_BENCH_SCENE_MOVABLE_H

#include <stdbool.h>

#include "bench/case.h"

/* A node's movable zone; all zero: none. */
struct mb_movable {
	unsigned long first_pfn, end_pfn;
};

/* Find @node's movable zone; false if it has none, or /proc/zoneinfo can't be read. */
bool mb_movable_find(struct mb_movable *movable, unsigned long node);

/*
 * Make one memory block of @node movable, for a lab's machine whose node has no movable zone: from
 * the highest on, the first that the kernel can empty. false with @why. mb_movable_undo() gives it
 * back to the zone that it was of, and does nothing without one. false if something is still on it:
 * the next undo tries again.
 */
bool mb_movable_make(struct mb_movable *movable, unsigned long node, char why[MB_WHY]);
bool mb_movable_undo(void);

#endif
