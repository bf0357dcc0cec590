/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a distribution's packages to the layout of the lab's kernels. */
#ifndef MIGBENCH_LAB_KERNEL_STOCK_ARRANGE_H
#define MIGBENCH_LAB_KERNEL_STOCK_ARRANGE_H

#include "lab/kernel/stock_unpack.h"

/*
 * From the layout of the packages unpacked below @root, in s->partial, to that of a kernel we built.
 * Returns an exit status, after one line if the kernel is of no use here.
 */
int lab_stock_arrange(struct lab_stock *s, const char *root);

#endif
