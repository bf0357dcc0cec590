/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cells are to be measured by which nodes, and for how long at most. */
#ifndef MIGBENCH_LAB_FLEET_SLURM_CELLS_H
#define MIGBENCH_LAB_FLEET_SLURM_CELLS_H

#include "lab/fleet/look.h"

/* Tasks that run on the same nodes: lines of cells.txt from the first on. */
struct group {
	size_t first, count;
	unsigned long minutes;
	char *exclude; /* nodes; NULL: any */
};

struct fleet {
	const struct lab_fleet_plan *plan;
	const char *file; /* the campaign file's whole path */
	const char *folder; /* whole path */
	char *self;
	bool dry_run;
	struct lab_fleet_state state;
	struct mb_list nodes; /* that answer, without those that are not believed */
	unsigned long *minutes; /* for each suite */
	struct mb_list lines; /* of cells.txt */
	struct mb_list kernels; /* to be built */
	struct group *groups;
	size_t group_count;
};

/* Fill in what follows from the plan, the state, and the nodes that Slurm names. */
void lab_slurm_cells(struct fleet *fleet);
void lab_slurm_cells_free(struct fleet *fleet);

/* Minutes for one build of @kernel. */
unsigned long lab_slurm_build_minutes(const char *kernel);

/* The nodes that are not believed, with commas between them; malloc'd, NULL: none. */
char *lab_slurm_liars(const struct fleet *fleet);

#endif
