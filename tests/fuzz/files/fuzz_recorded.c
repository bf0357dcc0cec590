// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: a machine as any XML might describe it, made small enough for a virtual one. */
#include <stdlib.h>
#include <string.h>

#include "lab/vm/recorded_fit.h"
#include "tests/fuzz/files/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lab_recorded machine;
	struct lab_topology topology = { 0 };
	struct mb_list words = { 0 };
	unsigned long memory = 0, cpus = 0, most;

	memset(&machine, 0, sizeof(machine));
	memcpy(&machine, data, size < sizeof(machine) ? size : sizeof(machine));
	/* What lab_recorded_read() and hwloc's own types see to. */
	machine.count = machine.count % LAB_MAX_NODES + 1;
	machine.name[sizeof(machine.name) - 1] = machine.kinds[sizeof(machine.kinds) - 1] = '\0';
	machine.distances = size & 1;
	machine.attributes = size & 2;
	machine.cpu_kinds = size & 4;
	for (size_t i = 0; i < machine.count; i++)
		machine.nodes[i].cpus %= 1UL << 32;
	most = size % 3 ? LAB_MAX_MEMORY : 512;
	free(lab_recorded_fit(&machine, LAB_MAX_CPUS, most, &topology));
	for (size_t i = 0; i < topology.count; i++) {
		memory += topology.nodes[i].memory;
		cpus += topology.nodes[i].cpus;
		if (topology.nodes[i].memory < LAB_MIN_MEMORY)
			abort();
	}
	if (cpus < 1 || cpus > LAB_MAX_CPUS || cpus != topology.cpus || memory != topology.memory)
		abort();
	lab_topology_arguments(&topology, &words);
	mb_list_free(&words);
	return 0;
}
