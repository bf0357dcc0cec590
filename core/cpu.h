/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the CPU is that this program runs on, and who runs the machine. */
#ifndef MIGBENCH_CORE_CPU_H
#define MIGBENCH_CORE_CPU_H

#include <stdbool.h>

/* Whether the kernel counts @flag among what this machine's CPUs have, and uses. */
bool mb_cpu_has(const char *flag);

/* Name of the hypervisor that runs this machine, "none", or "unknown". Static text. */
const char *mb_hypervisor(void);

#endif
