/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks that a profiler of executed instructions sees, and a processor does not. */
#ifndef MIGBENCH_CORE_MARK_H
#define MIGBENCH_CORE_MARK_H

#include <stdint.h>

/* The displacements of a seven-byte no-op that nothing else has a reason to contain. */
#define MB_MARK_BEGIN 0x6d694201
#define MB_MARK_END 0x6d694202
/* 3 and 4 are a program's own (include/migbench/mark.h). */
#define MB_MARK_EXEC 0x6d694205
#define MB_MARK_EXIT 0x6d694206

/*
 * Where the runner leaves which file of a program lies where in its memory, "PATH OFFSET ADDRESS"
 * each, for the guest's init to send.
 */
#define MB_PROGRAM_FILES "/tmp/migbench-files"

#if defined(__x86_64__)
#define MB_MARK_TEXT2(displacement) "nopl " #displacement "(%%rax)"
#define MB_MARK_TEXT(displacement) MB_MARK_TEXT2(displacement)

/* Between these a sample is taken that goes into the run file. One instruction each. */
static inline void mb_mark_begin(void)
{
	__asm__ volatile(MB_MARK_TEXT(MB_MARK_BEGIN) : : : "memory");
}

static inline void mb_mark_end(void)
{
	__asm__ volatile(MB_MARK_TEXT(MB_MARK_END) : : : "memory");
}

/* A program of the user's is executed now, or has just ended: the mark, and the instruction clock. */
static inline uint64_t mb_mark_exec(void)
{
	uint64_t low, high;

	__asm__ volatile(MB_MARK_TEXT(MB_MARK_EXEC) "; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return high << 32 | low;
}

static inline uint64_t mb_mark_exit(void)
{
	uint64_t low, high;

	__asm__ volatile(MB_MARK_TEXT(MB_MARK_EXIT) "; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return high << 32 | low;
}
#elif defined(__aarch64__)
/* A move to the zero register, with an immediate that nothing else has a reason to contain. */
#define MB_MARK_IMMEDIATE(displacement) (0x6d00 | ((displacement)&0xff))
#define MB_MARK(displacement)                                                                      \
	__asm__ volatile("movz xzr, %0" : : "i"(MB_MARK_IMMEDIATE(displacement)) : "memory")

/* Between these a sample is taken that goes into the run file. One instruction each. */
static inline void mb_mark_begin(void)
{
	MB_MARK(MB_MARK_BEGIN);
}

static inline void mb_mark_end(void)
{
	MB_MARK(MB_MARK_END);
}

/* A program of the user's is executed now, or has just ended: the mark, and the instruction clock. */
static inline uint64_t mb_mark_exec(void)
{
	uint64_t ticks;

	MB_MARK(MB_MARK_EXEC);
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

static inline uint64_t mb_mark_exit(void)
{
	uint64_t ticks;

	MB_MARK(MB_MARK_EXIT);
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}
#else
static inline void mb_mark_begin(void)
{
}

static inline void mb_mark_end(void)
{
}

/* The lab counts on x86-64 and arm64 alone. */
static inline uint64_t mb_mark_exec(void)
{
	return 0;
}

static inline uint64_t mb_mark_exit(void)
{
	return 0;
}
#endif

#endif
