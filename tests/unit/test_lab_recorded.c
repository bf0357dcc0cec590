// SPDX-License-Identifier: GPL-2.0-or-later
/* Topologies after machines as hwloc records them: tests/machines/, and its authors' own, where these are at hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/test_lab_topology.h"

struct recorded {
	const char *name;
	unsigned long nodes, cpus, with_cpus; /* with_cpus: nodes that have some */
	bool distances;
	const char *after;
};

/*
 * Made by hwloc of its synthetic machines, of 20 nodes with a CPU each and of two packages with two kinds of CPUs and
 * memory; the second is written by hand.
 */
static const struct recorded ours[] = {
	{ "ring", 20, 16, 16, true, "ring.xml (Example Ring): 3040 of 163840 MiB; 16 of 20 CPUs" },
	{ "numbers", 3, 3, 2, true,
	  "without 1 more CPU that was not in use; its nodes 1, 2, 5 are 0 to 2 here" },
	{ "kinds", 4, 16, 2, false,
	  "MCDRAM as plain memory; no bandwidths and latencies; all CPUs of one kind" },
};

/* hwloc's own recordings of machines; the figures as lstopo shows them, and what a VM can have. */
static const struct recorded recordings[] = {
	{ "16-2gr2gr2n2c+misc", 8, 16, 8, false, "no distances are known" },
	{ "16amd64-4distances", 8, 16, 8, true, "(TYAN Computer Corp S4881)" },
	{ "16amd64-8n2c-cpusets", 5, 4, 3, true, "its nodes 1, 2, 3, 4, 5 are 0 to 4 here" },
	{ "16em64t-4s2c2t-offlines", 1, 7, 1, false, "without 9 more CPUs that were not in use" },
	{ "16intel64-manyVFs", 2, 16, 2, false, "of 131037 MiB" },
	{ "192em64t-24n8c2t", 24, 16, 16, true, "16 of 384 CPUs" },
	{ "24em64t-2n6c2t-pci", 2, 16, 2, true, "(HP ProLiant SL390s G7)" },
	{ "64intel64-3g2n+2n-irregulargroups+pci", 8, 16, 8, true, "(SGI UV2000)" },
	{ "64intel64-fakeKNL-SNC4-hybrid", 8, 16, 4, false, "MCDRAM as plain memory" },
	{ "8intel64-4n2t-memattrs", 4, 8, 4, false, "no bandwidths and latencies" },
	{ "8intel64-fakeKNL-A2A-hybrid.rootattachednumas", 2, 8, 1, false, "MCDRAM as plain" },
	{ "96em64t-4n4d3ca2co-pci", 4, 16, 4, true, "16 of 96 CPUs" },
	{ "fakecpukinds", 1, 4, 1, false, "all CPUs of one kind" },
	{ "fakeheterodistances", 8, 8, 8, true, "(AMD DRACHMA)" },
	{ "power8gpudistances", 2, 16, 2, true, "of 130661 MiB" },
};

/* The distances between nodes as the file itself has them, row after row. How many. */
static size_t file_distances(const char *file, unsigned long *values, size_t most)
{
	char *text = mb_read_file(file, NULL), *at, *end;
	size_t count = 0;

	assert_non_null(text);
	at = strstr(text, "<distances2 type=\"NUMANode\"");
	end = at ? strstr(at, "</distances2>") : NULL;
	while (end && (at = strstr(at, "<u64values")) && at < end) {
		at = strchr(at, '>') + 1;
		for (char *next; count < most; at = next) {
			values[count] = strtoul(at, &next, 10);
			if (next == at)
				break;
			count++;
		}
	}
	free(text);
	return count;
}

static void check_distances(const char *file, const struct qemu *qemu)
{
	unsigned long values[LAB_MAX_NODES * LAB_MAX_NODES];
	size_t count = file_distances(file, values, LAB_MAX_NODES * LAB_MAX_NODES);

	assert_int_equal(qemu->distances, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(qemu->distance[i / qemu->nodes][i % qemu->nodes], values[i]);
}

static void check_recorded(const char *file, const struct recorded *recorded)
{
	unsigned long with_cpus = 0;
	struct qemu qemu;
	char *after;

	assert_int_equal(read_file(file, 16, &qemu, &after), MB_OK);
	for (size_t i = 0; i < qemu.nodes; i++)
		with_cpus += qemu.node_cpus[i] > 0;
	print_message("%s\n", after);
	assert_int_equal(qemu.nodes, recorded->nodes);
	assert_int_equal(qemu.cpus, recorded->cpus);
	assert_int_equal(with_cpus, recorded->with_cpus);
	assert_int_equal(qemu.distances > 0, recorded->distances);
	check_distances(file, &qemu);
	assert_non_null(strstr(after, recorded->after));
	free(after);
	/* The instruction clock's. */
	assert_int_equal(read_file(file, 1, &qemu, &after), MB_OK);
	assert_int_equal(qemu.nodes, recorded->nodes);
	assert_int_equal(qemu.cpus, 1);
	free(after);
}

static void test_ours(void **state)
{
	const char *source = getenv("MIGBENCH_SOURCE");

	(void)state;
	assert_non_null(source); /* ctest sets it */
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		char *file = mb_format("%s/tests/machines/%s.xml", source, ours[i].name);

		check_recorded(file, &ours[i]);
		free(file);
	}
}

/* They are no part of the tree: whoever has them puts them beside it. */
static void test_recorded(void **state)
{
	const char *source = getenv("MIGBENCH_SOURCE");
	size_t found = 0;

	(void)state;
	for (size_t i = 0; source && i < sizeof(recordings) / sizeof(recordings[0]); i++) {
		char *file = mb_format("%s/../shared/hwloc/%s.xml", source, recordings[i].name);

		if (mb_exists(file)) {
			check_recorded(file, &recordings[i]);
			found++;
		}
		free(file);
	}
	print_message("%zu of hwloc's own recordings are at hand in ../shared/hwloc\n", found);
	if (!found)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ours),
					    cmocka_unit_test(test_recorded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
