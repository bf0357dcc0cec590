// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab: the table of its subcommands. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/campaign/run.h"
#include "lab/commands.h"
#include "lab/kernel/list.h"
#include "lab/patch/ab.h"
#include "lab/patch/bisect.h"
#include "lab/profile/command.h"
#include "lab/vm/exec.h"
#include "lab/vm/qemu.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "kernel", lab_kernel_main, "build, list and remove the kernels that the lab boots" },
	{ "qemu", lab_qemu_main, "fetch and list the QEMUs that run its virtual machines" },
	{ "run", lab_run_main, "measure a suite in virtual machines and write a run file" },
	{ "exec", lab_exec_main, "run one command in a virtual machine" },
	{ "profile", lab_profile_main, "where a point's instructions go, function by function" },
	{ "ab", lab_ab_main, "build a kernel with and without a patch, and say what it costs" },
	{ "bisect", lab_bisect_main, "say which commit made a point dearer, for git bisect run" },
	{ "shell", lab_shell_main, "an interactive shell in a virtual machine" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(void)
{
	puts("usage: migbench lab COMMAND [OPTION]…\n"
	     "Kernels built for the purpose, booted in virtual machines.\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].summary);
	puts("\nmigbench lab COMMAND --help shows a command's options.");
}

/* make runs elsewhere, where a relative path would mean another place. */
static void make_cache_absolute(void)
{
	const char *set = getenv("MIGBENCH_CACHE");
	char here[PATH_MAX], *full;

	if (!set || !*set || *set == '/' || !getcwd(here, sizeof(here)))
		return;
	full = mb_format("%s/%s", here, set);
	setenv("MIGBENCH_CACHE", full, 1);
	free(full);
}

int lab_main(int argc, char **argv)
{
	if (argc < 2)
		return mb_fail(MB_REQUEST, "lab: a command is missing; see migbench lab --help");
	if (!strcmp(argv[1], "--help")) {
		usage();
		return MB_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		int status;

		if (strcmp(argv[1], commands[i].name))
			continue;
		make_cache_absolute();
		lab_catch_signals();
		status = commands[i].run(argc - 1, argv + 1);
		if (lab_interrupted) {
			mb_fail(MB_MACHINE, "lab %s: interrupted", argv[1]);
			lab_end_by_signal(lab_interrupted);
		}
		return status;
	}
	return mb_fail(MB_REQUEST, "lab: unknown command '%s'; see migbench lab --help", argv[1]);
}
