/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the run file (JSON Lines) consists of: the names that writing and reading share. */
#ifndef MIGBENCH_CORE_RECORD_RECORD_H
#define MIGBENCH_CORE_RECORD_RECORD_H

#include <jansson.h>

#include "core/record/clock.h"

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

/* The kinds of record; a file has one run, first, and one end, last. */
enum mb_record_type {
	MB_RECORD_NONE, /* it has no type */
	MB_RECORD_OTHER, /* a type that this program does not know: readers pass it over */
	MB_RECORD_RUN,
	MB_RECORD_ENV, /* in a guest's output, what the host makes the run of */
	MB_RECORD_POINT,
	MB_RECORD_BLOCK,
	MB_RECORD_SKIP,
	MB_RECORD_BOOT, /* of the lab, that failed */
	MB_RECORD_PROBE,
	MB_RECORD_FLOOR,
	MB_RECORD_END,
	MB_RECORD_TYPES,
};

/* Of MB_RECORD_RUN and so on: "run", … */
extern const char *const mb_record_types[MB_RECORD_TYPES];

#endif
