/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several commits tested at the same time: their working trees, and what runs in them. */
#ifndef MIGBENCH_LAB_PATCH_WIDE_H
#define MIGBENCH_LAB_PATCH_WIDE_H

#include "lab/patch/bisect.h"

/* Where the working trees of a bisection of this tree are; malloc'd. */
char *lab_wide_folder(const struct lab_bisect *bisect);

/* Whether @tree is one of them. */
bool lab_wide_has(const struct lab_bisect *bisect, const char *tree);

/* The script that tests one commit, for bash and for sbatch; malloc'd. @argv: the words of the command. */
char *lab_wide_script(const struct lab_bisect *bisect, const char *folder, char **argv);

/*
 * Make @folder anew, with the script. The name of Slurm's jobs comes in *@job, malloc'd. Returns
 * MB_OK, or MB_MACHINE after one line.
 */
int lab_wide_begin(const struct lab_bisect *bisect, const char *folder, char **argv, char **job);

/*
 * Test @commits, @count (at most bisect->width) at the same time, and wait for all. Returns MB_OK,
 * whatever came out, or MB_MACHINE: none could be started, or we were interrupted.
 */
int lab_wide_run(const struct lab_bisect *bisect, const char *folder, const char *job,
		 char *const *commits, size_t count);

/* The exit status of the test of @commit, or -1: it has not come to its end. */
int lab_wide_verdict(const char *folder, const char *commit);

/* Remove the trees, and the kernels that were built of them. */
void lab_wide_end(const struct lab_bisect *bisect);

#endif
