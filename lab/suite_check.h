/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runner's judgement of a suite, before anything boots. */
#ifndef MIGBENCH_LAB_SUITE_CHECK_H
#define MIGBENCH_LAB_SUITE_CHECK_H

#include "core/options.h"

/*
 * Suite, --only and --set are the runner's, and so is the judgement of them: the program itself
 * says in a line of its own what is wrong. @only may be NULL. Returns an exit status.
 */
int lab_suite_check(const char *suite, const char *clock_name, const char *only,
		    const struct mb_strings *set);

#endif
