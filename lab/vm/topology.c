// SPDX-License-Identifier: GPL-2.0-or-later
/* A topology's INI file, and QEMU's words for it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/vm/topology.h"

/* At the end of the last node the firmware keeps its ACPI tables, which must stay as they are. */
#define FIRMWARE 2UL /* MiB */
#define COHERENT_STEP 2UL /* MiB; the least that a pagemap can have */

/* A number with M or G in MiB, from @min to @max. */
static bool read_size(const char *key, const char *value, unsigned long min, unsigned long max,
		      unsigned long *size, struct lab_reason *reason)
{
	size_t length = strlen(value);
	char unit = length ? value[length - 1] : '\0';
	char *digits = mb_format("%.*s", length ? (int)length - 1 : 0, value);
	unsigned long amount = 0;
	bool good = (unit == 'M' || unit == 'G') && mb_number(digits, 1, LAB_MAX_MEMORY, &amount);

	free(digits);
	*size = unit == 'G' ? amount * 1024 : amount;
	if (good && *size >= min && *size <= max)
		return true;
	return lab_refuse(reason, "'%s = %s': allowed: a number with M or G, from %luM to %luM",
			  key, value, min, max);
}

/* What @node has so far is too much: for itself, for the machine "pc" or for this host. */
static bool check_memory(const struct lab_topology *topology, const struct lab_node *node,
			 struct lab_reason *reason)
{
	unsigned long total = 0;
	unsigned long long host =
		(unsigned long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20;

	if (node->memory && node->coherent &&
	    node->memory < node->coherent + LAB_MIN_MEMORY + FIRMWARE)
		return lab_refuse(reason,
				  "'coherent = %luM' of 'memory = %luM' leaves the kernel too "
				  "little: %luM at least must remain",
				  node->coherent, node->memory, LAB_MIN_MEMORY + FIRMWARE);
	for (size_t i = 0; i < topology->count; i++)
		total += topology->nodes[i].memory;
	if (total > LAB_MAX_MEMORY)
		return lab_refuse(reason, "%luM of memory in all; allowed: up to %luM", total,
				  LAB_MAX_MEMORY);
	if (total <= host)
		return true;
	reason->status = MB_MACHINE;
	return lab_refuse(reason, "%luM of memory in all, and this machine has %lluM", total, host);
}

static bool read_coherent(const struct lab_topology *topology, const char *value,
			  struct lab_node *node, struct lab_reason *reason)
{
	for (size_t i = 0; i < topology->count; i++)
		if (topology->nodes[i].coherent)
			return lab_refuse(reason,
					  "[node %zu] has 'coherent' already, and the module takes "
					  "one range",
					  i);
	if (!read_size("coherent", value, COHERENT_STEP, LAB_MAX_MEMORY, &node->coherent, reason))
		return false;
	if (node->coherent % COHERENT_STEP)
		return lab_refuse(reason, "'coherent = %s': allowed: a multiple of %luM", value,
				  COHERENT_STEP);
	return check_memory(topology, node, reason);
}

static bool read_distances(const char *value, struct lab_node *node, struct lab_reason *reason)
{
	struct mb_list words = { 0 };
	bool good;

	mb_list_split(&words, value);
	good = words.count > 0 && words.count <= LAB_MAX_NODES;
	for (size_t i = 0; good && i < words.count; i++)
		good = mb_number(words.at[i], 10, 254, &node->distances[i]);
	node->distance_count = words.count;
	mb_list_free(&words);
	if (good)
		return true;
	return lab_refuse(reason,
			  "'distance = %s': allowed: numbers from 10 to 254, one for each "
			  "node, separated by commas",
			  value);
}

static bool on_value(void *context, const char *section, const char *key, const char *value,
		     struct lab_reason *reason)
{
	struct lab_topology *topology = context;
	struct lab_node *node;
	unsigned long number;

	if (!strcmp(section, "topology")) {
		if (!key)
			return true;
		if (strcmp(key, "description"))
			return lab_refuse(reason,
					  "unknown key '%s' in [topology]; allowed: "
					  "description",
					  key);
		topology->description = mb_strdup(value);
		return true;
	}
	if (strncmp(section, "node ", 5) || !mb_number(section + 5, 0, LAB_MAX_NODES - 1, &number))
		return lab_refuse(reason,
				  "unknown section [%s]; allowed: [topology], [node 0] … "
				  "[node %d]",
				  section, LAB_MAX_NODES - 1);
	if (number > topology->count)
		return lab_refuse(reason, "[%s] comes before [node %zu]", section, topology->count);
	if (number == topology->count)
		topology->count++;
	if (!key)
		return true;
	node = &topology->nodes[number];
	if (!strcmp(key, "cpus"))
		return mb_number(value, 0, LAB_MAX_CPUS, &node->cpus)
			       ? true
			       : lab_refuse(reason, "'cpus = %s': allowed: 0 to %d", value,
					    LAB_MAX_CPUS);
	if (!strcmp(key, "memory") && !strcmp(value, "0"))
		return node->bare = true;
	if (!strcmp(key, "memory"))
		return read_size(key, value, LAB_MIN_MEMORY, LAB_MAX_MEMORY, &node->memory,
				 reason) &&
		       check_memory(topology, node, reason);
	if (!strcmp(key, "coherent"))
		return read_coherent(topology, value, node, reason);
	if (!strcmp(key, "distance"))
		return read_distances(value, node, reason);
	if (!strcmp(key, "latency") || !strcmp(key, "bandwidth"))
		return mb_number(value, 1, LAB_MAX_SPEED,
				 *key == 'l' ? &node->latency : &node->bandwidth)
			       ? true
			       : lab_refuse(reason, "'%s = %s': allowed: 1 to %d", key, value,
					    LAB_MAX_SPEED);
	return lab_refuse(reason,
			  "unknown key '%s' in [%s]; allowed: cpus, memory, coherent, distance, "
			  "latency, bandwidth",
			  key, section);
}

/* Node after node lies in memory, the coherent part at the end of its node. */
static void place_coherent(struct lab_topology *topology)
{
	unsigned long end = 0, at;

	for (size_t i = 0; i < topology->count; i++) {
		const struct lab_node *node = &topology->nodes[i];

		end += node->memory;
		if (!node->coherent)
			continue;
		at = end - node->coherent - (i + 1 == topology->count ? FIRMWARE : 0);
		at -= at % COHERENT_STEP;
		topology->coherent = node->coherent;
		topology->coherent_at = (unsigned long long)at << 20;
	}
}

/* What no single line shows. */
static int check(const char *path, struct lab_topology *topology)
{
	if (!topology->count)
		return mb_fail(MB_REQUEST, "%s: no [node 0]", path);
	if (!topology->nodes[0].cpus || topology->nodes[0].bare)
		return mb_fail(MB_REQUEST, "%s: [node 0] needs a CPU and memory to boot from",
			       path);
	for (size_t i = 0; i < topology->count; i++) {
		const struct lab_node *node = &topology->nodes[i];

		topology->cpus += node->cpus;
		topology->memory += node->memory;
		if (!node->latency != !node->bandwidth ||
		    (!node->bare && !node->latency != !topology->nodes[0].latency))
			return mb_fail(MB_REQUEST,
				       "%s: [node %zu] 'latency' and 'bandwidth' go together, and "
				       "every node with memory has them, or none",
				       path, i);
		topology->speeds |= node->latency > 0;
		if (!node->memory && !node->bare)
			return mb_fail(MB_REQUEST, "%s: [node %zu] has no 'memory'", path, i);
		if (node->bare && (!node->cpus || node->coherent))
			return mb_fail(MB_REQUEST,
				       "%s: [node %zu] has 'memory = 0'; it needs CPUs, and can "
				       "have nothing 'coherent'",
				       path, i);
		/* A kernel numbers its nodes as it meets them, and QEMU lists all CPUs first. */
		if (i && node->cpus && !topology->nodes[i - 1].cpus)
			return mb_fail(MB_REQUEST,
				       "%s: [node %zu] has CPUs and [node %zu] has none; put nodes "
				       "with CPUs first, as the guest numbers them so",
				       path, i, i - 1);
		if (node->distance_count && node->distance_count != topology->count)
			return mb_fail(MB_REQUEST,
				       "%s: [node %zu] 'distance' has %zu numbers for "
				       "%zu nodes",
				       path, i, node->distance_count, topology->count);
		if (node->distance_count && node->distances[i] != 10)
			return mb_fail(MB_REQUEST, "%s: [node %zu] 'distance' to itself must be 10",
				       path, i);
	}
	if (topology->cpus > LAB_MAX_CPUS)
		return mb_fail(MB_REQUEST, "%s: %lu CPUs; allowed: 1 to %d in all", path,
			       topology->cpus, LAB_MAX_CPUS);
	place_coherent(topology);
	return MB_OK;
}

/* Where memory of the machine "virt" begins. */
#define VIRT_RAM 0x40000000ULL
/* What a struct page takes: the pagemap of a range must fill whole pages. */
#define STRUCT_PAGE 64UL

int lab_topology_place(struct lab_topology *topology, const struct lab_arch *arch,
		       const struct lab_page *page)
{
	unsigned long step = page->bytes / STRUCT_PAGE * page->bytes >> 20, last, more;
	struct lab_node *end;

	if (arch == lab_arch_default())
		return MB_OK;
	if (topology->speeds)
		return mb_fail(
			MB_REQUEST,
			"topology %s: 'latency' and 'bandwidth' are told by ACPI, which guests "
			"of %s have not",
			topology->name, arch->name);
	if (!topology->coherent)
		return MB_OK;
	end = &topology->nodes[topology->count - 1];
	/* Devices take whole steps of it: with large pages as many as a suite opens at a time. */
	more = end->coherent * (page->bytes / LAB_SCALED_PAGE);
	if (more > end->coherent) {
		more -= end->coherent;
		end->memory += more;
		end->coherent += more;
		topology->memory += more;
		topology->coherent += more;
	}
	last = end->coherent;
	if (!last)
		return mb_fail(MB_REQUEST,
			       "topology %s: on %s only the last node can have 'coherent' memory",
			       topology->name, arch->name);
	if (step > COHERENT_STEP && (last % step || topology->memory % step))
		return mb_fail(MB_REQUEST,
			       "topology %s: with base pages of %s 'coherent', and all memory "
			       "together, must be a multiple of %luM",
			       topology->name, page->name, step);
	topology->coherent_at = VIRT_RAM + ((unsigned long long)(topology->memory - last) << 20);
	return MB_OK;
}

int lab_topology_read(const char *name, struct lab_topology *topology)
{
	char *path;
	const char *base;
	size_t length;
	int status = mb_config_find("topologies", name, &path);

	*topology = (struct lab_topology){ 0 };
	if (status)
		return status;
	status = lab_config_read(path, on_value, topology);
	if (!status)
		status = check(path, topology);
	base = mb_base_name(path);
	length = strlen(base);
	if (length > 4 && !strcmp(base + length - 4, ".ini"))
		length -= 4;
	topology->name = mb_format("%.*s", (int)length, base);
	free(path);
	if (status)
		lab_topology_free(topology);
	return status;
}

void lab_topology_free(struct lab_topology *topology)
{
	free(topology->name);
	free(topology->after);
	free(topology->description);
	*topology = (struct lab_topology){ 0 };
}

/* One socket a node where that is possible, so that caches and nodes agree. */
static void add_cpus(const struct lab_topology *topology, struct mb_list *words)
{
	unsigned long sockets = 0, each = topology->nodes[0].cpus;

	for (size_t i = 0; i < topology->count; i++) {
		if (!topology->nodes[i].cpus)
			continue;
		sockets++;
		if (topology->nodes[i].cpus != each)
			each = 0;
	}
	if (!each) {
		sockets = topology->cpus;
		each = 1;
	}
	mb_list_add(words, "-smp");
	mb_list_add(words, "%lu,sockets=%lu,cores=%lu,threads=1", topology->cpus, sockets, each);
}

/* How fast the firmware says that node @to is, for the CPUs of @from: the same for all. */
static void add_speed(const struct lab_topology *topology, size_t from, size_t to,
		      struct mb_list *words)
{
	const struct lab_node *node = &topology->nodes[to];

	mb_list_add(words, "-numa");
	mb_list_add(words,
		    "hmat-lb,initiator=%zu,target=%zu,hierarchy=memory,data-type=access-latency,"
		    "latency=%lu",
		    from, to, node->latency);
	mb_list_add(words, "-numa");
	mb_list_add(words,
		    "hmat-lb,initiator=%zu,target=%zu,hierarchy=memory,data-type=access-bandwidth,"
		    "bandwidth=%luM",
		    from, to, node->bandwidth);
}

void lab_topology_arguments(const struct lab_topology *topology, struct mb_list *words)
{
	unsigned long cpu = 0;

	add_cpus(topology, words);
	mb_list_add(words, "-m");
	mb_list_add(words, "%luM", topology->memory);
	for (size_t i = 0; i < topology->count; i++) {
		const struct lab_node *node = &topology->nodes[i];

		if (!node->bare) {
			mb_list_add(words, "-object");
			mb_list_add(words, "memory-backend-ram,id=m%zu,size=%luM", i, node->memory);
		}
		mb_list_add(words, "-numa");
		if (node->bare)
			mb_list_add(words, "node,nodeid=%zu,cpus=%lu-%lu", i, cpu,
				    cpu + node->cpus - 1);
		else if (node->cpus)
			mb_list_add(words, "node,nodeid=%zu,cpus=%lu-%lu,memdev=m%zu", i, cpu,
				    cpu + node->cpus - 1, i);
		else
			mb_list_add(words, "node,nodeid=%zu,memdev=m%zu", i, i);
		cpu += node->cpus;
	}
	for (size_t i = 0; i < topology->count; i++)
		for (size_t j = 0; j < topology->nodes[i].distance_count; j++) {
			mb_list_add(words, "-numa");
			mb_list_add(words, "dist,src=%zu,dst=%zu,val=%lu", i, j,
				    topology->nodes[i].distances[j]);
		}
	for (size_t i = 0; i < topology->count && topology->speeds; i++)
		for (size_t j = 0; j < topology->count && topology->nodes[i].cpus; j++)
			if (!topology->nodes[j].bare)
				add_speed(topology, i, j, words);
}
