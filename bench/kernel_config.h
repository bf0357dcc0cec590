/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the running kernel was configured for, as far as device memory needs it. */
#ifndef MIGBENCH_BENCH_KERNEL_CONFIG_H
#define MIGBENCH_BENCH_KERNEL_CONFIG_H

#include <stdbool.h>

struct mb_kernel_config {
	char path[300]; /* where it was found */
	bool modules; /* CONFIG_MODULES */
	bool migration; /* migrate_vma_setup() and its companions are there */
	bool coherent_memory; /* as far as the release tells: since 6.0 */
	bool private_memory; /* CONFIG_DEVICE_PRIVATE */
};

/*
 * Read the running kernel's configuration from where kernels and distributions leave it. Returns
 * false when it is nowhere to be read.
 */
bool mb_kernel_config(struct mb_kernel_config *config);

#endif
