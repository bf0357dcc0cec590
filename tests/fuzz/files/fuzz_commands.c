// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: whole commands on one run file, or on two with a line "%%" between them. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/commands.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/temporary.h"
#include "tests/fuzz/files/file.h"

#define WORDS 6

int __wrap_posix_spawnp(pid_t *pid, const char *name, const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attributes, char *const *argv,
			char *const *environ);

/* Where reports go. */
static char folder[PATH_MAX], page[PATH_MAX];

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
	{ analysis_check_run, 1, { "check-run" } },
	{ analysis_report, 2, { "report", "--force", "--out", folder } },
	{ analysis_report, 2, { "report", "--format=html", "--force", "--out", page } },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* gnuplot is not installed: it is another program's code, and takes its time. */
int __wrap_posix_spawnp(pid_t *pid, const char *name, const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attributes, char *const *argv,
			char *const *environ)
{
	(void)pid, (void)name, (void)actions, (void)attributes, (void)argv, (void)environ;
	return ENOENT;
}

static void name_places(void)
{
	char *scratch = lab_temporary();

	if (!scratch)
		abort();
	snprintf(folder, sizeof(folder), "%s/report", scratch);
	snprintf(page, sizeof(page), "%s/page.html", scratch);
	free(scratch);
}

/* A page is read on a terminal, too. */
static void look_at(const char *path)
{
	size_t length;
	char *text = mb_read_file(path, &length);

	if (text)
		fwrite(text, 1, length, fuzz_out());
	free(text);
	mb_remove_tree(path);
}

static void look_at_report(void)
{
	char *inside = mb_format("%s/report", folder), *first = mb_format("%s/REPORT.md", folder);
	struct mb_list names = { 0 };

	mb_names_in(inside, ".md", &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = mb_format("%s/%s.md", inside, names.at[i]);

		look_at(path);
		free(path);
	}
	look_at(first);
	look_at(page);
	mb_remove_tree(folder);
	mb_list_free(&names);
	free(inside);
	free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS + 3] = { 0 };
	size_t which, length;
	int argc = 0, status;

	if (!size)
		return 0;
	if (!*folder)
		name_places();
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
	if (commands[which].run == analysis_report)
		look_at_report();
	fuzz_heard(status == MB_BAD ? MB_OK : status);
	return 0;
}
