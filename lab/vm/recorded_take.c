// SPDX-License-Identifier: GPL-2.0-or-later
/* hwloc's objects, as a recorded machine. */
#include <ctype.h>
#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/vm/recorded_take.h"

static bool is_plain(const char *kind)
{
	return !kind || !*kind || !strcasecmp(kind, "DRAM");
}

/* @between, if @into has anything, and @text without blanks around it, with printable ASCII only. */
static void append(char *into, size_t size, const char *between, const char *text)
{
	size_t used = strlen(into), length = strlen(text);

	for (; *into && *between && used + 1 < size; between++)
		into[used++] = *between;
	while (isspace((unsigned char)*text))
		text++, length--;
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	for (size_t i = 0; i < length && used + 1 < size; i++)
		into[used++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	into[used] = '\0';
}

/* An entry of the firmware's tables; NULL where the vendor has left it empty or as it was. */
static const char *firmware(hwloc_obj_t root, const char *key)
{
	const char *text = hwloc_obj_get_info_by_name(root, key);

	return text && text[strspn(text, " \t")] && !strcasestr(text, "to be filled") ? text : NULL;
}

static void find_name(hwloc_obj_t root, struct lab_recorded *machine)
{
	const char *vendor = firmware(root, "DMISysVendor");
	const char *product = firmware(root, "DMIProductName");

	if (!product) {
		vendor = firmware(root, "DMIBoardVendor");
		product = firmware(root, "DMIBoardName");
	}
	if (vendor && (!product || strncmp(product, vendor, strlen(vendor))))
		append(machine->name, sizeof(machine->name), "", vendor);
	if (product)
		append(machine->name, sizeof(machine->name), " ", product);
}

/* By the system's numbers, whatever hwloc's own order is. */
static int by_number(const void *a, const void *b)
{
	const hwloc_obj_t *x = a, *y = b;

	return ((*x)->os_index > (*y)->os_index) - ((*x)->os_index < (*y)->os_index);
}

/*
 * Whether a CPU that is near to both belongs to @a rather than to @b: hwloc has a node of another
 * kind of memory near the same CPUs as a plain one, and the system has them in the plain one.
 */
static bool is_home(hwloc_obj_t a, hwloc_obj_t b)
{
	int wide_a = hwloc_bitmap_weight(a->cpuset), wide_b = hwloc_bitmap_weight(b->cpuset);

	if (is_plain(a->subtype) != is_plain(b->subtype))
		return is_plain(a->subtype);
	return wide_a < wide_b; /* and of two that are alike the first one */
}

static void count_cpus(hwloc_topology_t hwloc, const hwloc_obj_t *nodes, size_t count,
		       unsigned long *cpus)
{
	for (hwloc_obj_t cpu = NULL;
	     (cpu = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_PU, cpu));) {
		size_t home = count;

		for (size_t i = 0; i < count; i++)
			if (hwloc_bitmap_isset(nodes[i]->cpuset, cpu->os_index) &&
			    (home == count || is_home(nodes[i], nodes[home])))
				home = i;
		if (home < count)
			cpus[home]++;
	}
}

/* What the system itself says, else the first other latencies that the file has; NULL: none. */
static struct hwloc_distances_s *find_distances(hwloc_topology_t hwloc)
{
	struct hwloc_distances_s *found[8] = { NULL }, *best = NULL;
	unsigned int count = 8;

	if (hwloc_distances_get_by_type(hwloc, HWLOC_OBJ_NUMANODE, &count, found,
					HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0))
		return NULL;
	for (unsigned int i = 0; i < 8 && i < count; i++)
		if (!best || (!(best->kind & HWLOC_DISTANCES_KIND_FROM_OS) &&
			      found[i]->kind & HWLOC_DISTANCES_KIND_FROM_OS))
			best = found[i];
	return best;
}

/* 0: not known. */
static double distance(struct hwloc_distances_s *distances, hwloc_obj_t from, hwloc_obj_t to)
{
	int row = distances ? hwloc_distances_obj_index(distances, from) : -1;
	int column = distances ? hwloc_distances_obj_index(distances, to) : -1;

	if (row < 0 || column < 0)
		return 0;
	return (double)
		distances->values[(unsigned int)row * distances->nbobjs + (unsigned int)column];
}

/* The CPUs of node @from go to the nearest node with memory, as the system's allocations do. */
static void move_cpus(struct hwloc_distances_s *distances, const hwloc_obj_t *nodes, size_t count,
		      size_t from, unsigned long *cpus)
{
	size_t best = count;

	for (size_t i = 0; i < count; i++)
		if (nodes[i]->attr->numanode.local_memory &&
		    (best == count || distance(distances, nodes[from], nodes[i]) <
					      distance(distances, nodes[from], nodes[best])))
			best = i;
	cpus[best] += cpus[from];
}

/* Take the nodes without memory out, their CPUs being moved, unless none has. What is left. */
static size_t drop_bare(struct hwloc_distances_s *distances, hwloc_obj_t *nodes, size_t count,
			unsigned long *cpus)
{
	bool sized = false;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		sized = sized || nodes[i]->attr->numanode.local_memory;
	for (size_t i = 0; sized && i < count; i++)
		if (!nodes[i]->attr->numanode.local_memory)
			move_cpus(distances, nodes, count, i, cpus);
	for (size_t i = 0; i < count; i++) {
		if (sized && !nodes[i]->attr->numanode.local_memory)
			continue;
		nodes[kept] = nodes[i];
		cpus[kept++] = cpus[i];
	}
	return kept;
}

/*
 * Those with CPUs come first: a kernel numbers its nodes as it meets them in the firmware's table,
 * where QEMU has all CPUs before the memory.
 */
static void take_nodes(hwloc_topology_t hwloc, hwloc_obj_t *nodes, size_t count,
		       struct lab_recorded *machine)
{
	struct hwloc_distances_s *distances = find_distances(hwloc);
	unsigned long *cpus = calloc(count, sizeof(*cpus));
	hwloc_obj_t taken[LAB_MAX_NODES];
	size_t left, n = 0;

	if (!cpus)
		_exit(MB_MACHINE);
	count_cpus(hwloc, nodes, count, cpus);
	left = drop_bare(distances, nodes, count, cpus);
	for (int with = 1; with >= 0; with--) {
		for (size_t i = 0; i < left && n < LAB_MAX_NODES; i++) {
			if ((cpus[i] > 0) != with)
				continue;
			machine->nodes[n] = (struct lab_recorded_node){
				.number = nodes[i]->os_index,
				.cpus = cpus[i],
				.memory = nodes[i]->attr->numanode.local_memory,
			};
			taken[n++] = nodes[i];
		}
	}
	machine->count = n;
	machine->bare = count - left;
	machine->beyond = left - n;
	machine->distances = distances;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			machine->nodes[i].distances[j] = distance(distances, taken[i], taken[j]);
	free(cpus);
}

static void take_kinds(const hwloc_obj_t *nodes, size_t count, struct lab_recorded *machine)
{
	for (size_t i = 0; i < count; i++) {
		const char *kind = nodes[i]->subtype;

		if (is_plain(kind) || strstr(machine->kinds, kind))
			continue;
		append(machine->kinds, sizeof(machine->kinds), ", ", kind);
	}
}

static bool has_attributes(hwloc_topology_t hwloc)
{
	const char *name;

	for (hwloc_memattr_id_t id = HWLOC_MEMATTR_ID_BANDWIDTH;
	     !hwloc_memattr_get_name(hwloc, id, &name); id++) {
		unsigned int count = 0;

		if (!hwloc_memattr_get_targets(hwloc, id, NULL, 0, &count, NULL, NULL) && count)
			return true;
	}
	return false;
}

bool lab_recorded_take(const char *path, struct lab_recorded *machine)
{
	hwloc_topology_t hwloc;
	hwloc_obj_t root, *nodes;
	int count;

	/* What a container may not use is of the machine all the same. */
	if (hwloc_topology_init(&hwloc) ||
	    hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) ||
	    hwloc_topology_set_xml(hwloc, path) || hwloc_topology_load(hwloc))
		return false;
	root = hwloc_get_root_obj(hwloc);
	count = hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_NUMANODE);
	nodes = count > 0 ? calloc((size_t)count, sizeof(hwloc_obj_t)) : NULL;
	if (!nodes)
		return false;
	for (int i = 0; i < count; i++)
		nodes[i] = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, (unsigned int)i);
	qsort(nodes, (size_t)count, sizeof(hwloc_obj_t), by_number);
	find_name(root, machine);
	take_kinds(nodes, (size_t)count, machine);
	take_nodes(hwloc, nodes, (size_t)count, machine);
	machine->cpus = (unsigned long)hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PU);
	machine->offline = (unsigned long)(hwloc_bitmap_weight(root->complete_cpuset) -
					   hwloc_bitmap_weight(root->cpuset));
	machine->attributes = has_attributes(hwloc);
	machine->cpu_kinds = hwloc_cpukinds_get_nr(hwloc, 0) > 1;
	return true;
}
