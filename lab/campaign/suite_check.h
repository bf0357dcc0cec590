/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A suite before anything boots: the runner's judgement of it. */
#ifndef MIGBENCH_LAB_CAMPAIGN_SUITE_CHECK_H
#define MIGBENCH_LAB_CAMPAIGN_SUITE_CHECK_H

#include "core/options.h"

/*
 * Suite, --only and --set are the runner's, and so is the judgement of them: the program itself
 * says in a line of its own what is wrong. @only may be NULL, and so may @program, the words of a
 * program of the user's, and @kernel, by whose name points are called after its base pages. Returns an
 * exit status.
 */
int lab_suite_check(const char *suite, const char *clock_name, const char *only,
		    const struct mb_strings *set, char *const *program, const char *kernel);
/* The same for all page sizes that @kernels have, "NAME,NAME…", as their names say. */
int lab_suite_check_all(const char *suite, const char *clock_name, const char *only,
			const struct mb_strings *set, char *const *program, const char *kernels);

/*
 * The one point under the clock insns that @pattern means (NULL: all of the suite), malloc'd in *@name. Returns MB_OK;
 * MB_REQUEST after one line, also where it means several; @command is for that line.
 */
int lab_suite_point(const char *command, const char *suite, const char *pattern,
		    const struct mb_strings *set, char *const *program, const char *kernel,
		    char **name);

#endif
