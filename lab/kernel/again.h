/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that need not be built: another one is the same. */
#ifndef MIGBENCH_LAB_KERNEL_AGAIN_H
#define MIGBENCH_LAB_KERNEL_AGAIN_H

#include "lab/kernel/place.h"

/*
 * The files of @same once more, by links, as b->final; made in b->partial, whose lock the caller holds and which
 * is gone afterwards. Returns an exit status; with a line on stderr, unless it is MB_OK or we were interrupted.
 */
int lab_build_take_over(struct lab_build *b, struct lab_kernel *same);

#endif
