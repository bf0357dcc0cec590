/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cheapest ordered clock: what is timed can't slide over a phase border. */
#ifndef MIGBENCH_CLOCK_H
#define MIGBENCH_CLOCK_H

#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(mb_fenced);

#ifdef CONFIG_X86
#include <asm/msr.h>
#include <asm/tsc.h>

static inline u64 mb_clock_now(void)
{
	return rdtsc_ordered();
}

static inline u64 mb_clock_khz(void)
{
	return tsc_khz;
}
#elif defined(CONFIG_ARM64)
#include <asm/arch_timer.h>

/* Ordered against what is before and after it, and not slewed as the kernel's time is. */
static inline u64 mb_clock_now(void)
{
	return __arch_counter_get_cntvct();
}

static inline u64 mb_clock_khz(void)
{
	return arch_timer_get_cntfrq() / 1000;
}
#else
#include <linux/timekeeping.h>

static inline u64 mb_clock_now(void)
{
	return ktime_get_ns();
}

static inline u64 mb_clock_khz(void)
{
	return 1000000;
}
#endif

/* As mb_clock() with fenced=1: stores have reached memory, too, and nothing behind the stamp has begun. */
u64 mb_clock_fenced(void);

/* A stamp: all that is before it has been executed. */
static inline u64 mb_clock(void)
{
	if (static_branch_unlikely(&mb_fenced))
		return mb_clock_fenced();
	return mb_clock_now();
}

#endif
