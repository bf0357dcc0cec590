// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab bisect: one commit built, booted, measured and judged, for git bisect run. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/options.h"
#include "lab/base/spawn.h"
#include "lab/base/timings.h"
#include "lab/campaign/program.h"
#include "lab/kernel/place.h"
#include "lab/patch/bisect.h"
#include "lab/patch/machine.h"

static int check_words(const struct lab_bisect *b)
{
	if (b->point && b->program)
		return mb_fail(MB_REQUEST, "lab bisect: --point is for suites, not for a program");
	if (!b->point && !b->program)
		return mb_fail(MB_REQUEST, "lab bisect: --point PATTERN is missing, e.g. "
					   "'migrate/batch=512,direction=to-device,*'");
	if (b->above ? b->baseline || b->slower : !b->baseline || !b->slower)
		return mb_fail(MB_REQUEST, "lab bisect: say what is bad: --bad-above N, or "
					   "--baseline RUN and --slower PCT, not both");
	if (!b->good != !b->bad)
		return mb_fail(MB_REQUEST, "lab bisect: --good and --bad go together");
	if (strcmp(b->on, "local") && strcmp(b->on, "slurm"))
		return mb_fail(MB_REQUEST, "lab bisect: --on is local or slurm, not '%s'", b->on);
	if (!b->good && (lab_bisect_is_wide(b) || b->dry_run))
		return mb_fail(MB_REQUEST, "lab bisect: %s goes with --good and --bad",
			       b->dry_run     ? "--dry-run"
			       : b->width > 1 ? "--width"
					      : "--on slurm");
	return MB_OK;
}

/* The folder we are in is a kernel tree, whose files are what its commit says. */
static int check_tree(struct lab_bisect *b)
{
	char here[PATH_MAX], *top, *dirty, *file;
	const char *other = getenv(LAB_BISECT_TREE);
	int status = MB_OK;

	if (!lab_have_program("git"))
		return mb_fail(MB_MACHINE, "git is not installed; on Debian: apt-get install git");
	top = lab_git((const char *const[]){ "rev-parse", "--show-toplevel", NULL });
	dirty = lab_git(
		(const char *const[]){ "status", "--porcelain", "--untracked-files=no", NULL });
	if (!realpath(other ? other : ".", here))
		*here = '\0';
	file = mb_format("%s/Kconfig", here);
	if (!top || strcmp(top, here) || !mb_exists(file))
		status = mb_fail(MB_REQUEST,
				 "lab bisect: %s is not the top folder of a kernel's git tree; go "
				 "there first",
				 here);
	else if (!dirty || *dirty)
		status = mb_fail(MB_REQUEST,
				 "lab bisect: files differ from the commit, which would be blamed "
				 "for them; see git status");
	b->tree = mb_strdup(here);
	free(file);
	free(dirty);
	free(top);
	return status;
}

/* How long it will take, before it does. */
static void foretell(void)
{
	double step = lab_timing(LAB_TIMING_BISECT);
	unsigned long commits, steps;

	if (!lab_git_left(&commits, &steps))
		return;
	/* git counts those after this one. */
	steps++;
	if (step < 0)
		mb_note("%lu commits are left: about %lu builds", commits, steps);
	else
		mb_note("%lu commits are left: about %lu builds, %.0f min, from what the last one "
			"took here",
			commits, steps, ceil(step * (double)steps / 60));
}

static int measure(const struct lab_bisect *b, const char *commit, double *value)
{
	double began = lab_timing_now();
	char *kernel = lab_bisect_kernel(commit);
	bool built = false;
	int status;

	foretell();
	status = lab_bisect_build(b, commit);
	if (!status) {
		built = true;
		status = lab_bisect_measure(b, kernel, value);
	}
	if (!status) {
		lab_timing_note(LAB_TIMING_BISECT, lab_timing_now() - began);
		lab_bisect_note(b, commit, *value);
	} else if (status == LAB_BISECT_SKIP) {
		printf("%.12s  -  skip: it can't be %s\n", commit, built ? "measured" : "built");
	}
	fflush(stdout);
	free(kernel);
	return status;
}

/* After the last verdict: what the first bad commit changed, if both kernels are still there. */
static void conclude(const struct lab_bisect *b, const char *commit, bool is_bad)
{
	char *bad = lab_git_first_bad(commit, is_bad), *older, *parent;

	if (!bad || getenv(LAB_BISECT_DRIVEN)) {
		free(bad);
		return;
	}
	older = mb_format("%s^", bad);
	parent = lab_git_commit(older);
	/* A commit that git takes to be good without our having seen it may not be built. */
	if (parent && lab_bisect_built(b, bad) && lab_bisect_built(b, parent))
		lab_bisect_profile(b, bad, parent);
	else
		printf("For the difference, function by function, run the same command by hand "
		       "with --explain.\n");
	fflush(stdout);
	free(parent);
	free(older);
	free(bad);
}

static int step(const struct lab_bisect *b)
{
	char *commit = lab_git_commit("HEAD");
	double value = commit ? lab_bisect_noted(b, commit) : -1;
	int status = commit ? MB_OK : mb_fail(MB_REQUEST, "lab bisect: git knows no commit here");

	if (!status && value < 0)
		status = measure(b, commit, &value);
	else if (!status)
		mb_say(stderr, "%.12s was measured before: %s", commit, b->notes);
	if (!status) {
		lab_bisect_verdict(b, commit, value);
		lab_bisect_tidy(b, commit, value > b->limit);
		conclude(b, commit, value > b->limit);
		status = value > b->limit ? MB_BAD : MB_OK;
	}
	free(commit);
	return status;
}

static int bisect(struct lab_bisect *b, char **argv)
{
	int status = check_words(b);

	if (!status)
		status = check_tree(b);
	if (!status)
		status = lab_patch_machine(b->topology, b->config);
	if (!status)
		status = lab_bisect_prepare(b);
	if (status)
		return status;
	if (b->dry_run)
		return lab_bisect_foresee(b, argv);
	if (b->explain)
		return lab_bisect_explain(b);
	return b->good ? lab_bisect_drive(b, argv) : step(b);
}

int lab_bisect_main(int argc, char **argv)
{
	struct lab_bisect b = { .config = LAB_CONFIG, .on = "local", .width = 1 };
	const struct mb_option options[] = {
		MB_HEADING("What is measured"),
		{ "point", "PATTERN", "a pattern that matches one point of the suite",
		  MB_OPT_STRING, &b.point, 0, 0 },
		{ "suite", "NAME|FILE", "where the point is looked for (default: full)",
		  MB_OPT_STRING, &b.suite, 0, 0 },
		LAB_OPT_SET(&b.set),
		LAB_OPT_ADD(&b.adds),
		MB_HEADING("What is bad"),
		{ "bad-above", "N", "bad is more than N instructions for the batch", MB_OPT_STRING,
		  &b.above, 0, 0 },
		{ "baseline", "RUN", "a run file that has the point", MB_OPT_STRING, &b.baseline, 0,
		  0 },
		{ "slower", "PCT", "bad is more than PCT percent above the baseline", MB_OPT_STRING,
		  &b.slower, 0, 0 },
		MB_HEADING("The search"),
		{ "good", "REV",
		  "with --bad: run git bisect from start to reset, from this commit on",
		  MB_OPT_STRING, &b.good, 0, 0 },
		{ "bad", "REV", "the commit that is known to be bad", MB_OPT_STRING, &b.bad, 0, 0 },
		{ "width", "K",
		  "test K commits at the same time, each in a working tree of its own",
		  MB_OPT_NUMBER, &b.width, 1, LAB_BISECT_MAX_WIDTH },
		{ "on", "local|slurm", "what tests them: this machine, or jobs of Slurm",
		  MB_OPT_STRING, &b.on, 0, 0 },
		{ "dry-run", NULL, "print what the first step would test, and how; test nothing",
		  MB_OPT_FLAG, &b.dry_run, 0, 0 },
		{ "explain", NULL,
		  "when the first bad commit is found, profile it against its parent", MB_OPT_FLAG,
		  &b.explain, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &b.quiet, 0, 0 },
		MB_HEADING("The kernels"),
		LAB_OPT_CONFIG(&b.config),
		LAB_OPT_JOBS(&b.jobs),
		LAB_OPT_TOPOLOGY(&b.topology, LAB_TOPOLOGY_INSNS),
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab bisect",
		.needs = "(--bad-above N | --baseline RUN --slower PCT)",
		.operands = LAB_OPERANDS_PROGRAM,
		.summary = "In a kernel's git tree, for \"git bisect run migbench lab "
			   "bisect …\": build the commit that is checked out, boot it, and "
			   "measure one point or a program of your own. Exit status 0: "
			   "good; 1: bad; 125: it can't be built or booted; from 128 on git "
			   "stops, because nothing can be measured here.",
		.example = "migbench lab bisect --good v6.11 --bad v6.12 --point "
			   "'fault/access=read,memory=private,nodes=0>1,page=4k' --bad-above 7000",
		.max_operands = INT_MAX,
		.command_follows = true,
	};
	int first, status;
	/* mb_options() may move the words; the drive hands them on as they came. */
	char **words = mb_alloc((size_t)argc + 1, sizeof(*words));

	memcpy(words, argv, (size_t)argc * sizeof(*words));
	status = mb_options(&usage, options, argc, argv, &first);
	if (status == MB_PARSED) {
		status = lab_program_take("lab bisect", argv + first, &b.adds, "insns", &b.program);
		if (!b.suite)
			b.suite = b.program ? LAB_PROGRAM_SUITE : "full";
		if (!status)
			status = bisect(&b, words);
	}
	lab_bisect_free(&b);
	free(words);
	/* git would take 2 and 3 for "bad" and blame a commit for a typing error. */
	if ((status == MB_REQUEST || status == MB_MACHINE) && lab_git_bisecting())
		status = LAB_BISECT_STOP;
	return status;
}
