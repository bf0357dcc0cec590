// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab ab: two kernels built, booted in turn, compared, and profiled where they differ. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/options.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/base/timings.h"
#include "lab/campaign/program.h"
#include "lab/kernel/cache.h"
#include "lab/patch/ab.h"
#include "lab/patch/ab_plan.h"
#include "lab/patch/folder.h"
#include "lab/patch/going.h"
#include "lab/patch/machine.h"

#define MAX_PROFILES 100
#define PROFILES 3

static int open_folder(const struct lab_ab *ab, char **folder)
{
	char *what = mb_format("ab-%s", ab->name[1]);
	int status = lab_result_folder(ab->out, what, ab->force, folder);

	free(what);
	return status;
}

/* lab kernel build finds out by itself what there is to do. */
static int build(const struct lab_ab *ab, size_t which, const char *patches)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "lab", "kernel");
	mb_list_add(&words, "build");
	mb_list_add(&words, "%s", ab->config);
	mb_list_add(&words, "--name=%s", ab->name[which]);
	if (ab->source)
		mb_list_add(&words, "--source=%s", ab->source);
	if (ab->jobs)
		mb_list_add(&words, "--jobs=%lu", ab->jobs);
	if (which)
		mb_list_add(&words, "--patch=%s", patches);
	if (which && ab->reverse)
		mb_list_add(&words, "--reverse");
	if (ab->quiet)
		mb_list_add(&words, "--quiet");
	return lab_self_run(&words, 1);
}

/* Both, B from the patches as they were read: the standard input can't be read again. */
static int build_both(const struct lab_ab *ab)
{
	char *patches = lab_temporary();
	int status = MB_OK;

	if (!patches)
		status = MB_MACHINE;
	else if (lab_patches_store(&ab->patches, patches))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", patches);
	for (size_t i = 0; !status && i < 2; i++)
		status = build(ab, i, patches);
	free(patches);
	return status;
}

/* Another lab ab may build another patch of the same name while this one measures. */
static int hold_both(struct lab_ab *ab)
{
	int status = MB_OK;

	for (size_t i = 0; !status && i < 2 && !ab->exactly[i]; i++) {
		struct lab_kernel kernel;

		status = lab_kernel_find(ab->name[i], &kernel);
		if (!status)
			ab->exactly[i] = lab_kernel_exactly(&kernel);
		lab_kernel_free(&kernel);
	}
	return status;
}

static int measure(const struct lab_ab *ab, const char *folder)
{
	struct lab_going going = { .folder = folder,
				   .name = "run",
				   .suite = ab->suite,
				   .program = ab->program,
				   .adds = &ab->adds,
				   .force = ab->force };
	struct mb_list words = { 0 };
	double began = lab_timing_now();
	bool anew;
	char *key;
	int status;

	lab_self_begin(&words, "lab", "run");
	mb_list_add(&words, "--kernel=%s,%s", ab->exactly[0], ab->exactly[1]);
	mb_list_add(&words, "--clock=%s", ab->clock);
	mb_list_add(&words, "--boots=%lu", ab->boots);
	mb_list_add(&words, "--out=%s/run.jsonl", folder);
	if (ab->only)
		mb_list_add(&words, "--only=%s", ab->only);
	lab_self_words(&words, ab->suite, ab->topology, &ab->set, ab->quiet);
	for (size_t i = 0; i < 2; i++)
		mb_list_add(&going.kernels, "%s", ab->name[i]);
	status = lab_going_begin(&going, &words);
	anew = !strcmp(words.at[words.count - 1], "--force");
	lab_program_words(ab->program, &ab->adds, &words);
	if (!status)
		status = lab_self_run(&words, -1);
	mb_list_free(&words);
	mb_list_free(&going.kernels);
	if (!status && anew && !ab->only && !ab->set.count && !ab->program) {
		key = lab_timing_boot(ab->suite, ab->clock);
		lab_timing_note(key, (lab_timing_now() - began) / (2 * (double)ab->boots));
		free(key);
	}
	return status;
}

/* The patches into @folder, in which nothing older may be taken for them. */
static int keep_patches(const struct lab_ab *ab, const char *folder)
{
	char *path = mb_format("%s/" LAB_AB_PATCHES, folder);
	int status = mb_remove_tree(path);

	if (!status && ab->patches.count)
		status = mb_make_folders(path) || lab_patches_store(&ab->patches, path);
	if (status)
		status = mb_fail(MB_MACHINE, "%s: %m", path);
	free(path);
	return status;
}

static int run(struct lab_ab *ab, const char *folder)
{
	int status = MB_OK, worst;

	lab_ab_print_plan(ab);
	if (ab->config)
		status = build_both(ab);
	if (!status)
		status = hold_both(ab);
	if (status)
		return status;
	/* Bad news of a boot is no reason to keep the figures back. */
	worst = measure(ab, folder);
	if (worst > MB_BAD)
		return worst;
	status = keep_patches(ab, folder);
	if (!status)
		status = lab_ab_answer(ab, folder);
	if (status <= MB_BAD)
		status = status > worst ? status : worst;
	return status;
}

/* Where the files go, and over what, is no part of the question; what a program takes is. */
static void keep_command(struct mb_list *words, int argc, char *const *argv)
{
	bool program = false;

	mb_list_add(words, "migbench");
	mb_list_add(words, "lab");
	mb_list_add(words, "ab");
	for (int i = 1; i < argc; i++) {
		program = program || !strcmp(argv[i], "--");
		if (!program && lab_self_option(argv[i], "--out"))
			i += !strchr(argv[i], '='); /* its value is a word of its own */
		else if (program || !lab_self_option(argv[i], "--force"))
			mb_list_add(words, "%s", argv[i]);
	}
}

int lab_ab_main(int argc, char **argv)
{
	struct lab_ab ab = { .clock = "insns", .profiles = PROFILES };
	const struct mb_option options[] = {
		MB_HEADING("The two kernels"),
		{ "kernel", "NAME|A,B",
		  "the kernel to patch, of another architecture as in 6.1-arm64-64k, or two that are built",
		  MB_OPT_STRING, &ab.kernels, 0, 0 },
		{ "source", "DIR",
		  "a kernel tree to patch; --kernel then only gives the configuration",
		  MB_OPT_STRING, &ab.source, 0, 0 },
		{ "patch", "FILE|DIR|-",
		  "what B has and A has not: a patch, a mail or a folder of them, or - "
		  "for stdin; can be repeated",
		  MB_OPT_STRINGS, &ab.patch_files, 0, 0 },
		{ "reverse", NULL,
		  "A has the patch and B is without it: what one that was merged costs",
		  MB_OPT_FLAG, &ab.reverse, 0, 0 },
		LAB_OPT_JOBS(&ab.jobs),
		{ "dry-run", NULL,
		  "check that all is right and that the patches apply; build nothing", MB_OPT_FLAG,
		  &ab.dry_run, 0, 0 },
		MB_HEADING("What is measured"),
		LAB_OPT_SUITE(&ab.suite, "quick"),
		LAB_OPT_ONLY(&ab.only),
		LAB_OPT_SET(&ab.set),
		LAB_OPT_ADD(&ab.adds),
		MB_HEADING("How it is measured"),
		{ "clock", "insns|time", "the clock", MB_OPT_STRING, &ab.clock, 0, 0 },
		LAB_OPT_BOOTS(&ab.boots),
		LAB_OPT_TOPOLOGY(&ab.topology,
				 LAB_TOPOLOGY_INSNS "; with the clock time " LAB_TOPOLOGY_TIME),
		MB_HEADING("What a change means"),
		{ "margin", "PCT",
		  "a change within PCT percent either way counts as none (default: 2 "
		  "with the clock time, 0.1 with insns)",
		  MB_OPT_STRING, &ab.margin, 0, 0 },
		{ "profile", "N",
		  "how many of the points that changed are profiled, the largest change first",
		  MB_OPT_NUMBER, &ab.profiles, 0, MAX_PROFILES },
		{ "memory", "N",
		  "of how many points the memory that they touch is compared, too: those that "
		  "changed, then others (default: 0)",
		  MB_OPT_NUMBER, &ab.memories, 0, MAX_PROFILES },
		{ "git", "TREE",
		  "name the commits between the two kernels that touch the functions of a change",
		  MB_OPT_STRING, &ab.git, 0, 0 },
		{ "range", "A..B",
		  "the commits to look at (default: those between the tags of the "
		  "kernels' versions)",
		  MB_OPT_STRING, &ab.range, 0, 0 },
		{ "fail-on", "VERDICT",
		  "exit with 1 if a point has this verdict (slower, faster, "
		  "inconclusive), or is missing; can be repeated",
		  MB_OPT_STRINGS, &ab.fail_on, 0, 0 },
		MB_HEADING("Where it goes"),
		{ "out", "DIR",
		  "the folder for the run files and what follows (default: a new one in "
		  "results/local/)",
		  MB_OPT_STRING, &ab.out, 0, 0 },
		{ "force", NULL, "replace what is in that folder", MB_OPT_FLAG, &ab.force, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &ab.quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab ab",
		.needs = "(--patch FILE|DIR|- | --kernel A,B)",
		.operands = LAB_OPERANDS_PROGRAM,
		.summary = "Say what a patch costs: build the kernel with and without it, "
			   "boot both in turn, compare all points of a suite, and profile "
			   "those that changed. With a program of your own: what it "
			   "executes on both, from exec to exit or between marks that it "
			   "sets (migbench/mark.h).",
		.example = "migbench lab ab --kernel 6.1 --patch my.patch",
		.max_operands = INT_MAX,
		.command_follows = true,
	};
	char *folder = NULL;
	int first, status;

	keep_command(&ab.command, argc, argv);
	status = mb_options(&usage, options, argc, argv, &first);
	if (status != MB_PARSED) {
		lab_ab_free(&ab);
		return status;
	}
	status = lab_program_take("lab ab", argv + first, &ab.adds, ab.clock, &ab.program);
	if (!ab.suite)
		ab.suite = ab.program ? LAB_PROGRAM_SUITE : "quick";
	if (!status)
		status = lab_ab_plan(&ab);
	if (!status && !ab.dry_run)
		status = open_folder(&ab, &folder);
	if (!status)
		status = lab_ab_try_patches(&ab);
	/* What can't boot need not be built. */
	if (!status && ab.config && !strcmp(ab.clock, "insns"))
		status = lab_patch_machine(ab.topology, ab.config);
	if (!status && ab.dry_run && ab.patches.count)
		puts("What --patch names applies; nothing is built.");
	if (!status && ab.dry_run)
		lab_ab_print_plan(&ab);
	else if (!status)
		status = run(&ab, folder);
	/* A folder with nothing in it would only stand in the way. */
	if (folder && rmdir(folder))
		lab_going_end(folder, status);
	free(folder);
	lab_ab_free(&ab);
	return status;
}
