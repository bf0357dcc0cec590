/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a campaign has come, by what lies in its folder and by nothing else. */
#ifndef MIGBENCH_LAB_FLEET_LOOK_H
#define MIGBENCH_LAB_FLEET_LOOK_H

#include "lab/fleet/plan.h"

enum lab_cell_state {
	LAB_CELL_MISSING,
	LAB_CELL_BEGUN,
	LAB_CELL_DONE, /* and, if it is to be measured twice, with the same result */
	LAB_CELL_INVALID, /* its boots differ, says the run itself */
	LAB_CELL_DIFFERS, /* the second result is another one */
	LAB_CELL_VOID, /* done by a node that differed from two others */
	LAB_CELL_STATES,
};

/* Two nodes with two results, and nobody yet to say which is right. */
struct lab_dispute {
	size_t cell;
	char *nodes[2];
};

struct lab_fleet_state {
	enum lab_cell_state *cells; /* one for each of the plan's */
	size_t counts[LAB_CELL_STATES];
	struct lab_dispute *disputes;
	size_t dispute_count;
	struct mb_list liars; /* nodes that two others have contradicted, now or before */
};

/* Returns MB_OK, or MB_MACHINE after one line where it can't be told; either way *@state is to be freed. */
int lab_fleet_look(const struct lab_fleet_plan *plan, const char *folder,
		   struct lab_fleet_state *state);
void lab_fleet_state_free(struct lab_fleet_state *state);
const char *lab_cell_state_name(enum lab_cell_state state);

/*
 * Put the files of the nodes in state->liars out of the way, into @folder/void, and remember these
 * nodes. Returns MB_OK, or MB_MACHINE after one line.
 */
int lab_fleet_void(const struct lab_fleet_plan *plan, const char *folder,
		   const struct lab_fleet_state *state);

/* look_file.c. The node of a cluster that measured @path; malloc'd, NULL: it has none. */
char *lab_cell_node(const char *path);

/* Whether two run files are the same, bit for bit, but for dates, the runs' own numbers, and nodes. */
bool lab_cell_same(const char *one, const char *other);

/* Whether the run file at @copy is of the very run at @path, as its own number says. */
bool lab_cell_is_copy(const char *copy, const char *path);

/*
 * Whether it may be an older one of the same cell: of that run, or of its kernel, topology, clock,
 * suite, seed, number of boots and calibration.
 */
bool lab_cell_is_older(const char *copy, const char *path);

/*
 * The run file at @path, without its node unless the clock is time, malloc'd. NULL with errno: it can't
 * be read, or does not begin as one (EINVAL).
 */
char *lab_cell_without_node(const char *path);

#endif
