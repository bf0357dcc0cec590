// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: topologies in INI, and QEMU's words for them. */
#include "lab/vm/topology.h"
#include "tests/fuzz/files/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lab_topology topology;
	struct mb_list words = { 0 };
	int status = lab_topology_read(fuzz_file(0, data, size), &topology);

	fuzz_heard(status);
	if (!status)
		lab_topology_arguments(&topology, &words);
	mb_list_free(&words);
	if (!status)
		lab_topology_free(&topology);
	return 0;
}
