/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes and CPUs of this machine, as hwloc sees them. */
#ifndef MIGBENCH_BENCH_TOPOLOGY_H
#define MIGBENCH_BENCH_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/digest.h"

struct mb_topology;

/* Load this machine's topology; NULL when hwloc can't. */
struct mb_topology *mb_topology_load(void);
void mb_topology_free(struct mb_topology *topology);

/* hwloc's own handle of it, for whoever shows all that hwloc knows. */
struct hwloc_topology *mb_topology_hwloc(const struct mb_topology *topology);

/* Is there a NUMA node with memory of this number? */
bool mb_topology_has_node(const struct mb_topology *topology, unsigned long node);
unsigned int mb_topology_cpus(const struct mb_topology *topology);

/*
 * Bind the calling thread to one CPU of @node, or, if it has none, to the first
 * CPU of the machine. Returns false with errno set.
 */
bool mb_topology_bind(const struct mb_topology *topology, unsigned long node);

/* Bind the calling thread to the machine's CPU of logical number @cpu; false with errno set. */
bool mb_topology_bind_cpu(const struct mb_topology *topology, unsigned int cpu);

/* "2 nodes, 4 CPUs: node 0 2 CPUs 512 MiB; …" into @text, and a digest of all hwloc knows. */
void mb_topology_summary(const struct mb_topology *topology, char *text, size_t size,
			 char digest[MB_DIGEST_HEX]);

#endif
