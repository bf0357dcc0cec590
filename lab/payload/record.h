/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plugin writes and the profile reads: records in the order of execution, host's bytes. */
#ifndef MIGBENCH_LAB_PAYLOAD_RECORD_H
#define MIGBENCH_LAB_PAYLOAD_RECORD_H

#include <stdint.h>

/*
 * So many instructions ran from guest address @at on, without a branch; or one of the following,
 * which stand between the instructions before and after.
 */
struct lab_trace_record {
	uint64_t at;
	uint64_t count; /* of instructions; LAB_TRACE_LAST and LAB_TRACE_WHOLE above that */
};

/* How far behind @at the last of them begins, in bytes, and whether their block ended with it. */
#define LAB_TRACE_LAST_SHIFT 32
#define LAB_TRACE_WHOLE (1ULL << 48)

static inline uint64_t lab_trace_count(const struct lab_trace_record *record)
{
	return (uint32_t)record->count;
}

static inline uint64_t lab_trace_last(const struct lab_trace_record *record)
{
	return record->at + (uint16_t)(record->count >> LAB_TRACE_LAST_SHIFT);
}

/* A timestamp was taken at @at, in the module or in migbench. */
#define LAB_TRACE_BORDER (1ULL << 62)
/* A sample that goes into the run file begins or ends (core/mark.h). */
#define LAB_TRACE_BEGIN (LAB_TRACE_BORDER + 1)
#define LAB_TRACE_END (LAB_TRACE_BORDER + 2)
/* A program of the user's is executed, has ended; what it marked begins, ends. */
#define LAB_TRACE_EXEC (LAB_TRACE_BORDER + 3)
#define LAB_TRACE_EXIT (LAB_TRACE_BORDER + 4)
#define LAB_TRACE_OPEN (LAB_TRACE_BORDER + 5)
#define LAB_TRACE_CLOSE (LAB_TRACE_BORDER + 6)

#endif
