/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * Which part of a program migbench counts: all that is executed between MIGBENCH_BEGIN() and
 * MIGBENCH_END(), in user space and in the kernel.
 *
 *	#include <migbench/mark.h>
 *
 *	MIGBENCH_BEGIN();
 *	mprotect(at, size, PROT_READ);
 *	MIGBENCH_END();
 *
 * Set several times, the stretches add up; they do not nest. A program without them is counted
 * from exec to exit. Nothing has to be linked, C++ may include it as well, and where migbench does
 * not run the program, or on another architecture than x86-64 and arm64, the marks do nothing.
 *
 * An empty pair counts 4 instructions.
 */
#ifndef MIGBENCH_MARK_H
#define MIGBENCH_MARK_H

#if defined(__x86_64__) || defined(__aarch64__)

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* In the environment: a file of one page, to be mapped. */
#define MIGBENCH_MARKS "MIGBENCH_MARKS"

/* Displacements of a no-op that a profiler of executed instructions sees. */
#define MIGBENCH_MARK_BEGIN 0x6d694203
#define MIGBENCH_MARK_END 0x6d694204

struct migbench_marks {
	uint64_t begun; /* the clock at the last begin */
	uint64_t sum, pairs; /* of all complete pairs */
	uint64_t open; /* begun, and not ended */
	uint64_t astray; /* began while open, or ended while not */
};

static inline struct migbench_marks *migbench_marks(void)
{
	static struct migbench_marks *marks, nowhere;
	const char *path;
	void *at = MAP_FAILED;
	int fd;

	if (marks)
		return marks;
	path = getenv(MIGBENCH_MARKS);
	fd = path ? open(path, O_RDWR) : -1;
	if (fd >= 0) {
		at = mmap(NULL, sizeof(*marks), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
	}
	marks = at == MAP_FAILED ? &nowhere : (struct migbench_marks *)at;
	return marks;
}

#if defined(__x86_64__)

#define MIGBENCH_NOP2(displacement) "nopl " #displacement "(%%rax)\n\t"
#define MIGBENCH_NOP(displacement) MIGBENCH_NOP2(displacement)

__attribute__((always_inline)) static inline void MIGBENCH_BEGIN(void)
{
	struct migbench_marks *marks = migbench_marks();

	marks->astray |= marks->open;
	marks->open = 1;
	__asm__ __volatile__(MIGBENCH_NOP(MIGBENCH_MARK_BEGIN) "rdtsc\n\t"
							       "movl %%eax, (%0)\n\t"
							       "movl %%edx, 4(%0)"
			     :
			     : "r"(marks)
			     : "rax", "rdx", "memory");
}

__attribute__((always_inline)) static inline void MIGBENCH_END(void)
{
	struct migbench_marks *marks;
	uint64_t low, high;

	__asm__ __volatile__(MIGBENCH_NOP(MIGBENCH_MARK_END) "rdtsc"
			     : "=a"(low), "=d"(high)
			     :
			     : "memory");
	marks = migbench_marks();
	marks->astray |= !marks->open;
	marks->open = 0;
	marks->pairs++;
	marks->sum += (high << 32 | low) - marks->begun;
}

#else

/* A move to the zero register in place of the no-op: its immediate is the displacement's last byte. */
#define MIGBENCH_MOVE(displacement) (0x6d00 | ((displacement)&0xff))

__attribute__((always_inline)) static inline void MIGBENCH_BEGIN(void)
{
	struct migbench_marks *marks = migbench_marks();
	uint64_t ticks;

	marks->astray |= marks->open;
	marks->open = 1;
	__asm__ __volatile__("movz xzr, %2\n\tmrs %0, cntvct_el0\n\tstr %0, [%1]"
			     : "=&r"(ticks)
			     : "r"(marks), "i"(MIGBENCH_MOVE(MIGBENCH_MARK_BEGIN))
			     : "memory");
}

__attribute__((always_inline)) static inline void MIGBENCH_END(void)
{
	struct migbench_marks *marks;
	uint64_t ticks;

	__asm__ __volatile__("movz xzr, %1\n\tmrs %0, cntvct_el0"
			     : "=r"(ticks)
			     : "i"(MIGBENCH_MOVE(MIGBENCH_MARK_END))
			     : "memory");
	marks = migbench_marks();
	marks->astray |= !marks->open;
	marks->open = 0;
	marks->pairs++;
	marks->sum += ticks - marks->begun;
}

#endif

#else

#define MIGBENCH_BEGIN() ((void)0)
#define MIGBENCH_END() ((void)0)

#endif

#endif
