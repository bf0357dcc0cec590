/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is put into tracefs outlives whoever put it there: so somebody waits for our end. */
#ifndef MIGBENCH_OBSERVE_GUARD_H
#define MIGBENCH_OBSERVE_GUARD_H

#include <sys/types.h>

/* Our probes' group and our instance; behind it the number of the process that has them. */
#define OB_GROUP "migbench_"
#define OB_INSTANCE "migbench-"

struct ob_guard {
	pid_t pid;
	int pipe; /* it waits for this to be closed, by us or by our end */
};

/*
 * Start a process that takes the probes and the instance of ours below @root out when we are gone, however
 * that happens. Signals that end us do not end it; SIGKILL to both leaves them to ob_guard_sweep().
 * 0, or -1 with errno.
 */
int ob_guard_begin(struct ob_guard *guard, const char *root);
/* Have it done now, and wait until it is. */
void ob_guard_end(struct ob_guard *guard);

/* Take out what processes that are no more have left below @root. */
void ob_guard_sweep(const char *root);

#endif
