// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller's own page-table entries, bit by bit. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "migbench.h"
#include "pagetable.h"

#ifdef CONFIG_X86_64
/* Pages answered for under one hold of mmap_lock. */
#define QUERY_CHUNK 512UL

static u8 mb_page_bits(struct page *page)
{
	u8 bits = 0;

	if (mb_page_is_exclusive(page))
		bits |= MIGBENCH_PTE_EXCLUSIVE;
	if (PageDirty(page))
		bits |= MIGBENCH_PAGE_DIRTY;
	if (mb_page_is_coherent(page))
		bits |= MIGBENCH_PTE_DEVICE;
	return bits;
}

static u8 mb_pte_bits(pte_t pte)
{
	u8 bits = MIGBENCH_PTE_PRESENT;

	if (pte_none(pte))
		return 0;
	if (!pte_present(pte))
		return mb_pte_is_private(pte) ? MIGBENCH_PTE_DEVICE : 0;
	bits |= pte_young(pte) ? MIGBENCH_PTE_YOUNG : 0;
	bits |= pte_dirty(pte) ? MIGBENCH_PTE_DIRTY : 0;
	bits |= pte_write(pte) ? MIGBENCH_PTE_WRITE : 0;
	if (!pte_special(pte) && pfn_valid(pte_pfn(pte)))
		bits |= mb_page_bits(pfn_to_page(pte_pfn(pte)));
	return bits;
}

static u8 mb_pmd_bits(pmd_t pmd)
{
	u8 bits = MIGBENCH_PTE_PRESENT | MIGBENCH_PTE_HUGE;

	bits |= pmd_young(pmd) ? MIGBENCH_PTE_YOUNG : 0;
	bits |= pmd_dirty(pmd) ? MIGBENCH_PTE_DIRTY : 0;
	bits |= pmd_write(pmd) ? MIGBENCH_PTE_WRITE : 0;
	if (pfn_valid(pmd_pfn(pmd)))
		bits |= mb_page_bits(pfn_to_page(pmd_pfn(pmd)));
	return bits;
}

/* Under mmap_lock, so that no page table goes away; its lock keeps the page. */
static u8 mb_query_one(struct mm_struct *mm, unsigned long addr)
{
	pmd_t *pmd = mb_find_pmd(mm, addr);
	spinlock_t *ptl;
	u8 bits = 0;

	if (!pmd)
		return 0;
	ptl = pmd_lock(mm, pmd);
	if (mb_pmd_is_private(*pmd))
		bits = MIGBENCH_PTE_DEVICE | MIGBENCH_PTE_HUGE;
	else if (pmd_present(*pmd) && pmd_leaf(*pmd))
		bits = mb_pmd_bits(*pmd);
	spin_unlock(ptl);
	if (bits)
		return bits;
	rcu_read_lock();
	if (mb_is_table(*pmd)) {
		ptl = pte_lockptr(mm, pmd);
		spin_lock(ptl);
		/* A page table can't become a huge page under its lock and our mmap_lock. */
		bits = mb_pte_bits(*pte_offset_kernel(pmd, addr));
		spin_unlock(ptl);
	}
	rcu_read_unlock();
	return bits;
}

long mb_query(const struct migbench_query *request)
{
	u8 __user *states = u64_to_user_ptr(request->states);
	u8 *chunk = kmalloc(QUERY_CHUNK, GFP_KERNEL);
	unsigned long at, i, count;
	long ret = chunk ? 0 : -ENOMEM;

	for (at = 0; !ret && at < request->pages; at += count) {
		count = min_t(u64, QUERY_CHUNK, request->pages - at);
		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		/* Exclusive: khugepaged, too, keeps off the page tables meanwhile. */
		mmap_write_lock(current->mm);
		for (i = 0; i < count; i++)
			chunk[i] = mb_query_one(current->mm, request->addr + (at + i) * PAGE_SIZE);
		mmap_write_unlock(current->mm);
		if (copy_to_user(states + at, chunk, count))
			ret = -EFAULT;
		cond_resched();
	}
	kfree(chunk);
	return ret;
}
#else
long mb_query(const struct migbench_query *request)
{
	return -EOPNOTSUPP;
}
#endif
