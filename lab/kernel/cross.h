/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What another architecture's kernels and programs are built with: kept in the cache, not installed. */
#ifndef MIGBENCH_LAB_KERNEL_CROSS_H
#define MIGBENCH_LAB_KERNEL_CROSS_H

#include <stdbool.h>

#include "core/progress.h"
#include "lab/base/arch.h"

/*
 * What the names of @arch's compiler and its tools begin with, for CROSS_COMPILE: of those in PATH,
 * else of those that were fetched; malloc'd. NULL: there is no such compiler here. Of this machine's own
 * architecture "".
 */
char *lab_cross_prefix(const struct lab_arch *arch);

/* The same, after one line that says how to get one; NULL if there is none. */
char *lab_cross_need_prefix(const struct lab_arch *arch);

/* The folder with @arch's headers and libraries, malloc'd; it may not be there yet. */
char *lab_cross_root(const struct lab_arch *arch);

/*
 * Fetch what is missing of the compiler and the libraries, through this machine's own apt sources.
 * Returns an exit status, after one line if it is not MB_OK or we were interrupted.
 */
int lab_cross_fetch(const struct lab_arch *arch, struct mb_progress *progress);

#endif
