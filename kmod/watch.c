// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe on the TLB flush tracepoint of x86; without that nothing can be watched. */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <asm/tlbflush.h>

#include "migbench.h"
#include "pagetable.h"
#include "watch.h"

#if defined(CONFIG_X86_64) && defined(CONFIG_SMP)
/*
 * Runs in the flush, on the CPU that asked for it. Preemption is off, and so RCU
 * keeps the table that the walk finds.
 */
static void mb_on_flush(void *data, int reason, unsigned long pages)
{
	struct mb_watch *watch = data;
	pmd_t *pmd, found;

	if (current != READ_ONCE(watch->task) || reason != TLB_LOCAL_MM_SHOOTDOWN)
		return;
	watch->flushes++;
	pmd = mb_find_pmd(current->mm, watch->addr);
	if (!pmd)
		return;
	found = READ_ONCE(*pmd);
	if (mb_is_table(found) && spin_is_locked(pte_lockptr(current->mm, &found)))
		watch->locked++;
}

int mb_watch_begin(struct mb_watch *watch, unsigned long addr)
{
	*watch = (struct mb_watch){ .addr = addr };
	watch->tracepoint = mb_find_tlb_flush();
	if (!watch->tracepoint)
		return -EOPNOTSUPP;
	return tracepoint_probe_register(watch->tracepoint, mb_on_flush, watch);
}

void mb_watch_end(struct mb_watch *watch)
{
	tracepoint_probe_unregister(watch->tracepoint, mb_on_flush, watch);
	tracepoint_synchronize_unregister();
}
#else
int mb_watch_begin(struct mb_watch *watch, unsigned long addr)
{
	return -EOPNOTSUPP;
}

void mb_watch_end(struct mb_watch *watch)
{
}
#endif
