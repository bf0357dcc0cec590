/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process of its own for one sample: what it does to its memory ends with it. */
#ifndef MIGBENCH_BENCH_CHILD_H
#define MIGBENCH_BENCH_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/case.h"

/*
 * Zeroed memory of @size bytes that this process and its children have in common; ends the program
 * where there is none. mb_unshare() gives it back, and does nothing for NULL.
 */
void *mb_share(size_t size);
void mb_unshare(void *shared, size_t size);

/*
 * fork(2) without what is buffered being written twice; the child dies with this process. It must
 * leave by _exit(). Returns as fork() does.
 */
int mb_child(void);

/*
 * Have a child do @work(@state), and wait for its end. @work returns what failed, errno saying why,
 * or NULL; the words pass through @shared, which is memory by mb_share(). false with @why if it
 * failed, or died.
 */
bool mb_child_run(const char *(*work)(void *state), void *state, char shared[MB_WHY],
		  char why[MB_WHY]);

#endif
