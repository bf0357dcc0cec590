/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A campaign as arrays of Slurm jobs: kernels first, then the cells that are missing. */
#ifndef MIGBENCH_LAB_FLEET_SLURM_H
#define MIGBENCH_LAB_FLEET_SLURM_H

#include "lab/fleet/plan.h"

/*
 * Write build.sbatch, run.sbatch and cells.txt into @folder, for what is missing there of the campaign
 * file @file, and submit them; with @dry_run print all that instead. Returns an exit status, after one
 * line if it is not MB_OK; MB_REQUEST: an earlier call's jobs are under way.
 */
int lab_fleet_slurm(const struct lab_fleet_plan *plan, const char *file, const char *folder,
		    bool dry_run);

#endif
