/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab kernel list --available. */
#ifndef MIGBENCH_LAB_KERNEL_AVAILABLE_H
#define MIGBENCH_LAB_KERNEL_AVAILABLE_H

#include <stdbool.h>

/*
 * Print which kernels of configs/kernels can be had today and from where, and what sources the
 * machine's suites and theirs offer; as JSON, or for the reader. Returns an exit status:
 * MB_MACHINE, after one line, where no suite can be asked.
 */
int lab_kernel_available(bool json);

#endif
