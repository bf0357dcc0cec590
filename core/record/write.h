/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New records of a run file, and how one is written. Keys keep the order that readers expect. */
#ifndef MIGBENCH_CORE_RECORD_WRITE_H
#define MIGBENCH_CORE_RECORD_WRITE_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

#include "core/record/record.h"

/* What the lab knows of a run. */
struct mb_run_lab {
	const char *kernel, *topology, *accelerator;
	const char *key; /* of the kernel's build in the cache; NULL: not known */
	const char *append; /* words for the kernel's command line; NULL: none */
	const char *cpu; /* --cpu; NULL: the default */
	const char *node; /* of a cluster, that ran it; NULL: none */
	unsigned long boots;
	unsigned long calibrate; /* boots more, under other seeds, for the floors */
	json_t *turns; /* or NULL; this and the next stay the caller's */
	json_t *budget; /* or NULL */
};

struct mb_run_head {
	const char *clock, *label;
	unsigned long seed;
	const struct mb_run_lab *lab; /* NULL: not of the lab */
};

/*
 * The run record, with an id of its own and the time of now. Takes @env and @config. NULL after
 * one line: the system has no random number.
 */
json_t *mb_new_run(const struct mb_run_head *head, json_t *env, json_t *config);

/* The same in a guest, for the host. @planned: blocks, 0 if the time decides. */
json_t *mb_new_env(const struct mb_run_head *head, unsigned long planned, json_t *env,
		   json_t *config);

/* Takes @params, and @neutral, which may be NULL: what the name leaves out. */
json_t *mb_new_point(int id, const char *benchmark, json_t *params, json_t *neutral);

/* Boots count from 0; what no boot is noted of yet has this one. */
#define MB_NO_BOOT (-1)

struct mb_block_head {
	int point, boot;
	unsigned long round, pages;
	bool uneven; /* its samples differ in what follows */
	bool migrates; /* what follows was counted */
	unsigned long requested, collected, migrated; /* pages a sample */
	unsigned long invalid; /* samples */
	/* Places among the values of samples that were disturbed, ascending; NULL: nobody looked. */
	const size_t *disturbed;
	size_t disturbed_count;
};

/* A block, to which what was measured is added before the reason why it was its point's last. */
json_t *mb_new_block(const struct mb_block_head *head);
void mb_new_block_metric(json_t *block, const char *name, const char *unit, const double *values,
			 size_t count);
void mb_new_block_counter(json_t *block, const char *name, double value);
void mb_new_block_witness(json_t *block, const char *name, double value);
void mb_new_block_stopped(json_t *block, const char *why);

json_t *mb_new_skip(int point, int boot, const char *why);
json_t *mb_new_failed_boot(unsigned long boot, const char *why);

/* A probe's answer: @answer, which it takes, as a record. */
json_t *mb_new_probe(json_t *answer);

/* The noise floor of "total" as a fraction; @within: "boot", or NULL for between boots. */
json_t *mb_new_floor(json_int_t point, double floor, const char *within);

/* @boots: 0 where there are none. @invalid: NULL, or which boots differ that must not, and where. */
json_t *mb_new_end(unsigned long blocks, unsigned long boots, const char *invalid);

/* A copy of a guest's @record as that of @boot. */
json_t *mb_with_boot(const json_t *record, unsigned long boot);

/*
 * Write @record as one line and flush it. Returns 0, or -1 with errno set.
 * Reals have 17 digits, so that nothing is lost.
 */
int mb_write_record(FILE *out, const json_t *record);

#endif
