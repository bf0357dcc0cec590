/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab bisect: which commit of a kernel tree made a point dearer. */
#ifndef MIGBENCH_LAB_PATCH_BISECT_H
#define MIGBENCH_LAB_PATCH_BISECT_H

#include <stdbool.h>

#include "core/base/list.h"
#include "core/digest.h"
#include "core/options.h"
#include "lab/base/arch.h"

/* What "git bisect run" takes for: can't be tested. From 128 on it stops. */
#define LAB_BISECT_SKIP 125
#define LAB_BISECT_STOP 255

/* In the environment of steps whose first bad commit somebody else explains. */
#define LAB_BISECT_DRIVEN "MIGBENCH_BISECT_DRIVEN"

/* In the environment of a step that tests another working tree than that of the folder it is in. */
#define LAB_BISECT_TREE "MIGBENCH_BISECT_TREE"

#define LAB_BISECT_MAX_WIDTH 64

struct lab_bisect {
	/* From the command line. */
	const char *point, *above, *baseline, *slower, *suite, *topology, *good, *bad, *on;
	struct mb_strings set, adds;
	char *const *program; /* of the user's own, in place of a point; NULL: none */
	unsigned long jobs, width;
	bool explain, quiet, dry_run;

	const char *config; /* of configs/kernels */
	const struct lab_arch *arch; /* as it says */
	const struct lab_page *page;
	char *tree; /* the kernel tree, where we are */
	char *name; /* the point's */
	double limit; /* instructions for the batch: more is bad */
	double reference; /* the baseline's; 0 with --bad-above */
	char *notes; /* file of what was measured: lines "COMMIT VALUE" */
};

/* Whether its steps are not git's. */
static inline bool lab_bisect_is_wide(const struct lab_bisect *bisect)
{
	return bisect->width > 1 || *bisect->on == 's';
}

int lab_bisect_main(int argc, char **argv);

/* git.c. Questions to git about the tree; malloc'd answers, NULL when git has none. */
char *lab_git(const char *const *words);
char *lab_git_commit(const char *revision);
char *lab_git_subject(const char *commit);
bool lab_git_bisecting(void); /* a bisection is under way here */

/* Run git for the user to see. Returns its exit status, -1: not started or interrupted. */
int lab_git_run(const char *const *words);

/* Commits that a bisection may still have to test, and how often at about; false: none is under way. */
bool lab_git_left(unsigned long *commits, unsigned long *steps);

/*
 * The first bad commit, once nothing is left to test; malloc'd, or NULL. @commit, if not NULL,
 * counts as what @is_bad says, though git does not know it yet.
 */
char *lab_git_first_bad(const char *commit, bool is_bad);

/* bisect_value.c. The point's name, its limit and the notes' path: MB_OK, or after one line. */
int lab_bisect_prepare(struct lab_bisect *bisect);
void lab_bisect_free(struct lab_bisect *bisect);

/* The value noted for @commit (a prefix will do), or -1. */
double lab_bisect_noted(const struct lab_bisect *bisect, const char *commit);
void lab_bisect_note(const struct lab_bisect *bisect, const char *commit, double value);

/* Print the one line that says what came out. */
void lab_bisect_verdict(const struct lab_bisect *bisect, const char *commit, double value);

/* Boot the kernel that was built and measure. MB_OK, LAB_BISECT_SKIP or another exit status. */
int lab_bisect_measure(const struct lab_bisect *bisect, const char *kernel, double *value);

/* commit.c. The name of a commit's kernel; malloc'd. */
char *lab_bisect_kernel(const char *commit);
bool lab_bisect_built(const struct lab_bisect *bisect, const char *commit);

/* Build what is checked out. MB_OK, LAB_BISECT_SKIP or another exit status. */
int lab_bisect_build(const struct lab_bisect *bisect, const char *commit);

/* Of the tree's kernels keep that of @commit, and the last one with the other verdict. */
void lab_bisect_tidy(const struct lab_bisect *bisect, const char *commit, bool is_bad);

/* Print what @bad changed over its parent, function by function; both are built. */
int lab_bisect_profile(const struct lab_bisect *bisect, const char *bad, const char *parent);

/* bisect_drive.c. From two revisions to the first bad commit. */
int lab_bisect_drive(const struct lab_bisect *bisect, char **argv);

/* bisect_words.c. The command of one step, out of the words of the whole search; with --jobs unless @jobs is 0. */
int lab_bisect_words(char *const *argv, unsigned long jobs, struct mb_list *words);

/*
 * bisect_wide.c. The same with several commits a step, from where git bisect start left it: until git
 * knows the first bad commit. MB_OK, or MB_MACHINE after one line.
 */
int lab_bisect_wide(const struct lab_bisect *bisect, char **argv);

/* Print what the first step would test, and how. */
int lab_bisect_foresee(const struct lab_bisect *bisect, char **argv);

/* Check out and build what is missing of the first bad commit and its parent, and profile both. */
int lab_bisect_explain(const struct lab_bisect *bisect);

#endif
