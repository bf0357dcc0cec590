/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slurm's own programs, asked and told; which jobs are ours stands in the campaign's folder. */
#ifndef MIGBENCH_LAB_FLEET_JOBS_H
#define MIGBENCH_LAB_FLEET_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/list.h"

/*
 * Submit the script with "sbatch --parsable" and @words, which stay, and note the job in @folder. Its number,
 * malloc'd, comes in *@job. Returns MB_OK, or MB_MACHINE after a line.
 */
int lab_jobs_submit(const char *folder, const struct mb_list *words, char **job);

/* Those noted in @folder that run or wait now: numbers, and of their tasks how many. */
struct lab_jobs {
	struct mb_list jobs;
	size_t running, waiting;
};

/* Returns MB_OK, or MB_MACHINE after one line: Slurm does not answer. */
int lab_jobs_look(const char *folder, struct lab_jobs *jobs);
void lab_jobs_free(struct lab_jobs *jobs);

/* End them, and print which. Returns MB_OK, or MB_MACHINE after one line. */
int lab_jobs_cancel(const char *folder);

/* All nodes, those that answer first; none where Slurm can't be asked. */
void lab_jobs_nodes(struct mb_list *nodes);

/* How many tasks an array may have. */
size_t lab_jobs_array(void);

#endif
