// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wall clock that stands still, for QEMU alone (LD_PRELOAD), under the instruction clock.
 *
 * QEMU gives the emulated TLB more or fewer entries by how full it was in the last 100 ms of host
 * time (tlb_mmu_resize_locked() in its accel/tcg/cputlb.c; the time is gettimeofday()'s). How many
 * there are decides which translations are still there when the guest has cleared an accessed bit
 * and flushed nothing, and so whether the bit is set again: the guest sees how fast the host is. With
 * no time passing, the TLB grows by what the guest does alone, and never shrinks.
 */
#include <stddef.h>
#include <sys/time.h>

__attribute__((visibility("default"))) int gettimeofday(struct timeval *restrict now,
							void *restrict zone)
{
	(void)zone;
	/* The date that the guest's clock begins with (lab/vm/vm.c). */
	*now = (struct timeval){ .tv_sec = 1704067200 };
	return 0;
}
