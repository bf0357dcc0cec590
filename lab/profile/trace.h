/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's trace of one boot: what ran while samples were taken, and the timestamps in it. */
#ifndef MIGBENCH_LAB_PROFILE_TRACE_H
#define MIGBENCH_LAB_PROFILE_TRACE_H

#include <stdbool.h>

#include "lab/payload/record.h"
#include "lab/profile/symbols.h"

/* A timestamp. */
struct lab_border {
	size_t record; /* what ran after it begins with the next record */
	uint64_t site; /* the instruction that took it */
	uint64_t before; /* instructions of the trace that ran before it */
	size_t sample; /* in which it was taken, from 0 */
};

struct lab_trace {
	struct lab_trace_record *records;
	size_t count;
	/* What the records say of memory, apart from the others; NULL: nothing was recorded of it. */
	struct lab_trace_record *memory;
	size_t memory_count;
	size_t *memory_before; /* how many of them stand before each record, and before the end */
	struct lab_border *borders;
	size_t border_count;
	size_t samples;
};

/*
 * Read the file at @path. An instruction that faulted was counted when it tried and again when it
 * ran; the guest's clock counts it once, and so does the trace, by @symbols' word for where a fault
 * is taken. Returns MB_OK, or MB_MACHINE after one line.
 */
int lab_trace_read(struct lab_trace *trace, const char *path, const struct lab_symbols *symbols);
void lab_trace_free(struct lab_trace *trace);

/* Whether @record tells of instructions. */
static inline bool lab_trace_ran(const struct lab_trace_record *record)
{
	return record->count < LAB_TRACE_BORDER;
}

/* Whether what ran was a program, and not the kernel. */
static inline bool lab_trace_in_user(const struct lab_trace_record *record)
{
	return !(record->at >> 63);
}

/* The first of the memory records of what @record tells of; the others stand before memory_before[@record]. */
static inline size_t lab_trace_memory(const struct lab_trace *trace, size_t record)
{
	return record ? trace->memory_before[record - 1] : 0;
}

/* Whether @border was taken in user space. */
static inline bool lab_border_in_user(const struct lab_border *border)
{
	return !(border->site >> 63);
}

#endif
