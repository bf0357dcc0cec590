/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two clocks, and the timer tick that a sample starts after. */
#ifndef MIGBENCH_BENCH_CLOCK_H
#define MIGBENCH_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "core/record/clock.h"

/* Now, ordered against the code around it, in the clock's unit; only differences mean anything. */
static inline uint64_t mb_clock_now(enum mb_clock clock)
{
	struct timespec now;
#if defined(__x86_64__)
	if (clock == MB_INSNS) {
		uint64_t low, high;

		__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
		return high << 32 | low;
	}
#elif defined(__aarch64__)
	if (clock == MB_INSNS) {
		uint64_t ticks;

		__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
		return ticks;
	}
#else
	(void)clock;
#endif
	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/*
 * @ticks of the module's clock, which runs at @khz, in @clock's unit: under the
 * instruction clock a tick is an instruction.
 */
double mb_clock_ticks(enum mb_clock clock, uint64_t ticks, uint64_t khz);

/*
 * What the kernel thinks of the time-stamp counter, which the time of a phase is counted with and, as a
 * rule, that of everything else: "steady", "unstable" (also where the kernel does not know its frequency),
 * or NULL where it has none or can't be asked.
 */
const char *mb_clock_counter(void);

/*
 * Where the timer tick falls. Under the instruction clock a sample that starts
 * just after a tick meets the next one at the same place in every boot and
 * after every change of order.
 */
struct mb_tick {
	int64_t phase, period; /* ns of CLOCK_MONOTONIC */
};

/*
 * Sleep until a round time: what comes after it has the same distance to all that the kernel does
 * now and then, though the kernel's start may have taken a few instructions more or less.
 */
void mb_clock_align(void);

/* Find the tick by watching CLOCK_MONOTONIC_COARSE step; takes up to three periods. */
void mb_tick_find(struct mb_tick *tick);
/* Sleep until just after the next tick. */
void mb_tick_wait(const struct mb_tick *tick);

#endif
