/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plugin writes and the profile reads: records in the order of execution, host's bytes. */
#ifndef MIGBENCH_LAB_PAYLOAD_RECORD_H
#define MIGBENCH_LAB_PAYLOAD_RECORD_H

#include <stdint.h>

/*
 * @count instructions ran from guest address @at on, without a branch; or one of the following,
 * which stand between the instructions before and after.
 */
struct lab_trace_record {
	uint64_t at;
	uint64_t count;
};

/* A timestamp was taken at @at, in the module or in migbench. */
#define LAB_TRACE_BORDER (1ULL << 62)
/* A sample that goes into the run file begins or ends (core/mark.h). */
#define LAB_TRACE_BEGIN (LAB_TRACE_BORDER + 1)
#define LAB_TRACE_END (LAB_TRACE_BORDER + 2)

#endif
