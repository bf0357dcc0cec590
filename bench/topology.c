// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's nodes and CPUs, by hwloc. */
#include <errno.h>
#include <hwloc.h>
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

bool mb_topology_has_node(const struct mb_topology *topology, unsigned long node)
{
	hwloc_obj_t object = find_node(topology, node);

	return object && object->attr->numanode.local_memory;
}

unsigned int mb_topology_cpus(const struct mb_topology *topology)
{
	return (unsigned int)hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_PU);
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
	hwloc_obj_t object = hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_PU, cpu);

	if (!object) {
		errno = EINVAL;
		return false;
	}
	return !hwloc_set_cpubind(topology->hwloc, object->cpuset, HWLOC_CPUBIND_THREAD);
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
