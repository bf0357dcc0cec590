// SPDX-License-Identifier: GPL-2.0-or-later
/* What git bisect leaves to the user: the start, and what to do with the commit that it found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/patch/bisect.h"
#include "lab/patch/wide.h"

static int failed(const char *what)
{
	return lab_interrupted ? MB_MACHINE : mb_fail(MB_MACHINE, "git %s failed", what);
}

static int build(const struct lab_bisect *b, const char *commit)
{
	int status;

	if (lab_bisect_built(b, commit))
		return MB_OK;
	if (lab_git_run((const char *const[]){ "checkout", "--quiet", "--detach", commit, NULL }))
		return failed("checkout");
	status = lab_bisect_build(b, commit);
	if (status == LAB_BISECT_SKIP)
		status = mb_fail(MB_MACHINE, "commit %.12s can't be built: nothing to compare with",
				 commit);
	return status;
}

int lab_bisect_explain(const struct lab_bisect *b)
{
	char *bad = lab_git_first_bad(NULL, false), *older = mb_format("%s^", bad ? bad : "");
	char *parent = bad ? lab_git_commit(older) : NULL, *subject;
	char *here = lab_git_commit("HEAD"), *now;
	int status = MB_OK;

	if (!bad || !parent || !here)
		status = mb_fail(MB_REQUEST,
				 "lab bisect --explain: git has not found the first bad commit");
	if (!status)
		status = build(b, parent);
	if (!status)
		status = build(b, bad);
	if (!status) {
		subject = lab_git_subject(bad);
		printf("\nFirst bad commit: %.12s  %s\n", bad, subject ? subject : "");
		free(subject);
		status = lab_bisect_profile(b, bad, parent);
	}
	/* The tree goes back to where git bisect left it. */
	now = lab_git_commit("HEAD");
	if (here && now && strcmp(here, now))
		lab_git_run((const char *const[]){ "checkout", "--quiet", "--detach", here, NULL });
	free(now);
	free(here);
	free(parent);
	free(older);
	free(bad);
	return status;
}

/* git bisect run with this very command, but for the revisions. */
static int run(char **argv)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1, .out = 1, .err = 2 };
	int status;

	mb_list_add(&words, "git");
	mb_list_add(&words, "bisect");
	mb_list_add(&words, "run");
	status = lab_bisect_words(argv, 0, &words);
	how.argv = words.at;
	/* The steps leave what is to be said of an interruption to us. */
	setenv(LAB_CHILD, "1", 1);
	if (!status && lab_run_program(&how))
		status = failed("bisect run");
	mb_list_free(&words);
	return status;
}

int lab_bisect_drive(const struct lab_bisect *b, char **argv)
{
	char *good = lab_git_commit(b->good), *bad = lab_git_commit(b->bad);
	bool known = good && bad, same = known && !strcmp(good, bad), wide = lab_bisect_is_wide(b);
	bool found;
	int status = MB_OK;

	if (!known)
		mb_fail(MB_REQUEST, "lab bisect: --%s %s is no commit of this tree",
			good ? "bad" : "good", good ? b->bad : b->good);
	else if (same)
		mb_fail(MB_REQUEST, "lab bisect: --good and --bad are the same commit");
	free(good);
	free(bad);
	if (!known || same)
		return MB_REQUEST;
	if (lab_git_bisecting())
		return mb_fail(MB_REQUEST, "lab bisect: a bisection is under way here; git bisect "
					   "reset ends it, and what was measured is remembered");
	if (lab_git_run((const char *const[]){ "bisect", "start", b->bad, b->good, "--", NULL }))
		status = failed("bisect start");
	/* The steps leave the explanation to us. */
	setenv(LAB_BISECT_DRIVEN, "1", 1);
	if (!status)
		status = wide ? lab_bisect_wide(b, argv) : run(argv);
	found = !status;
	if (!status)
		status = lab_bisect_explain(b);
	if (lab_git_bisecting() && lab_git_run((const char *const[]){ "bisect", "reset", NULL }) &&
	    !status)
		status = failed("bisect reset");
	/* Else what went wrong stands in there. */
	if (wide && found)
		lab_wide_end(b);
	return status;
}
