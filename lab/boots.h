/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boots of one "lab run": several kernels and topologies, each several times. */
#ifndef MIGBENCH_LAB_BOOTS_H
#define MIGBENCH_LAB_BOOTS_H

#include "lab/guest.h"
#include "lab/merge.h"

/* One kernel with one topology: one run file. */
struct lab_target {
	struct lab_guest guest;
	struct lab_merge merge;
	char *path; /* of the run file */
	FILE *out;
	char *initrd; /* the same bytes for each of its boots */
	struct lab_list calibration; /* an initrd with another seed for each further boot */
	struct mb_floor noise;
	unsigned long done; /* boots */
};

struct lab_boots {
	struct lab_target *targets;
	size_t count;
	unsigned long boots; /* of each target */
	unsigned long calibrate; /* further boots of each, under other seeds, for the noise floor */
	const char *suite; /* the file's path here, for messages about it */
	unsigned int parallel; /* machines at a time */
	bool progress; /* on stderr */
	int log; /* takes the kernels' logs, -1: nobody does */
	const char *folder; /* temporary */
};

/*
 * Boot them all and write their run files. Between targets the boots alternate. Returns an exit
 * status, after one line if it is not MB_OK (none when interrupted).
 */
int lab_boots_run(struct lab_boots *boots);

#endif
