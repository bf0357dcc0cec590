/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel functions whose instructions hinge on what the CPU offers. */
#ifndef MIGBENCH_CORE_ALTERNATIVES_H
#define MIGBENCH_CORE_ALTERNATIVES_H

#include <stdbool.h>

/*
 * Whether the kernel function @name copies, clears or sums memory by a way that was patched in for
 * the CPU it found (alternatives): its count on one emulated CPU says nothing of another.
 */
bool mb_hinges_on_cpu(const char *name);

#endif
