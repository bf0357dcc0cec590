// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller's own page-table entries, bit by bit. */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "migbench.h"
#include "pagetable.h"

#if MB_HAVE_TABLES
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

/*
 * The entry in the page table that @pmd leads to; false if another stands there
 * meanwhile. Neither mmap_lock nor a PMD's lock keeps a page table where it is
 * (retract_page_tables(), and from 6.14 on MADV_DONTNEED); RCU keeps it in memory.
 */
static bool mb_query_table(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, u8 *bits)
{
	pmd_t found = READ_ONCE(*pmd);
	spinlock_t *ptl;
	bool same;

	*bits = 0;
	if (!mb_is_table(found))
		return true;
	ptl = pte_lockptr(mm, &found);
	spin_lock(ptl);
	same = pmd_val(found) == pmd_val(READ_ONCE(*pmd));
	if (same)
		*bits = mb_pte_bits(ptep_get(pte_offset_kernel(&found, addr)));
	spin_unlock(ptl);
	return same;
}

static u8 mb_query_huge(struct mm_struct *mm, pmd_t *pmd)
{
	spinlock_t *ptl = pmd_lock(mm, pmd);
	u8 bits = 0;

	if (mb_pmd_is_private(*pmd))
		bits = MIGBENCH_PTE_DEVICE | MIGBENCH_PTE_HUGE;
	else if (pmd_present(*pmd) && pmd_leaf(*pmd))
		bits = mb_pmd_bits(*pmd);
	spin_unlock(ptl);
	return bits;
}

/*
 * Under mmap_lock and of a VMA, so that no table above goes away; the entry's lock keeps the page. But
 * tables that mappings of hugetlb share go as the kernel likes.
 */
static u8 mb_query_one(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	bool settled = false;
	u8 bits = 0;
	pmd_t *pmd;

	if (!vma || (is_vm_hugetlb_page(vma) && vma->vm_flags & VM_MAYSHARE))
		return 0;
	pmd = mb_find_pmd(mm, addr);
	if (!pmd)
		return 0;
	while (!settled) {
		bits = mb_query_huge(mm, pmd);
		if (bits)
			break;
		rcu_read_lock();
		settled = mb_query_table(mm, pmd, addr, &bits);
		rcu_read_unlock();
	}
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
		if (mmap_read_lock_killable(current->mm)) {
			ret = -EINTR;
			break;
		}
		for (i = 0; i < count; i++)
			chunk[i] = mb_query_one(current->mm, request->addr + (at + i) * PAGE_SIZE);
		mmap_read_unlock(current->mm);
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
