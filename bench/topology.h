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

/* Is there a NUMA node of this number with memory that this process may use? */
bool mb_topology_has_node(const struct mb_topology *topology, unsigned long node);
/* The same without a look at what this process may use: its cpuset can keep a node from it. */
bool mb_topology_has_memory(const struct mb_topology *topology, unsigned long node);
/*
 * The two nodes with usable memory that are nearest to each other; of pairs that are equally near one
 * whose first node has CPUs, and then the one of the lowest numbers. false where there is one node
 * only: then *@from is that, and *@to another number that no node has.
 */
bool mb_topology_nearest(const struct mb_topology *topology, unsigned long *from,
			 unsigned long *to);

/* CPUs that this process may use, which are all unless a cpuset keeps some from it. Below they have numbers from 0. */
unsigned int mb_topology_cpus(const struct mb_topology *topology);

/* The node that is measured on where no parameter says another: the first of the nearest two. */
unsigned long mb_topology_home(const struct mb_topology *topology);
/*
 * Bind the calling thread to one CPU of @node, or, if it has none, to the first
 * CPU of the machine. Returns false with errno set.
 */
bool mb_topology_bind(const struct mb_topology *topology, unsigned long node);

/* Bind the calling thread to the CPU of number @cpu, in hwloc's order; false with errno set. */
bool mb_topology_bind_cpu(const struct mb_topology *topology, unsigned int cpu);

/* The number of the CPU that the calling thread is on; bound, it stays there. */
unsigned int mb_topology_cpu_here(const struct mb_topology *topology);

/* "2 nodes, 4 CPUs: node 0 2 CPUs 512 MiB; …" into @text, and a digest of all hwloc knows. */
void mb_topology_summary(const struct mb_topology *topology, char *text, size_t size,
			 char digest[MB_DIGEST_HEX]);

#endif
