// SPDX-License-Identifier: GPL-2.0-or-later
/* Topologies after machines: what QEMU is told of made-up ones, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test_lab_topology.h"

static char folder[] = "/tmp/migbench-test-XXXXXX", path[64];

/* An XML file of hwloc's synthetic machine, changed by @change. */
static void make(const char *synthetic, void (*change)(hwloc_topology_t))
{
	hwloc_topology_t hwloc;

	assert_int_equal(hwloc_topology_init(&hwloc), 0);
	assert_int_equal(hwloc_topology_set_synthetic(hwloc, synthetic), 0);
	assert_int_equal(hwloc_topology_load(hwloc), 0);
	if (change)
		change(hwloc);
	assert_int_equal(hwloc_topology_export_xml(hwloc, path, 0), 0);
	hwloc_topology_destroy(hwloc);
}

static void set_distances(hwloc_topology_t hwloc, const hwloc_uint64_t *values)
{
	unsigned int count = (unsigned int)hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_NUMANODE);
	hwloc_distances_add_handle_t handle = hwloc_distances_add_create(
		hwloc, "NUMALatency",
		HWLOC_DISTANCES_KIND_FROM_USER | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);
	hwloc_obj_t nodes[8];
	hwloc_uint64_t copy[64];

	assert_non_null(handle);
	memcpy(copy, values, count * count * sizeof(*copy));
	for (unsigned int i = 0; i < count; i++)
		nodes[i] = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, i);
	assert_int_equal(hwloc_distances_add_values(hwloc, handle, count, nodes, copy, 0), 0);
	assert_int_equal(hwloc_distances_add_commit(hwloc, handle, 0), 0);
}

static void one_way(hwloc_topology_t hwloc)
{
	static const hwloc_uint64_t values[] = { 10, 21, 30, 22, 10, 31, 40, 41, 10 };

	set_distances(hwloc, values);
}

/* All that a VM can show is there as it is, distances of two kinds there and back among it. */
static void test_as_it_is(void **state)
{
	struct qemu qemu;
	char *after;

	(void)state;
	make("numa:3(memory=512MiB) pu:2", one_way);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(qemu.node_cpus[i], 2);
		assert_int_equal(qemu.size[i], 512);
	}
	assert_int_equal(qemu.distances, 9);
	assert_int_equal(qemu.distance[0][1], 21);
	assert_int_equal(qemu.distance[1][0], 22);
	assert_int_equal(qemu.distance[2][1], 41);
	assert_string_equal(after, "after machine.xml");
	free(after);
}

static void nanoseconds(hwloc_topology_t hwloc)
{
	static const hwloc_uint64_t values[] = { 80, 82, 139, 0, 90, 5000, 160, 176, 80 };

	set_distances(hwloc, values);
}

/* Other units become the firmware's, and what it has no word for the nearest that it has. */
static void test_other_distances(void **state)
{
	static const unsigned long want[3][3] = { { 10, 11, 17 }, { 20, 10, 254 }, { 20, 22, 10 } };
	struct qemu qemu;
	char *after;

	(void)state;
	make("numa:3(memory=512MiB) pu:2", nanoseconds);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_memory_equal(qemu.distance[0], want[0], sizeof(want[0]));
	assert_memory_equal(qemu.distance[1], want[1], sizeof(want[1]));
	assert_memory_equal(qemu.distance[2], want[2], sizeof(want[2]));
	assert_non_null(strstr(after, "distances in tenths of the nearest, 80"));
	assert_non_null(strstr(after, "each node equally near to itself"));
	assert_non_null(strstr(after, "2 distances cut to 11 or 254"));
	assert_non_null(strstr(after, "1 distance not known, 20 here"));
	free(after);
}

/* Sizes keep their proportions, but for nodes that would be too small to measure in. */
static void test_scaled(void **state)
{
	struct qemu qemu;
	char *after;

	(void)state;
	make("pack:2 [numa(memory=96GiB)] [numa(memory=1GiB)] pu:24", NULL);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, 4);
	assert_int_equal(qemu.size[0], qemu.size[1]);
	assert_int_equal(qemu.size[2], 64);
	assert_int_equal(qemu.size[3], 64);
	assert_true(qemu.memory > 1000);
	/* The second node of a package has its CPUs in sight only. */
	assert_int_equal(qemu.node_cpus[0], 8);
	assert_int_equal(qemu.node_cpus[1], 8);
	assert_int_equal(qemu.node_cpus[2], 0);
	assert_non_null(strstr(after, " of 198656 MiB, at least 64 a node; 16 of 48 CPUs"));
	assert_non_null(strstr(after, "no distances are known"));
	free(after);
	assert_int_equal(read_file(path, 1, &qemu, &after), MB_OK);
	assert_int_equal(qemu.cpus, 1);
	assert_int_equal(qemu.node_cpus[0], 1);
	assert_non_null(strstr(after, "1 of 48 CPUs"));
	free(after);
}

/* A far node that has memory of another kind and the lower number; one without any memory. */
static void odd_nodes(hwloc_topology_t hwloc)
{
	static const hwloc_uint64_t values[] = { 10, 20, 30, 20, 10, 15, 30, 15, 10 };
	hwloc_obj_t node = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, 0);

	set_distances(hwloc, values);
	node->subtype = strdup("HBM");
	node = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_NUMANODE, 1);
	node->attr->numanode.local_memory = 0;
	hwloc_obj_add_info(hwloc_get_root_obj(hwloc), "DMISysVendor", "Some\tVendor");
	hwloc_obj_add_info(hwloc_get_root_obj(hwloc), "DMIProductName", " Box ");
	hwloc_obj_add_info(hwloc_get_root_obj(hwloc), "HostName", "secret");
}

static void test_odd_nodes(void **state)
{
	struct qemu qemu;
	char *after;

	(void)state;
	make("numa:3(memory=512MiB) pu:2", odd_nodes);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, 2);
	/* Node 2 is the nearest of node 1. */
	assert_int_equal(qemu.node_cpus[0], 2);
	assert_int_equal(qemu.node_cpus[1], 4);
	assert_int_equal(qemu.distance[0][1], 30);
	assert_non_null(strstr(after, "after machine.xml (Some?Vendor Box): HBM as plain memory"));
	assert_non_null(strstr(after, "1 node without memory left out, the nearest has the CPUs"));
	assert_non_null(strstr(after, "its node 2 is 1 here"));
	assert_null(strstr(after, "secret"));
	free(after);
}

static void long_vendor(hwloc_topology_t hwloc)
{
	char vendor[128];

	memset(vendor, 'v', sizeof(vendor) - 1);
	vendor[sizeof(vendor) - 1] = '\0';
	hwloc_obj_add_info(hwloc_get_root_obj(hwloc), "DMISysVendor", vendor);
	hwloc_obj_add_info(hwloc_get_root_obj(hwloc), "DMIProductName", "Box");
}

/* A vendor that leaves no room for the product: the nodes stand right behind the name. */
static void test_long_name(void **state)
{
	struct qemu qemu;
	char *after;

	(void)state;
	make("numa:2(memory=512MiB) pu:2", long_vendor);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, 2);
	assert_non_null(strstr(after, "vvvv)"));
	free(after);
}

static void test_many_nodes(void **state)
{
	struct qemu qemu;
	char *after;

	(void)state;
	make("numa:70(memory=8GiB) pu:4", NULL);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, LAB_MAX_NODES);
	assert_int_equal(qemu.cpus, 16);
	assert_int_equal(qemu.node_cpus[15], 1);
	assert_int_equal(qemu.node_cpus[16], 0);
	assert_non_null(strstr(after, "6 nodes left out, 64 are the most"));
	free(after);
}

static void write_file(const char *text, size_t length)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
}

static void test_refused(void **state)
{
	static const char *const texts[] = { "", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
					     "[node 0]\ncpus = 1\nmemory = 512M\n", "<topology" };
	struct qemu qemu;
	char *after, *whole;
	size_t length;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file(texts[i], strlen(texts[i]));
		assert_int_equal(read_file(path, 16, &qemu, &after), MB_REQUEST);
	}
	/* Cut anywhere it is refused; what hwloc still takes is a whole topology. */
	make("numa:2(memory=1GiB) core:2 pu:2", NULL);
	whole = mb_read_file(path, &length);
	assert_non_null(whole);
	for (size_t cut = 0; cut < length; cut += 499) {
		write_file(whole, cut);
		if (read_file(path, 16, &qemu, &after) == MB_OK)
			assert_int_equal(qemu.nodes, 2);
		free(after);
	}
	free(whole);
	unlink(path);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_REQUEST);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_REQUEST);
	unlink(path);
	write_file("<topology version=\"2.0\">", 24);
	assert_int_equal(truncate(path, 1L << 30), 0);
	assert_int_equal(read_file(path, 16, &qemu, &after), MB_REQUEST);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/machine.xml", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return mb_remove_tree(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_it_is),   cmocka_unit_test(test_other_distances),
		cmocka_unit_test(test_scaled),	   cmocka_unit_test(test_odd_nodes),
		cmocka_unit_test(test_many_nodes), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
