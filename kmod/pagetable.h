/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way down a page table, to the last level that may hold a huge page. */
#ifndef MIGBENCH_PAGETABLE_H
#define MIGBENCH_PAGETABLE_H

#include <linux/mm.h>

/* Does the module know its way down page tables here? */
#define MB_HAVE_TABLES (IS_ENABLED(CONFIG_X86_64) || IS_ENABLED(CONFIG_ARM64))

#if MB_HAVE_TABLES
/*
 * The PMD of @addr, or NULL if there is none. Under mmap_lock, so that no table
 * above it goes away.
 */
static inline pmd_t *mb_find_pmd(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d;
	pud_t *pud;

	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud) || pud_trans_huge(*pud) || pud_bad(*pud))
		return NULL;
	return pmd_offset(pud, addr);
}

/* Does it lead to a table, not to a huge page of which only the hardware knows? */
static inline bool mb_is_table(pmd_t pmd)
{
	return pmd_present(pmd) && !pmd_leaf(pmd) && !pmd_bad(pmd);
}
#endif

#endif
