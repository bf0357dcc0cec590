// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a thread's TLB flushes are told: x86's tracepoint, or what newer kernels tell IOMMUs elsewhere. */
#include <linux/errno.h>
#include <linux/mmu_notifier.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <asm/tlbflush.h>

#include "migbench.h"
#include "pagetable.h"
#include "watch.h"

#if defined(CONFIG_X86_64) && defined(CONFIG_SMP)
#define BY_TRACEPOINT
#elif MB_HAVE_TABLES && MB_HAVE_FLUSH_NOTIFIER && defined(CONFIG_MMU_NOTIFIER)
#define BY_NOTIFIER
#endif

#if defined(BY_TRACEPOINT) || defined(BY_NOTIFIER)
/* In the flush, on the CPU that asked for it: nothing that sleeps. */
static void mb_see_flush(struct mb_watch *watch)
{
	pmd_t *pmd, found;

	watch->flushes++;
	/* It keeps the table found. */
	rcu_read_lock();
	pmd = mb_find_pmd(current->mm, watch->addr);
	if (pmd) {
		found = READ_ONCE(*pmd);
		if (mb_is_table(found) && spin_is_locked(pte_lockptr(current->mm, &found)))
			watch->locked++;
	}
	rcu_read_unlock();
}
#endif

#if defined(BY_TRACEPOINT)
static void mb_on_flush(void *data, int reason, unsigned long pages)
{
	struct mb_watch *watch = data;

	if (current == READ_ONCE(watch->task) && reason == TLB_LOCAL_MM_SHOOTDOWN && pages)
		mb_see_flush(watch);
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
#elif defined(BY_NOTIFIER)
/* Often with the page-table lock held. */
static void mb_on_invalidate(struct mmu_notifier *notifier, struct mm_struct *mm,
			     unsigned long start, unsigned long end)
{
	struct mb_watch *watch = container_of(notifier, struct mb_watch, notifier);

	if (current == READ_ONCE(watch->task))
		mb_see_flush(watch);
}

static const struct mmu_notifier_ops mb_watch_ops = {
	.arch_invalidate_secondary_tlbs = mb_on_invalidate,
};

int mb_watch_begin(struct mb_watch *watch, unsigned long addr)
{
	*watch = (struct mb_watch){ .addr = addr, .notifier.ops = &mb_watch_ops };
	return mb_notifier_register(&watch->notifier, current->mm);
}

void mb_watch_end(struct mb_watch *watch)
{
	mmu_notifier_unregister(&watch->notifier, current->mm);
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
