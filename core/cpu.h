/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the CPU is that this program runs on, and who runs the machine. */
#ifndef MIGBENCH_CORE_CPU_H
#define MIGBENCH_CORE_CPU_H

#include <stdbool.h>

/* Whether the kernel counts @flag among what this machine's CPUs have, and uses. */
bool mb_cpu_has(const char *flag);

/* Name of the hypervisor that runs this machine, "none", or "unknown". Static text. */
const char *mb_hypervisor(void);

/*
 * Whether TLBs are flushed here without the tracepoint tlb:tlb_flush, this CPU's own among them: on all other architectures
 * than x86; by AMD's broadcast, which Linux has for a process of several threads and for batched flushes
 * (broadcast_tlb_flush() and arch_tlbbatch_flush() in 7.2's arch/x86/mm/tlb.c); or by a hypervisor that is asked for it.
 */
bool mb_flushes_untraced(void);

#endif
