// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: the reader of run files. */
#include "analysis/run/read.h"
#include "tests/fuzz/files/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct an_run *run = NULL;
	int status = an_run_read(fuzz_file(0, data, size), &run);

	fuzz_heard(status);
	an_run_free(run);
	return 0;
}
