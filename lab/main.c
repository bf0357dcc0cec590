// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab: the table of its subcommands. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/command.h"
#include "core/status.h"
#include "lab/base/interrupted.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/campaign/run.h"
#include "lab/commands.h"
#include "lab/fleet/command.h"
#include "lab/kernel/list.h"
#include "lab/patch/ab.h"
#include "lab/patch/bisect.h"
#include "lab/patch/gate.h"
#include "lab/profile/command.h"
#include "lab/vm/arch_fetch.h"
#include "lab/vm/exec.h"
#include "lab/vm/qemu.h"

static const struct mb_command commands[] = {
	{ "kernel", lab_kernel_main, "build, list and remove the kernels that the lab boots" },
	{ "arch", lab_arch_main,
	  "fetch what guests of another architecture are built with and run on" },
	{ "qemu", lab_qemu_main, "fetch and list the QEMUs that run its virtual machines" },
	{ "run", lab_run_main, "measure a suite in virtual machines and write a run file" },
	{ "exec", lab_exec_main, "run one command in a virtual machine" },
	{ "profile", lab_profile_main, "where a point's instructions go, function by function" },
	{ "ab", lab_ab_main, "build a kernel with and without a patch, and say what it costs" },
	{ "bisect", lab_bisect_main,
	  "say which commit made a point more expensive, for git bisect run" },
	{ "gate", lab_gate_main, "judge a kernel tree for a CI: build, boot, measure, compare" },
	{ "campaign", lab_campaign_main, "many kernels, topologies and suites, as one file says" },
	{ "shell", lab_shell_main, "an interactive shell in a virtual machine" },
	{ 0 },
};

static const struct mb_group lab = {
	.name = "lab",
	.summary = "Kernels built for the purpose, booted in virtual machines.",
	.commands = commands,
};

/* make runs elsewhere, where a relative path would mean another place. */
static void make_absolute(const char *variable)
{
	const char *set = getenv(variable);
	char here[PATH_MAX], *full;

	if (!set || !*set || *set == '/' || !getcwd(here, sizeof(here)))
		return;
	full = mb_format("%s/%s", here, set);
	setenv(variable, full, 1);
	free(full);
}

int lab_main(int argc, char **argv)
{
	struct mb_list words = { 0 };
	/* Of several, the one that the user started speaks. */
	bool alone = !getenv(LAB_CHILD);
	int status;

	for (int i = 0; i < argc; i++)
		mb_list_add(&words, "%s", argv[i]);
	make_absolute("MIGBENCH_CACHE");
	make_absolute("TMPDIR");
	lab_catch_signals();
	status = mb_dispatch(&lab, argc, argv);
	if (lab_interrupted) {
		if (alone)
			lab_interrupted_say(argc, words.at);
		lab_end_by_signal(lab_interrupted);
	}
	mb_list_free(&words);
	return status;
}
