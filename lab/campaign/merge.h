/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of several boots of one kernel, made into one run file. */
#ifndef MIGBENCH_LAB_CAMPAIGN_MERGE_H
#define MIGBENCH_LAB_CAMPAIGN_MERGE_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

#include "core/floor.h"
#include "core/record/held.h"

struct lab_merge_point;

struct lab_merge {
	/* Set by the owner. */
	FILE *out;
	const char *path; /* of out, for error lines */
	const char *label, *kernel, *topology, *clock, *accelerator, *cpu, *qemu, *suite;
	const char *kernel_key; /* tells builds of one name apart */
	const char *append; /* --append, or NULL */
	const char *cpu_name; /* --cpu, or NULL */
	const char *program; /* digest of the migbench in the guest */
	const char *after; /* what machine's nodes these are, and how they differ; or NULL */
	unsigned long seed, boots, calibrate;
	size_t targets; /* of the command */
	json_t *budget; /* what --budget found and decided; NULL without */
	json_t *turns; /* when each boot has its turn among all of the command's, from 0; ours */
	bool exact; /* every boot must repeat single-threaded points bit for bit */

	/* For the owner to read. */
	unsigned long blocks; /* written */
	unsigned long planned; /* blocks a boot, 0: not known */

	/* The rest is lab_merge's own. */
	unsigned long boot;
	struct mb_held held; /* what comes before the first valid sample, where there was a file */
	json_t *env, *config;
	char *why; /* it is invalid: what differs, of the last boot that does; NULL: it is not */
	long begun; /* where the current boot's records begin in out */
	unsigned long begun_blocks;
	struct lab_merge_point *points;
	size_t count; /* points of boot 0 */
	size_t seen; /* points of the current boot */
	bool seen_env;
};

/* Whether the run record @run is of what @merge is for. */
bool lab_merge_is_of(const struct lab_merge *merge, const json_t *run);

/* The records of the next boot follow; boots come in order, from 0. */
void lab_merge_begin(struct lab_merge *merge, unsigned long boot);

/*
 * Take one line of the guest's stdout. Returns MB_OK; MB_BAD after one line when the boot has
 * another env or other points than boot 0; MB_MACHINE after one line for what is no record, or
 * when the file can't be written.
 */
int lab_merge_line(struct lab_merge *merge, const char *line);

/*
 * The boot has failed: what it sent is taken back, and a record says why. MB_OK, or MB_MACHINE:
 * cannot write.
 */
int lab_merge_failed(struct lab_merge *merge, const char *why);

/*
 * The boot has ended well. Under an exact clock a difference from boot 0 is said on stderr and
 * makes the run invalid, which is no reason to stop. Returns as lab_merge_line() does.
 */
int lab_merge_boot_end(struct lab_merge *merge);

/*
 * Write a floor record for each point that has one, all boots having ended. Returns MB_OK, or
 * MB_MACHINE: cannot write.
 */
int lab_merge_floors(struct lab_merge *merge, const struct mb_floor *noise);

/* Write the end record. MB_OK; MB_BAD when the run is invalid; MB_MACHINE: cannot write. */
int lab_merge_finish(struct lab_merge *merge);

void lab_merge_free(struct lab_merge *merge);

#endif
