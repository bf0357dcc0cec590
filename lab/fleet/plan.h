/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A campaign: every kernel with every topology and suite, as cells that are runs like any other. */
#ifndef MIGBENCH_LAB_FLEET_PLAN_H
#define MIGBENCH_LAB_FLEET_PLAN_H

#include <stdbool.h>

#include "core/base/list.h"

struct lab_cell {
	const char *kernel, *topology, *suite; /* the plan's */
	char *name; /* "KERNEL,TOPOLOGY,SUITE", the name of its file */
	bool twice; /* to be measured again, elsewhere if there is an elsewhere */
};

struct lab_fleet_plan {
	struct mb_list kernels, topologies, suites;
	char *clock;
	unsigned long boots, calibrate, seed,
		check; /* check: percent of the cells that run twice */
	struct lab_cell *cells; /* kernel by kernel */
	size_t count;
};

/*
 * The campaign file at @path (docs/fleet.md): every name in it is looked up. Returns MB_OK, or an exit
 * status after one line. lab_fleet_free() is right in both cases.
 */
int lab_fleet_read(struct lab_fleet_plan *plan, const char *path);
void lab_fleet_free(struct lab_fleet_plan *plan);

/* Where the run of @cell goes in @folder, @again: the second one. malloc'd. */
char *lab_cell_file(const struct lab_cell *cell, const char *folder, bool again);

/* The words behind "migbench lab run" that make this file. */
void lab_cell_words(const struct lab_fleet_plan *plan, const struct lab_cell *cell,
		    const char *folder, bool again, struct mb_list *words);

/* How far a cell has come. */
enum lab_cell_state { LAB_CELL_MISSING, LAB_CELL_BEGUN, LAB_CELL_DONE, LAB_CELL_DIFFERS };

/* By its files alone. A cell that runs twice is done when both are there and hold the same values. */
enum lab_cell_state lab_cell_look(const struct lab_cell *cell, const char *folder);
const char *lab_cell_state_name(enum lab_cell_state state);

/* Whether the run file at @path came to its end. */
bool lab_cell_whole(const char *path);

#endif
