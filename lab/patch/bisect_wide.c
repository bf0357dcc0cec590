// SPDX-License-Identifier: GPL-2.0-or-later
/* lab bisect --width: several commits a step, each in a working tree of its own, here or by Slurm. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/interrupted.h"
#include "lab/base/spawn.h"
#include "lab/patch/bisect.h"
#include "lab/patch/probes.h"
#include "lab/patch/wide.h"

#define GOODS "--glob=refs/bisect/good-*"

/* One step: which commits, and what came out. */
struct step {
	const struct lab_bisect *b;
	const char *folder;
	char **commits; /* the suspects' */
	int *verdicts; /* MB_OK: good, MB_BAD, LAB_BISECT_SKIP; anything else: not tested */
	size_t count;
};

static int failed(const char *what)
{
	return lab_interrupted ? MB_MACHINE : mb_fail(MB_MACHINE, "lab bisect: %s failed", what);
}

/* The commits to test next. MB_OK, or after one line. */
static int choose(struct step *step)
{
	struct lab_suspects suspects;
	size_t width = step->b->width, *probes = mb_alloc(width, sizeof(*probes));
	char *head = lab_git_commit("HEAD");
	int status = lab_suspects_read("refs/bisect/bad", GOODS, &suspects);

	step->count = 0;
	if (!status && head && lab_suspects_find(&suspects, head) == suspects.count) {
		/* The good revision is not in the bad one's history: git wants to know more of both. */
		step->commits[step->count++] = mb_strdup(head);
	} else if (!status) {
		size_t count = lab_probes_choose(&suspects, width, probes);

		for (size_t i = 0; i < count; i++)
			step->commits[step->count++] = mb_strdup(suspects.at[probes[i]].commit);
		mb_note("%zu commits are left: about %.0f steps of %lu builds", suspects.count - 1,
			ceil(log((double)suspects.count) / log((double)width + 1)), width);
		if (!count)
			status = mb_fail(MB_MACHINE,
					 "lab bisect: no commit is left that can be tested");
	}
	lab_suspects_free(&suspects);
	free(head);
	free(probes);
	return status;
}

/* What the step's tasks left of each commit, printed as one line. MB_OK, or after one line. */
static int judge(struct step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		const char *commit = step->commits[i];
		int verdict = lab_wide_verdict(step->folder, commit);
		double value = lab_bisect_noted(step->b, commit);

		if ((verdict == MB_OK || verdict == MB_BAD) && value >= 0)
			lab_bisect_verdict(step->b, commit, value);
		else if (verdict == LAB_BISECT_SKIP)
			printf("%.12s  -  skip: it can't be built or measured\n", commit);
		else
			return mb_fail(MB_MACHINE,
				       "lab bisect: commit %.12s was not tested: see %s/logs/%s",
				       commit, step->folder, commit);
		step->verdicts[i] = verdict;
	}
	fflush(stdout);
	return MB_OK;
}

/* Tell git that all commits with this verdict are @word; nothing where there is none. */
static int tell_all(const struct step *step, const char *word, int verdict)
{
	struct mb_list words = { 0 };
	int status = MB_OK;

	mb_list_add(&words, "bisect");
	mb_list_add(&words, "%s", word);
	for (size_t i = 0; i < step->count; i++)
		if (step->verdicts[i] == verdict)
			mb_list_add(&words, "%s", step->commits[i]);
	if (words.count > 2 && lab_git_run((const char *const *)words.at))
		status = failed("git bisect");
	mb_list_free(&words);
	return status;
}

/* Of several bad ones git remembers one: that with the fewest suspects in its history. */
static int tell_bad(const struct step *step)
{
	unsigned long least = 0;
	const char *best = NULL;

	for (size_t i = 0; i < step->count; i++) {
		char *said;

		if (step->verdicts[i] != MB_BAD)
			continue;
		said = lab_git((const char *const[]){ "rev-list", "--count", step->commits[i],
						      "--not", GOODS, NULL });
		if (said && (!best || strtoul(said, NULL, 10) < least)) {
			least = strtoul(said, NULL, 10);
			best = step->commits[i];
		}
		free(said);
	}
	if (best && lab_git_run((const char *const[]){ "bisect", "bad", best, NULL }))
		return failed("git bisect");
	return MB_OK;
}

static int one_step(struct step *step, const char *job)
{
	int status = choose(step);

	if (!status)
		status = lab_wide_run(step->b, step->folder, job, step->commits, step->count);
	if (!status)
		status = judge(step);
	if (!status)
		status = tell_all(step, "skip", LAB_BISECT_SKIP);
	if (!status)
		status = tell_all(step, "good", MB_OK);
	if (!status)
		status = tell_bad(step);
	for (size_t i = 0; i < step->count; i++)
		free(step->commits[i]);
	return status;
}

int lab_bisect_wide(const struct lab_bisect *b, char **argv)
{
	char *folder = lab_wide_folder(b), *job = NULL, *bad = NULL;
	struct step step = { .b = b,
			     .folder = folder,
			     .commits = mb_alloc(b->width, sizeof(*step.commits)),
			     .verdicts = mb_alloc(b->width, sizeof(*step.verdicts)) };
	int status = lab_wide_begin(b, folder, argv, &job);

	while (!status && !(bad = lab_git_first_bad(NULL, false)))
		status = one_step(&step, job);
	free(bad);
	free(job);
	free(step.verdicts);
	free(step.commits);
	free(folder);
	return status;
}

int lab_bisect_foresee(const struct lab_bisect *b, char **argv)
{
	struct lab_suspects suspects;
	size_t *probes = mb_alloc(b->width, sizeof(*probes)), count = 0;
	char *folder = lab_wide_folder(b), *text;
	int status = lab_suspects_read(b->bad, b->good, &suspects);

	if (!status) {
		count = lab_probes_choose(&suspects, b->width, probes);
		printf("%zu commits, of which the first step tests %zu:\n", suspects.count, count);
	}
	for (size_t i = 0; i < count; i++) {
		const char *commit = suspects.at[probes[i]].commit;
		char *subject = lab_git_subject(commit);

		printf("  %.12s  %s\n", commit, subject ? subject : "");
		free(subject);
	}
	if (!status) {
		text = lab_wide_script(b, folder, argv);
		mb_say(stdout, "values are remembered in %s", b->notes);
		puts("== test.sbatch");
		mb_put_lines(text);
		free(text);
	}
	lab_suspects_free(&suspects);
	free(folder);
	free(probes);
	return status;
}
