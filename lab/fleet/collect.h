/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of a campaign: the files of the cells that are done. */
#ifndef MIGBENCH_LAB_FLEET_COLLECT_H
#define MIGBENCH_LAB_FLEET_COLLECT_H

#include "lab/fleet/plan.h"

/*
 * Put the run file of each cell of @folder that is done into @to, and name the others. Returns MB_OK,
 * MB_BAD: some are left out, or another exit status after one line.
 */
int lab_fleet_collect(const struct lab_fleet_plan *plan, const char *folder, const char *to);

#endif
