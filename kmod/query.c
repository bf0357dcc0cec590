// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller's own page-table entries, bit by bit. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "migbench.h"

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
	spinlock_t *ptl;
	pgd_t *pgd;
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	u8 bits = 0;

	pgd = pgd_offset(mm, addr);
	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return 0;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return 0;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud) || pud_trans_huge(*pud) || pud_bad(*pud))
		return 0;
	pmd = pmd_offset(pud, addr);
	ptl = pmd_lock(mm, pmd);
	if (mb_pmd_is_private(*pmd))
		bits = MIGBENCH_PTE_DEVICE | MIGBENCH_PTE_HUGE;
	else if (pmd_present(*pmd) && pmd_leaf(*pmd))
		bits = mb_pmd_bits(*pmd);
	spin_unlock(ptl);
	if (bits)
		return bits;
	rcu_read_lock();
	/* Not bad: a table, and none of the huge entries that only the hardware knows as such. */
	if (pmd_present(*pmd) && !pmd_leaf(*pmd) && !pmd_bad(*pmd)) {
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
