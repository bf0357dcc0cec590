/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a thread does that waits for another one without sleeping. */
#ifndef MIGBENCH_BENCH_SCENE_TURN_H
#define MIGBENCH_BENCH_SCENE_TURN_H

/*
 * Under the instruction clock CPUs run in turns of millions of instructions: who only waits gives
 * its turn back. On a real CPU it is the hint that this is a loop that waits.
 */
static inline void mb_give_turn(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

#endif
