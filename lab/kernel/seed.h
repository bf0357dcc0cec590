/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A build that begins as a copy of another kernel's, and compiles only what differs. */
#ifndef MIGBENCH_LAB_KERNEL_SEED_H
#define MIGBENCH_LAB_KERNEL_SEED_H

#include "lab/kernel/place.h"

/*
 * Fill the empty folder @build from the cached kernel that is nearest: one of the same
 * configuration and compiler whose source differs in few files, all of which make will find newer
 * than what was made from them. Where there is none @build stays empty, which is no error. The
 * source must be there. Returns MB_OK, or MB_MACHINE (after one line unless interrupted).
 */
int lab_kernel_seed(struct lab_build *b, const char *build);

#endif
