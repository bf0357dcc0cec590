/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of building one kernel, in its partial folder. */
#ifndef MIGBENCH_LAB_KERNEL_STEPS_H
#define MIGBENCH_LAB_KERNEL_STEPS_H

#include "lab/kernel/place.h"

/*
 * From the source to a complete kernel in b->final. Steps that an earlier try has done are not
 * repeated. Returns an exit status; with a line on stderr, and the end of the log, unless it is
 * MB_OK or we were interrupted.
 */
int lab_build_steps(struct lab_build *b);

#endif
