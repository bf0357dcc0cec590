/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one "lab ab" is to do, and how long that will take. */
#ifndef MIGBENCH_LAB_PATCH_AB_PLAN_H
#define MIGBENCH_LAB_PATCH_AB_PLAN_H

#include <stdbool.h>

#include "core/base/list.h"
#include "core/options.h"
#include "lab/diff/patches.h"

/* Where in its folder the patches are kept. */
#define LAB_AB_PATCHES "patches"

struct lab_ab {
	/* From the command line. */
	const char *kernels, *source, *suite, *topology, *clock, *only, *out, *margin, *git, *range;
	struct mb_strings patch_files, set, adds, fail_on;
	char *const *program; /* of the user's own, measured in place of a suite; NULL: none */
	unsigned long boots, jobs, profiles, memories;
	bool force, reverse, dry_run, quiet;

	/* All of it as it was given, but for where to and over what: how to see the answer again. */
	struct mb_list command;

	/* Made by lab_ab_plan(). */
	char *config; /* what "lab kernel build" takes; NULL: both kernels are there */
	char *name[2]; /* A and B */
	char *exactly[2]; /* those of them that were there when they had been built; NULL before */
	struct lab_patches patches;
};

/*
 * Check the request, all of it, read the patches and name the kernels. Returns an exit status, after
 * one line if it is not MB_OK; lab_ab_free() is right in both cases.
 */
int lab_ab_plan(struct lab_ab *ab);
void lab_ab_free(struct lab_ab *ab);

/* Try the patches on the source, which is fetched if need be. MB_OK, or a status after one line. */
int lab_ab_try_patches(const struct lab_ab *ab);

/* Print what will be done and how long it takes, as far as it is known from earlier times. */
void lab_ab_print_plan(const struct lab_ab *ab);

/*
 * ab_answer.c: compare the runs that are in @folder, profile what changed, print all of it and keep
 * it there. Returns an exit status, after one line if it is above MB_BAD.
 */
int lab_ab_answer(const struct lab_ab *ab, const char *folder);

/*
 * ab_profile.c: "lab profile" of both kernels, for @point (not with a program); its JSON goes to
 * FOLDER/@name.json. Its text is malloc'd in *@text and kept in FOLDER/@name.txt; an exit status, after
 * one line if it is above MB_BAD.
 */
int lab_ab_profile(const struct lab_ab *ab, const char *folder, const char *point, const char *name,
		   bool memory, char **text);

/*
 * ab_memory.c: what the two touch, for ab->memories points: those of @changes, then others. A line for each,
 * malloc'd in *@text; an exit status, after one line if it is above MB_BAD.
 */
struct lab_ab_changes;
int lab_ab_memory(const struct lab_ab *ab, const char *folder, const struct lab_ab_changes *changes,
		  char **text);

#endif
