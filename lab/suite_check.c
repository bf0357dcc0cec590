// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "lab/files.h"
#include "lab/spawn.h"
#include "lab/suite_check.h"

int lab_suite_check(const char *suite, const char *clock_name, const char *only,
		    const struct mb_strings *set)
{
	struct lab_list words = { 0 };
	struct lab_spawn how = { .in = -1, .out = -1, .err = 2 };
	int status;

	lab_list_add(&words, "/proc/self/exe");
	lab_list_add(&words, "run");
	lab_list_add(&words, "--check");
	lab_list_add(&words, "--suite=%s", suite);
	lab_list_add(&words, "--clock=%s", clock_name);
	if (only)
		lab_list_add(&words, "--only=%s", only);
	for (size_t i = 0; i < set->count; i++)
		lab_list_add(&words, "--set=%s", set->at[i]);
	how.argv = words.at;
	status = lab_run_program(&how);
	if (status < 0 && !lab_interrupted)
		status = mb_fail(MB_MACHINE, "lab run: cannot start migbench run: %m");
	else if (status > MB_MACHINE)
		status = mb_fail(MB_MACHINE, "lab run: migbench run --check ended with status %d",
				 status);
	lab_list_free(&words);
	return status < 0 ? MB_MACHINE : status;
}

const char *lab_suite_name(const char *suite, char name[128])
{
	const char *base = lab_base_name(suite);
	size_t length = strlen(base);

	if (length > 4 && !strcmp(base + length - 4, ".ini"))
		length -= 4;
	snprintf(name, 128, "%.*s", (int)length, base);
	return name;
}
