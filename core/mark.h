/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks that a profiler of executed instructions sees, and a processor does not. */
#ifndef MIGBENCH_CORE_MARK_H
#define MIGBENCH_CORE_MARK_H

/* The displacements of a seven-byte no-op that nothing else has a reason to contain. */
#define MB_MARK_BEGIN 0x6d694201
#define MB_MARK_END 0x6d694202

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
#else
static inline void mb_mark_begin(void)
{
}

static inline void mb_mark_end(void)
{
}
#endif

#endif
