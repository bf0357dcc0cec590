/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plugin writes and the profile reads: records in the order of execution, host's bytes. */
#ifndef MIGBENCH_LAB_PAYLOAD_RECORD_H
#define MIGBENCH_LAB_PAYLOAD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * So many instructions ran from guest address @at on, without a branch; or one of the following,
 * which stand between the instructions before and after.
 */
struct lab_trace_record {
	uint64_t at;
	uint64_t count; /* of instructions; the following above that */
};

/*
 * How far behind @at the last of them begins, in bytes, whether their block ended with it, and how
 * many bytes it has.
 */
#define LAB_TRACE_LAST_SHIFT 32
#define LAB_TRACE_WHOLE (1ULL << 48)
#define LAB_TRACE_LENGTH_SHIFT 49

static inline uint64_t lab_trace_count(const struct lab_trace_record *record)
{
	return (uint32_t)record->count;
}

static inline uint64_t lab_trace_last(const struct lab_trace_record *record)
{
	return record->at + (uint16_t)(record->count >> LAB_TRACE_LAST_SHIFT);
}

/* Behind their last byte. */
static inline uint64_t lab_trace_end(const struct lab_trace_record *record)
{
	return lab_trace_last(record) + (record->count >> LAB_TRACE_LENGTH_SHIFT & 15);
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
/* arm64: the TLBI at @at, which all CPUs are told of, or this one's TLB alone. */
#define LAB_TRACE_TLBI (LAB_TRACE_BORDER + 7)
#define LAB_TRACE_TLBI_LOCAL (LAB_TRACE_BORDER + 8)

/*
 * With memory=on, before the instructions that did it: memory at the virtual address @at was
 * accessed. What else tells of memory has LAB_TRACE_ABOUT as well.
 */
#define LAB_TRACE_ACCESS (1ULL << 63)
#define LAB_TRACE_ABOUT (1ULL << 62)
#define LAB_TRACE_WRITE (1ULL << 61)
#define LAB_TRACE_CALL (1ULL << 59) /* to leave a return address */
#define LAB_TRACE_SIZE_SHIFT 55 /* log2 of its bytes, 4 bits */
#define LAB_TRACE_PHYSICAL ((1ULL << 52) - 1)

static inline uint64_t lab_trace_physical(const struct lab_trace_record *access)
{
	return access->count & LAB_TRACE_PHYSICAL;
}

static inline uint64_t lab_trace_size(const struct lab_trace_record *access)
{
	return 1ULL << (access->count >> LAB_TRACE_SIZE_SHIFT & 15);
}

/* The address @at leaves the TLB; all does but what is global; all does. */
#define LAB_TRACE_FLUSH_PAGE (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 1)
#define LAB_TRACE_FLUSH (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 2)
#define LAB_TRACE_FLUSH_ALL (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 3)
/*
 * When a sample begins, at each timestamp, and on arm64 when the kernel returns to the task: so much
 * at physical @at is a page table of the task, memory that an entry of the task's tables maps, and so
 * much at virtual @at is mapped by one entry above those of pages in the kernel's tables. Log2 of the
 * bytes stands above LAB_TRACE_MORE_SHIFT.
 */
#define LAB_TRACE_TABLE (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 4)
#define LAB_TRACE_MAPS (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 5)
#define LAB_TRACE_BLOCK (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 6)
/* The task's tables could not be read. */
#define LAB_TRACE_NO_TABLES (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 7)
/*
 * With sharing=on, of several CPUs, in place of the instructions: the accesses that follow are those of
 * the instruction at @at, on the CPU whose number stands above LAB_TRACE_MORE_SHIFT.
 */
#define LAB_TRACE_BY (LAB_TRACE_ACCESS | LAB_TRACE_ABOUT | 8)
#define LAB_TRACE_MORE_SHIFT 8

/* Which of these it is, and what stands above. */
static inline uint64_t lab_trace_about(const struct lab_trace_record *record)
{
	return record->count & ~(0xffULL << LAB_TRACE_MORE_SHIFT);
}

static inline unsigned int lab_trace_more(const struct lab_trace_record *record)
{
	return record->count >> LAB_TRACE_MORE_SHIFT & 0xff;
}

#endif
