// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: a profile in JSON as the report takes it. */
#include "analysis/report/report.h"
#include "tests/fuzz/files/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mb_strings profiles = { .at = { fuzz_file(0, data, size) }, .count = 1 };
	struct an_report report = { .profiles = &profiles };
	int status = an_profile_check(profiles.at[0]);

	fuzz_heard(status);
	if (!status)
		an_report_profiles(fuzz_out(), &report);
	fuzz_heard(0);
	return 0;
}
