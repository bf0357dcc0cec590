/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual machine's nodes: configs/topologies/NAME.ini. */
#ifndef MIGBENCH_LAB_VM_TOPOLOGY_H
#define MIGBENCH_LAB_VM_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/list.h"
#include "lab/base/arch.h"

#define LAB_MAX_NODES 64 /* CONFIG_NODES_SHIFT of the lab's kernels */
#define LAB_MAX_CPUS 16 /* CONFIG_NR_CPUS of the lab's kernels */
#define LAB_MAX_SPEED 1000000 /* ns, MiB/s */
#define LAB_MIN_MEMORY 32UL /* MiB; below that no node is of use */
/*
 * MiB. QEMU's machine "pc" has all of its memory in one piece from address 0 up to here; above, a
 * hole for PCI would have to be counted in.
 */
#define LAB_MAX_MEMORY (3UL * 1024)

struct lab_node {
	unsigned long cpus;
	unsigned long memory; /* MiB */
	bool bare; /* CPUs only */
	unsigned long coherent; /* of it, MiB; kept from the kernel to play device memory */
	unsigned long distances[LAB_MAX_NODES];
	size_t distance_count; /* 0: QEMU's defaults */
	/* What the firmware says of its memory, in ns and MiB/s; 0: nothing, of any node. */
	unsigned long latency, bandwidth;
};

struct lab_topology {
	char *name; /* for file names: without folder and .ini */
	char *after; /* the file and machine that it is made after, and how it differs; or NULL */
	char *description;
	struct lab_node nodes[LAB_MAX_NODES];
	size_t count;
	unsigned long cpus; /* of all nodes */
	unsigned long memory; /* of all nodes, MiB */
	unsigned long coherent; /* MiB, of the one node that has some; 0: none does */
	unsigned long long coherent_at; /* its guest-physical address */
	bool speeds; /* the firmware says how fast each node's memory is */
};

/*
 * Read topology @name (or a file). Returns MB_OK, or after one line MB_REQUEST, or MB_MACHINE when
 * it has more memory than this machine.
 */
int lab_topology_read(const char *name, struct lab_topology *topology);
void lab_topology_free(struct lab_topology *topology);

/*
 * Put what is coherent where the machine of @arch has it, and where a kernel of base pages of @page
 * takes it; with pages of 64k four times as much as the file says, beside its other memory. Returns MB_OK, or MB_REQUEST after one line: that machine cannot be like this.
 */
int lab_topology_place(struct lab_topology *topology, const struct lab_arch *arch,
		       const struct lab_page *page);

/* Add QEMU's options for CPUs, memory and nodes to @words. */
void lab_topology_arguments(const struct lab_topology *topology, struct mb_list *words);

#endif
