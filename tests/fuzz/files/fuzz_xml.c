// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: topologies in hwloc's XML, read by a process of its own as ever, and what is made of them. */
#include <stdlib.h>

#include "lab/vm/recorded_fit.h"
#include "tests/fuzz/files/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lab_recorded machine;
	struct lab_topology topology = { 0 };
	struct mb_list words = { 0 };
	int status = lab_recorded_read(fuzz_file(0, data, size), &machine);

	fuzz_heard(status);
	if (status)
		return 0;
	free(lab_recorded_fit(&machine, LAB_MAX_CPUS, LAB_MAX_MEMORY, &topology));
	lab_topology_arguments(&topology, &words);
	mb_list_free(&words);
	return 0;
}
