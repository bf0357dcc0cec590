// SPDX-License-Identifier: GPL-2.0-or-later
/* The program's entry: one table of subcommands; each command's code lives in its own room. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/commands.h"
#include "bench/commands.h"
#include "cli/complete.h"
#include "cli/doctor.h"
#include "cli/manual.h"
#include "cli/observe.h"
#include "core/command.h"
#include "core/status.h"
#include "lab/commands.h"

static const struct mb_command commands[] = {
	{ "list", bench_list, "benchmarks, their parameters and units" },
	{ "doctor", cli_doctor, "what this machine, kernel and user can and cannot measure" },
	{ "topo", bench_topo, "nodes, distances, CPUs and caches of this machine" },
	{ "run", bench_run, "measure a suite here and write a run file" },
	{ "observe", cli_observe, "what a live driver migrates, seen from outside" },
	{ "probe", bench_probe, "how the running kernel behaves, commit by commit" },
	{ "compare", analysis_compare, "say which points of two runs are faster or slower" },
	{ "advise", analysis_advise, "say which batch size to use, from a batch sweep" },
	{ "report", analysis_report, "draw run files and say what they mean" },
	{ "check-run", analysis_check_run,
	  "say whether others can trust a run file, and repeat it" },
	{ "export", analysis_export, "write a run in the format of another program" },
	{ "selftest", analysis_selftest,
	  "how often a comparison is wrong, on runs of known truth" },
	{ "load", bench_load, "load the helper module into the running kernel, only when told" },
	{ "unload", bench_unload, "take it out again" },
	{ "lab", lab_main, "build kernels, and measure in virtual machines" },
	{ 0 },
};

static const struct mb_group program = {
	.name = "",
	.summary = "Measures page migration between a process and device memory in Linux.",
	.footer =
		"; the manual is migbench(1).\n"
		"Exit status: 0 done; 1 done, and the answer is bad news; 2 the request is wrong;\n"
		"3 this machine can't do it.",
	.commands = commands,
};

/*
 * Who closes a standard descriptor leaves its number to the next file that is opened, and error lines would go into a
 * run file that has become stderr. Opened for reading, as no result may vanish: writing fails as it would have.
 */
static void take_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= STDIN_FILENO && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	char help[] = "--help";
	int status;

	take_standard_descriptors();
	/* A file that may not grow (ulimit -f) is met as a full disk is, with words. */
	signal(SIGXFSZ, SIG_IGN);
	/* Whoever starts us may ignore it, and the kernel would tell us of no child's end. */
	signal(SIGCHLD, SIG_DFL);

	if (argc > 1 && !strcmp(argv[1], "help"))
		argv[1] = help;
	/* Two that no user types: for cli/migbench.bash, and for the build. */
	if (argc > 1 && !strcmp(argv[1], "complete"))
		status = cli_complete(&program, argc - 2, argv + 2);
	else if (argc > 1 && !strcmp(argv[1], "manual"))
		status = cli_manual(&program, argc - 2, argv + 2);
	else
		status = mb_dispatch(&program, argc, argv);
	/* A result that stdout could not take is not a result. */
	if (fflush(stdout) || ferror(stdout))
		return mb_fail(MB_MACHINE, "stdout: cannot write: %m");
	return status;
}
