/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process of its own that has memory, and is moved from node to node as a whole. */
#ifndef MIGBENCH_BENCH_SCENE_TENANT_H
#define MIGBENCH_BENCH_SCENE_TENANT_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/case.h"

struct mb_tenant;

/*
 * Start it, a child that has what @state points to as it is now. There @move_in(@state) is called
 * once, and @look(@state, what) for each mb_tenant_ask(), with @size bytes that are handed to and
 * fro. NULL with @why.
 *
 * From now on until mb_tenant_stop() this thread does without CAP_SYS_NICE, with which
 * migrate_pages(2) would also move what the process shares with others: the suite's own pages.
 */
struct mb_tenant *mb_tenant_start(bool (*move_in)(void *state, char why[MB_WHY]),
				  void (*look)(void *state, void *what), void *state, size_t size,
				  char why[MB_WHY]);
/* Hand it *@what, have it look, and take *@what back; false with @why if it died. */
bool mb_tenant_ask(struct mb_tenant *tenant, void *what, char why[MB_WHY]);
/* migrate_pages(2) of all its pages on @from; returns as that does, negative with errno. */
long mb_tenant_move(const struct mb_tenant *tenant, unsigned long from, unsigned long to);
/* Pages of the whole machine that were moved between nodes since it booted, by /proc/vmstat. */
unsigned long mb_tenant_moved(void);
/* Also of NULL, then nothing. */
void mb_tenant_stop(struct mb_tenant *tenant);

#endif
