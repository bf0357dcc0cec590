/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and helpers of the run file (JSON Lines) that writers and readers share. */
#ifndef MIGBENCH_CORE_RUNFILE_H
#define MIGBENCH_CORE_RUNFILE_H

#include <stdio.h>
#include <jansson.h>

#define MB_RUNFILE_FORMAT 1
/* CMakeLists.txt knows MB_VERSION. */
#define MB_TOOL "migbench " MB_VERSION

/* The phases of one batch, in the order in which they pass. */
#define MB_PHASES 5
extern const char *const mb_phase_names[MB_PHASES];

/*
 * "benchmark/key=value,…" with the keys sorted, from a point's "params" object
 * of strings and integers. Returns a malloc'd string.
 */
char *mb_point_name(const char *benchmark, const json_t *params);

/*
 * Write @record as one line and flush it. Returns 0, or -1 with errno set.
 * Keys keep their order; reals have 17 digits, so that nothing is lost.
 */
int mb_write_record(FILE *out, const json_t *record);

/* Now, in UTC, as "2026-11-22T08:00:00Z". */
const char *mb_utc_now(char text[32]);

#endif
