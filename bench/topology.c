// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's nodes and CPUs, by hwloc. */
#include <errno.h>
#include <hwloc.h>
#include <hwloc/distances.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/topology.h"

struct mb_topology {
	hwloc_topology_t hwloc;
};

struct mb_topology *mb_topology_load(void)
{
	struct mb_topology *topology = calloc(1, sizeof(*topology));

	if (!topology)
		return NULL;
	if (hwloc_topology_init(&topology->hwloc)) {
		free(topology);
		return NULL;
	}
	/* Memory without CPUs is a node like any other here. */
	hwloc_topology_set_flags(topology->hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (hwloc_topology_load(topology->hwloc)) {
		hwloc_topology_destroy(topology->hwloc);
		free(topology);
		return NULL;
	}
	return topology;
}

void mb_topology_free(struct mb_topology *topology)
{
	if (!topology)
		return;
	hwloc_topology_destroy(topology->hwloc);
	free(topology);
}

struct hwloc_topology *mb_topology_hwloc(const struct mb_topology *topology)
{
	return topology->hwloc;
}

static hwloc_obj_t find_node(const struct mb_topology *topology, unsigned long node)
{
	hwloc_obj_t object = NULL;

	while ((object = hwloc_get_next_obj_by_type(topology->hwloc, HWLOC_OBJ_NUMANODE, object)))
		if (object->os_index == node)
			return object;
	return NULL;
}

bool mb_topology_has_memory(const struct mb_topology *topology, unsigned long node)
{
	hwloc_obj_t object = find_node(topology, node);

	return object && object->attr->numanode.local_memory;
}

bool mb_topology_has_node(const struct mb_topology *topology, unsigned long node)
{
	return mb_topology_has_memory(topology, node) &&
	       hwloc_bitmap_isset(hwloc_topology_get_allowed_nodeset(topology->hwloc),
				  (unsigned int)node);
}

/* The system's own distances; NULL where it has none. */
static struct hwloc_distances_s *find_distances(const struct mb_topology *topology)
{
	struct hwloc_distances_s *found = NULL;
	unsigned int count = 1;

	if (hwloc_distances_get_by_type(
		    topology->hwloc, HWLOC_OBJ_NUMANODE, &count, &found,
		    HWLOC_DISTANCES_KIND_FROM_OS | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0))
		return NULL;
	return count ? found : NULL;
}

static uint64_t distance(struct hwloc_distances_s *distances, hwloc_obj_t from, hwloc_obj_t to)
{
	hwloc_uint64_t there, back;

	return distances && !hwloc_distances_obj_pair_values(distances, from, to, &there, &back)
		       ? there
		       : 0;
}

/* Two nodes: their distance, and whether the first one has CPUs. */
struct pair {
	uint64_t far;
	bool cpus;
};

static bool is_better(const struct pair *pair, const struct pair *best)
{
	return pair->far < best->far || (pair->far == best->far && pair->cpus > best->cpus);
}

bool mb_topology_nearest(const struct mb_topology *topology, unsigned long *from, unsigned long *to)
{
	struct hwloc_distances_s *distances = find_distances(topology);
	hwloc_obj_t best_a = NULL, best_b = NULL, only = NULL;
	struct pair best = { 0 };
	unsigned int last = (unsigned int)hwloc_bitmap_last(
		hwloc_topology_get_topology_nodeset(topology->hwloc));

	/* By the system's numbers: hwloc's order is another. */
	for (unsigned int i = 0; i <= last; i++) {
		hwloc_obj_t a = mb_topology_has_node(topology, i) ? find_node(topology, i) : NULL;

		if (!a)
			continue;
		only = only ? only : a;
		for (unsigned int j = 0; j <= last; j++) {
			hwloc_obj_t b =
				mb_topology_has_node(topology, j) ? find_node(topology, j) : NULL;
			struct pair pair;

			if (i == j || !b)
				continue;
			pair.far = distance(distances, a, b);
			pair.cpus = !hwloc_bitmap_iszero(a->cpuset);
			if (best_a && !is_better(&pair, &best))
				continue;
			best = pair;
			best_a = a;
			best_b = b;
		}
	}
	if (distances)
		hwloc_distances_release(topology->hwloc, distances);
	*from = best_a ? best_a->os_index : only ? only->os_index : 0;
	*to = best_b ? best_b->os_index : last + 1;
	return best_a;
}

unsigned long mb_topology_home(const struct mb_topology *topology)
{
	unsigned long from, to;

	mb_topology_nearest(topology, &from, &to);
	return from;
}

unsigned int mb_topology_cpus(const struct mb_topology *topology)
{
	int count = hwloc_bitmap_weight(hwloc_topology_get_allowed_cpuset(topology->hwloc));

	return count > 0 ? (unsigned int)count : 0;
}

/* The CPU that follows @before, NULL for the first, among those that this process may use; NULL behind the last. */
static hwloc_obj_t next_allowed(const struct mb_topology *topology, hwloc_obj_t before)
{
	hwloc_const_cpuset_t allowed = hwloc_topology_get_allowed_cpuset(topology->hwloc);

	do {
		before = hwloc_get_next_obj_by_type(topology->hwloc, HWLOC_OBJ_PU, before);
	} while (before && !hwloc_bitmap_isset(allowed, before->os_index));
	return before;
}

bool mb_topology_bind(const struct mb_topology *topology, unsigned long node)
{
	hwloc_obj_t object = find_node(topology, node);
	hwloc_const_cpuset_t allowed = hwloc_topology_get_allowed_cpuset(topology->hwloc);
	hwloc_cpuset_t set = hwloc_bitmap_alloc();
	bool bound = false;

	if (!set)
		return false;
	if (object)
		hwloc_bitmap_and(set, object->cpuset, allowed);
	if (hwloc_bitmap_iszero(set))
		hwloc_bitmap_copy(set, allowed);
	hwloc_bitmap_singlify(set);
	bound = !hwloc_set_cpubind(topology->hwloc, set, HWLOC_CPUBIND_THREAD);
	hwloc_bitmap_free(set);
	return bound;
}

bool mb_topology_bind_cpu(const struct mb_topology *topology, unsigned int cpu)
{
	hwloc_obj_t object = next_allowed(topology, NULL);

	while (cpu-- && object)
		object = next_allowed(topology, object);
	if (!object) {
		errno = EINVAL;
		return false;
	}
	return !hwloc_set_cpubind(topology->hwloc, object->cpuset, HWLOC_CPUBIND_THREAD);
}

unsigned int mb_topology_cpu_here(const struct mb_topology *topology)
{
	unsigned int here = (unsigned int)sched_getcpu(), number = 0;
	hwloc_obj_t object = NULL;

	while ((object = next_allowed(topology, object)) && object->os_index != here)
		number++;
	return object ? number : 0;
}

void mb_topology_summary(const struct mb_topology *topology, char *text, size_t size,
			 char digest[MB_DIGEST_HEX])
{
	hwloc_obj_t object = NULL;
	unsigned int nodes =
		(unsigned int)hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_NUMANODE);
	unsigned int cpus = mb_topology_cpus(topology);
	size_t used = (size_t)snprintf(text, size, "%u node%s, %u CPU%s", nodes,
				       nodes == 1 ? "" : "s", cpus, cpus == 1 ? "" : "s");
	char *xml;
	int length;

	while ((object = hwloc_get_next_obj_by_type(topology->hwloc, HWLOC_OBJ_NUMANODE, object))) {
		if (used >= size)
			break;
		used += (size_t)snprintf(text + used, size - used, "; node %u: %d CPU%s, %llu MiB",
					 object->os_index, hwloc_bitmap_weight(object->cpuset),
					 hwloc_bitmap_weight(object->cpuset) == 1 ? "" : "s",
					 (unsigned long long)object->attr->numanode.local_memory >>
						 20);
	}
	digest[0] = '\0';
	if (!hwloc_topology_export_xmlbuffer(topology->hwloc, &xml, &length, 0)) {
		mb_digest(xml, (size_t)length, digest);
		hwloc_free_xmlbuffer(topology->hwloc, xml);
	}
}
