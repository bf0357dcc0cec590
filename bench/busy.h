/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody who always has something to do, but while a sample is taken.
 *
 * When the CPU halts under the instruction clock, QEMU (7.2 and 10.0 at least) moves the time on to
 * the next timer. On a busy host its main loop now and then sees the CPU halted before the CPU's
 * thread has accounted for its last instructions, and moves the time on too far; from then on the
 * boot differs from others. A CPU that never idles has no such moments. (Inferred from how boots
 * differ, docs/instruction-clock.md; not traced within QEMU.)
 */
#ifndef MIGBENCH_BENCH_BUSY_H
#define MIGBENCH_BENCH_BUSY_H

struct mb_busy;

/* Begin; NULL where it makes no sense (several CPUs) or can't be had. */
struct mb_busy *mb_busy_start(void);

/* No instruction of it falls between these. NULL does nothing. */
void mb_busy_pause(struct mb_busy *busy);
void mb_busy_resume(struct mb_busy *busy);

/* End and free it. */
void mb_busy_end(struct mb_busy *busy);

#endif
