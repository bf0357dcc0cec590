/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks that are measured in a process of their own. */
#ifndef MIGBENCH_BENCH_SCENE_APART_H
#define MIGBENCH_BENCH_SCENE_APART_H

#include "bench/block.h"

/*
 * For each point that will be measured, before any is: where they are on several CPUs it sets session->wanders, and
 * all of them are measured apart.
 */
void mb_apart_consider(struct mb_session *session, const struct mb_point *point);

/*
 * mb_block_measure(); of a benchmark or point whose process may run on other CPUs in a process that
 * ends with the block: those CPUs would linger in the mm_cpumask of the next point's. Bystanders
 * that the point wants are there from before prepare() until after finish().
 */
bool mb_block_measure_apart(struct mb_block *block, struct mb_session *session,
			    const struct mb_suite *suite, const struct mb_point *point,
			    char why[MB_WHY]);

#endif
