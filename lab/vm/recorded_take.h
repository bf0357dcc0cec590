/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hwloc makes of a machine's XML. */
#ifndef MIGBENCH_LAB_VM_RECORDED_TAKE_H
#define MIGBENCH_LAB_VM_RECORDED_TAKE_H

#include <stdbool.h>

#include "lab/vm/topology.h"

struct lab_recorded_node {
	unsigned int number; /* as the machine's kernel counts */
	unsigned long cpus;
	unsigned long long memory; /* bytes; 0: the file does not say, of any node */
	double distances[LAB_MAX_NODES]; /* in the file's unit; 0: not known */
};

struct lab_recorded {
	char name[128]; /* vendor and product, never a host's name; "" if the file has none */
	char kinds[128]; /* of memory, such as "MCDRAM"; "" where all is plain */
	struct lab_recorded_node nodes[LAB_MAX_NODES]; /* those with CPUs first, then by number */
	size_t count; /* at least 1 */
	size_t beyond; /* nodes for which there was no place */
	size_t bare; /* nodes left out as they have no memory; the nearest have their CPUs */
	unsigned long cpus, offline; /* the latter are in no node */
	bool distances;
	bool attributes; /* it knows bandwidths or latencies */
	bool cpu_kinds; /* more than one */
};

/*
 * All of it into *@machine, which is zero. Returns whether hwloc takes the file for a topology. What
 * it asks for is not given back, for a broken topology can't be: the process ends soon.
 */
bool lab_recorded_take(const char *path, struct lab_recorded *machine);

#endif
