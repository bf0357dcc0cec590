// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench topo: nodes, distances, CPUs and caches of this machine. */
#include <hwloc.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/commands.h"
#include "bench/topology.h"
#include "core/options.h"
#include "core/status.h"

/* "0-3,8"; a static text, and "" for no CPU. */
static const char *cpu_list(hwloc_const_bitmap_t cpus)
{
	static char text[4096];

	hwloc_bitmap_list_snprintf(text, sizeof(text), cpus);
	return text;
}

/* The distance from node to node in the firmware's words, by the nodes' numbers; 0: not known. */
static unsigned long long distance(struct hwloc_distances_s *distances, hwloc_obj_t from,
				   hwloc_obj_t to)
{
	int row, column;

	if (!distances)
		return 0;
	row = hwloc_distances_obj_index(distances, from);
	column = hwloc_distances_obj_index(distances, to);
	if (row < 0 || column < 0)
		return 0;
	return distances->values[(unsigned int)row * distances->nbobjs + (unsigned int)column];
}

static struct hwloc_distances_s *get_distances(hwloc_topology_t hwloc)
{
	struct hwloc_distances_s *distances = NULL;
	unsigned int count = 1;

	if (hwloc_distances_get_by_type(hwloc, HWLOC_OBJ_NUMANODE, &count, &distances,
					HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) ||
	    !count)
		return NULL;
	return distances;
}

static hwloc_obj_t next_node(hwloc_topology_t hwloc, hwloc_obj_t node)
{
	return hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, node);
}

static const char *cache_kind(hwloc_obj_t cache)
{
	switch (cache->attr->cache.type) {
	case HWLOC_OBJ_CACHE_DATA:
		return "data";
	case HWLOC_OBJ_CACHE_INSTRUCTION:
		return "instruction";
	default:
		return "unified";
	}
}

static json_t *describe(hwloc_topology_t hwloc, struct hwloc_distances_s *distances)
{
	json_t *nodes = json_array(), *table = distances ? json_array() : json_null();
	json_t *caches = json_array();

	for (hwloc_obj_t node = NULL; (node = next_node(hwloc, node));) {
		json_t *row = json_array();

		json_array_append_new(
			nodes, json_pack("{s:i, s:I, s:s, s:i}", "node", (int)node->os_index,
					 "memory", (json_int_t)node->attr->numanode.local_memory,
					 "cpus", cpu_list(node->cpuset), "cpu_count",
					 hwloc_bitmap_weight(node->cpuset)));
		for (hwloc_obj_t to = NULL; (to = next_node(hwloc, to));)
			json_array_append_new(
				row, json_integer((json_int_t)distance(distances, node, to)));
		json_array_append_new(table, row);
	}
	for (hwloc_obj_type_t type = HWLOC_OBJ_L1CACHE; hwloc_obj_type_is_cache(type); type++)
		for (hwloc_obj_t cache = NULL;
		     (cache = hwloc_get_next_obj_by_type(hwloc, type, cache));)
			json_array_append_new(caches,
					      json_pack("{s:i, s:s, s:I, s:i, s:s}", "level",
							(int)cache->attr->cache.depth, "type",
							cache_kind(cache), "size",
							(json_int_t)cache->attr->cache.size, "line",
							(int)cache->attr->cache.linesize, "cpus",
							cpu_list(cache->cpuset)));
	return json_pack("{s:o, s:o, s:o, s:i, s:i, s:i, s:I}", "nodes", nodes, "distances", table,
			 "caches", caches, "cpus", hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PU),
			 "cores", hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_CORE), "packages",
			 hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PACKAGE), "page_size",
			 (json_int_t)sysconf(_SC_PAGESIZE));
}

static void print_distances(hwloc_topology_t hwloc, struct hwloc_distances_s *distances)
{
	printf("\ndistance to node");
	for (hwloc_obj_t to = NULL; (to = next_node(hwloc, to));)
		printf(" %4u", to->os_index);
	putchar('\n');
	for (hwloc_obj_t node = NULL; (node = next_node(hwloc, node));) {
		printf("  from node %-4u", node->os_index);
		for (hwloc_obj_t to = NULL; (to = next_node(hwloc, to));)
			printf(" %4llu", distance(distances, node, to));
		putchar('\n');
	}
}

/* All caches of a kind are alike on most machines: one line for those of one size. */
static void print_caches(hwloc_topology_t hwloc, hwloc_obj_type_t type)
{
	hwloc_obj_t cache = NULL, other;

	while ((cache = hwloc_get_next_obj_by_type(hwloc, type, cache))) {
		int cpus = hwloc_bitmap_weight(cache->cpuset), alike = 0;
		bool said = false;
		char name[32];

		for (other = NULL; (other = hwloc_get_next_obj_by_type(hwloc, type, other));) {
			if (other->attr->cache.size != cache->attr->cache.size ||
			    hwloc_bitmap_weight(other->cpuset) != cpus)
				continue;
			said = said || other->logical_index < cache->logical_index;
			alike++;
		}
		if (said)
			continue;
		hwloc_obj_type_snprintf(name, sizeof(name), cache, 0);
		printf("%-6s %8llu KiB  %d, each of %d CPU%s\n", name,
		       (unsigned long long)cache->attr->cache.size >> 10, alike, cpus,
		       cpus == 1 ? "" : "s");
	}
}

static void print_count(hwloc_topology_t hwloc, hwloc_obj_type_t type, const char *name)
{
	int count = hwloc_get_nbobjs_by_type(hwloc, type);

	printf("%d %s%s, ", count, name, count == 1 ? "" : "s");
}

static void print(hwloc_topology_t hwloc, struct hwloc_distances_s *distances)
{
	print_count(hwloc, HWLOC_OBJ_PU, "CPU");
	print_count(hwloc, HWLOC_OBJ_CORE, "core");
	print_count(hwloc, HWLOC_OBJ_PACKAGE, "package");
	printf("base page of %ld bytes\n\n", sysconf(_SC_PAGESIZE));
	for (hwloc_obj_t node = NULL; (node = next_node(hwloc, node));)
		printf("node %-4u %8llu MiB  %s%s\n", node->os_index,
		       (unsigned long long)node->attr->numanode.local_memory >> 20,
		       hwloc_bitmap_iszero(node->cpuset) ? "no CPU" : "CPUs ",
		       cpu_list(node->cpuset));
	if (distances)
		print_distances(hwloc, distances);
	putchar('\n');
	for (hwloc_obj_type_t type = HWLOC_OBJ_L1CACHE; hwloc_obj_type_is_cache(type); type++)
		print_caches(hwloc, type);
}

int bench_topo(int argc, char **argv)
{
	const char *format = "text";
	const struct mb_option options[] = {
		{ "format", "text|json", "how to print it", MB_OPT_STRING, &format, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "topo",
		.operands = "",
		.summary = "Show the nodes, distances, CPUs and caches of this machine.",
		.example = "migbench topo --format json"
	};
	struct hwloc_distances_s *distances;
	struct mb_topology *topology;
	json_t *json;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return mb_fail(MB_REQUEST, "topo: --format takes text or json, not '%s'", format);
	topology = mb_topology_load();
	if (!topology)
		return mb_fail(MB_MACHINE, "hwloc cannot read this machine's topology");
	distances = get_distances(mb_topology_hwloc(topology));
	if (!strcmp(format, "json")) {
		json = describe(mb_topology_hwloc(topology), distances);
		json_dumpf(json, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(json);
	} else {
		print(mb_topology_hwloc(topology), distances);
	}
	if (distances)
		hwloc_distances_release(mb_topology_hwloc(topology), distances);
	mb_topology_free(topology);
	return MB_OK;
}
