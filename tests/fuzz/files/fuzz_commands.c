// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: whole commands on one run file, or on two with a line "%%" between them. */
#include <getopt.h>
#include <stdlib.h>

#include "analysis/commands.h"
#include "core/status.h"
#include "tests/fuzz/files/file.h"

#define WORDS 6

static const struct {
	int (*run)(int argc, char **argv);
	int files;
	const char *words[WORDS];
} commands[] = {
	{ analysis_compare, 2, { "compare", "--format", "text" } },
	{ analysis_compare, 2, { "compare", "--format", "md" } },
	{ analysis_compare, 2, { "compare", "--format", "csv" } },
	{ analysis_compare, 2, { "compare", "--format", "json" } },
	{ analysis_compare, 2, { "compare", "--format", "lkml" } },
	{ analysis_compare, 2, { "compare", "--trend", "--metric", "total:p99" } },
	{ analysis_advise, 1, { "advise" } },
	{ analysis_advise, 1, { "advise", "--format", "json" } },
	{ analysis_export, 1, { "export", "--format", "csv" } },
	{ analysis_export, 1, { "export", "--format", "benchstat" } },
	{ analysis_export, 1, { "export", "--format", "otava" } },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS + 3] = { 0 };
	size_t which, length;
	int argc = 0, status;

	if (!size)
		return 0;
	which = *data % COMMANDS;
	data++, size--;
	while (commands[which].words[argc]) {
		argv[argc] = (char *)(uintptr_t)commands[which].words[argc];
		argc++;
	}
	for (int i = 0; i < commands[which].files; i++) {
		const uint8_t *piece = fuzz_piece(&data, &size, &length);

		argv[argc++] = (char *)(uintptr_t)fuzz_file((unsigned int)i, piece, length);
	}
	optind = 0;
	status = commands[which].run(argc, argv);
	fuzz_heard(status == MB_BAD ? MB_OK : status);
	return 0;
}
