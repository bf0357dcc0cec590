/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A campaign: every kernel with every topology and suite, as cells that are runs like any other. */
#ifndef MIGBENCH_LAB_FLEET_PLAN_H
#define MIGBENCH_LAB_FLEET_PLAN_H

#include <stdbool.h>

#include "core/base/list.h"

/* A kernel of the campaign; name and file are what "lab run --kernel" takes. */
struct lab_fleet_kernel {
	char *name; /* of configs/kernels, of the file, or the tag */
	char *file; /* a description of the user's own, whole path; NULL: none */
	bool tag; /* of the plan's tree */
};

struct lab_cell {
	const struct lab_fleet_kernel *kernel; /* the plan's, as the next two are */
	const char *topology, *suite;
	char *name; /* "KERNEL,TOPOLOGY,SUITE", the name of its file */
	bool twice; /* to be measured again, elsewhere if there is an elsewhere */
};

struct lab_fleet_plan {
	struct lab_fleet_kernel *kernels;
	size_t kernel_count;
	struct mb_list topologies, suites;
	char *clock, *tree;
	unsigned long boots, calibrate, seed,
		check; /* check: percent of the cells that run twice */
	struct lab_cell *cells; /* kernel by kernel */
	size_t count;
	struct mb_list words; /* of "kernels", while the file is read */
	const char *path; /* of the campaign file, for error lines */
};

/*
 * The campaign file at @path (docs/fleet.md): every name in it is looked up. Returns MB_OK, or an exit
 * status after one line. lab_fleet_free() is right in both cases.
 */
int lab_fleet_read(struct lab_fleet_plan *plan, const char *path);
void lab_fleet_free(struct lab_fleet_plan *plan);

/* The measurements that a cell can have: the third decides between two that differ. */
enum lab_cell_turn { LAB_TURN_FIRST, LAB_TURN_AGAIN, LAB_TURN_THIRD };

/* Where the run of @cell goes in @folder. malloc'd. */
char *lab_cell_file(const struct lab_cell *cell, const char *folder, enum lab_cell_turn turn);

/* The words behind "migbench lab run" that make this file. */
void lab_cell_words(const struct lab_fleet_plan *plan, const struct lab_cell *cell,
		    const char *folder, enum lab_cell_turn turn, struct mb_list *words);

/*
 * kernels.c. What plan->words name: configurations, files, which are looked for beside the campaign file
 * @path, and "v6.1..v6.6", the tags of plan->tree from the first on that are in the last, both
 * included. Returns as lab_fleet_read() does.
 */
int lab_fleet_kernels(struct lab_fleet_plan *plan, const char *path);

/* Whether the cache has a kernel of that name. */
bool lab_fleet_built(const struct lab_fleet_kernel *kernel);

/* Build it, unless it is built. Returns an exit status, after one line if it is not MB_OK. */
int lab_fleet_build(const struct lab_fleet_plan *plan, const struct lab_fleet_kernel *kernel,
		    bool quiet);

#endif
