/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that do something at the same time, each on a CPU of its own. */
#ifndef MIGBENCH_BENCH_SCENE_CROWD_H
#define MIGBENCH_BENCH_SCENE_CROWD_H

#include "bench/case.h"

#define MB_MAX_CROWD 64

struct mb_session;
struct mb_crowd;

/*
 * @count threads (2…MB_MAX_CROWD), the caller, who must be bound, being the first of them. They sleep
 * until mb_crowd_run(). mb_crowd_stop() gives them back. NULL with @why.
 */
struct mb_crowd *mb_crowd_start(const struct mb_session *session, unsigned int count,
				char why[MB_WHY]);
/* Also of NULL, then nothing. */
void mb_crowd_stop(struct mb_crowd *crowd);

/* All awake and waiting for the signal; the caller does not return before they are. */
void mb_crowd_ready(struct mb_crowd *crowd, void (*work)(void *user, unsigned int who), void *user);
/* The signal: each calls work(user, who) once, the caller as 0. Returns when all have. */
void mb_crowd_run(struct mb_crowd *crowd);

#endif
