/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recorded machine made smaller, to what a virtual machine can show. */
#ifndef MIGBENCH_LAB_VM_RECORDED_FIT_H
#define MIGBENCH_LAB_VM_RECORDED_FIT_H

#include "lab/vm/recorded.h"

/*
 * What a virtual machine can show of @machine with @cpus CPUs and @memory MiB at most, 2 MiB to a
 * page: @topology's nodes, and malloc'd in a few words how they differ ("" if they don't). There
 * may be more than @memory where the nodes are many: none has less than LAB_MIN_MEMORY.
 */
char *lab_recorded_fit(const struct lab_recorded *machine, unsigned long cpus, unsigned long memory,
		       struct lab_topology *topology);

#endif
