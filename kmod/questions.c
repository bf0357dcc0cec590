// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked of a kernel's headers: whether they have it, not which version they say they are.
 * A question is a function in a "file" of its own name. ask.sh compiles them all at once, with the
 * kernel's own flags; an error in a question is its answer no, and MB_HAVE_NAME is 0. Functions
 * are asked for by their address where their prototype matters. Never linked, never run.
 */
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/memremap.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/workqueue.h>
#if __has_include("linux/leafops.h")
#include <linux/leafops.h>
#define LEAFOPS_IS_THERE
#endif

#define QUESTION static void __maybe_unused

/* Controls: what every kernel has that the module can be built for, and two things that none has. */
#line 1 "BASIS"
QUESTION basis(struct migrate_vma *args, struct dev_pagemap *pgmap, struct mm_struct *mm)
{
	int (*setup)(struct migrate_vma *) = migrate_vma_setup;
	void (*move)(struct migrate_vma *) = migrate_vma_pages;
	void (*finalize)(struct migrate_vma *) = migrate_vma_finalize;

	mmap_read_lock(mm);
	args->flags = MIGRATE_VMA_SELECT_SYSTEM | MIGRATE_VMA_SELECT_DEVICE_PRIVATE;
	args->pgmap_owner = pgmap->owner;
	pgmap->type = MEMORY_DEVICE_PRIVATE;
	pgmap->range.start = pgmap->nr_range;
	setup(args);
	move(args);
	finalize(args);
	memremap_pages(pgmap, 0);
}

#line 1 "CONTROL_NAME"
QUESTION control_name(void)
{
	(void)&migrate_vma_of_no_kernel;
}

#line 1 "CONTROL_PROTOTYPE"
QUESTION control_prototype(void)
{
	struct page *(*other)(int) = migrate_vma_setup;

	other(0);
}

/* A header; compat.h cannot look for it as above, for sparse knows no __has_include(). */
#line 1 "LEAFOPS"
QUESTION leafops(void)
{
#ifndef LEAFOPS_IS_THERE
	(void)&linux_leafops_h;
#endif
}

/* Device-coherent memory. */
#line 1 "COHERENT"
QUESTION coherent(struct page *page, struct dev_pagemap *pgmap, struct migrate_vma *args)
{
	pgmap->type = MEMORY_DEVICE_COHERENT;
	args->flags = MIGRATE_VMA_SELECT_DEVICE_COHERENT;
	args->cpages = is_device_coherent_page(page);
}

/* Does the core hold a reference on the page of a fault, and want to know which it is? */
#line 1 "FAULT_PAGE"
QUESTION fault_page(struct migrate_vma *args, struct page *page)
{
	args->fault_page = page;
}

/* Huge pages, collected whole. */
#line 1 "SELECT_COMPOUND"
QUESTION select_compound(struct migrate_vma *args)
{
	args->flags = MIGRATE_VMA_SELECT_COMPOUND;
	args->src[0] = MIGRATE_PFN_COMPOUND;
}

#line 1 "PMD_PRIVATE"
QUESTION pmd_private(pmd_t pmd, struct migrate_vma *args)
{
	args->cpages = pmd_is_device_private_entry(pmd);
}

#line 1 "HUGE_ALLOC"
QUESTION huge_alloc(struct vm_area_struct *vma)
{
	struct folio *mine = vma_alloc_folio(GFP_TRANSHUGE, HPAGE_PMD_ORDER, vma, 0);

	mine = __folio_alloc_node(GFP_TRANSHUGE, HPAGE_PMD_ORDER, 0);
	folio_set_large_rmappable(mine);
	vm_flags_set(vma, VM_HUGEPAGE);
}

/* A driver's free device page becomes one in use; alone, or several as a folio. */
#line 1 "PAGE_INIT_NAME"
QUESTION page_init_name(void)
{
	(void)&zone_device_page_init;
}

#line 1 "PAGE_INIT"
QUESTION page_init(struct page *page)
{
	void (*init)(struct page *) = zone_device_page_init;

	init(page);
}

#line 1 "PAGE_INIT_ORDER"
QUESTION page_init_order(struct page *page, struct dev_pagemap *pgmap)
{
	void (*init)(struct page *, struct dev_pagemap *, unsigned int) = zone_device_page_init;

	init(page, pgmap, 0);
}

/* Has a free device page a reference, so that the last but one frees it? */
#line 1 "FREE_REFERENCE"
QUESTION free_reference(struct page *page, struct migrate_vma *args)
{
	args->cpages = page_is_devmap_managed(page);
}

#line 1 "FOLIO_FREE"
QUESTION folio_free(struct dev_pagemap_ops *ops, void (*give)(struct folio *folio))
{
	ops->folio_free = give;
}

#line 1 "PAGE_PGMAP"
QUESTION which_pgmap(struct page *page, struct migrate_vma *args)
{
	struct dev_pagemap *pgmap = page_pgmap(page);

	args->pgmap_owner = pgmap->owner;
}

/* Eviction by frame number: of frames in a row, and of frames in a list. */
#line 1 "DEVICE_RANGE_NAME"
QUESTION device_range_name(void)
{
	(void)&migrate_device_range;
}

#line 1 "DEVICE_RANGE"
QUESTION device_range(unsigned long *src, unsigned long *dst)
{
	int (*take)(unsigned long *, unsigned long, unsigned long) = migrate_device_range;
	void (*move)(unsigned long *, unsigned long *, unsigned long) = migrate_device_pages;
	void (*finalize)(unsigned long *, unsigned long *, unsigned long) = migrate_device_finalize;

	take(src, 0, 1);
	move(src, dst, 1);
	finalize(src, dst, 1);
}

#line 1 "DEVICE_PFNS_NAME"
QUESTION device_pfns_name(void)
{
	(void)&migrate_device_pfns;
}

#line 1 "DEVICE_PFNS"
QUESTION device_pfns(unsigned long *src)
{
	int (*take)(unsigned long *, unsigned long) = migrate_device_pfns;

	take(src, 1);
}

/* The state of a page, and of a page-table entry. */
#line 1 "ANON_EXCLUSIVE"
QUESTION anon_exclusive(struct page *page, struct migrate_vma *args)
{
	args->cpages = PageAnonExclusive(page);
}

#line 1 "SOFTLEAF"
QUESTION softleaf(pte_t pte, struct migrate_vma *args)
{
	args->cpages = softleaf_is_device_private(softleaf_from_pte(pte));
}

/* Asked for first: where both are, folio_mapcount() may be one that no module can call. */
#line 1 "PAGE_MAPCOUNT"
QUESTION mapcount(struct page *page, struct migrate_vma *args)
{
	args->cpages = page_mapcount(page);
}

/* Whose is an address? For slabs.c. */
#line 1 "MEM_DUMP_OBJ"
QUESTION dump(void *at)
{
	void (*tell)(void *) = mem_dump_obj;

	tell(at);
}

/* A queue of work for no CPU in particular, and who asks for memory that firmware calls special purpose. */
#line 1 "DFL_WQ"
QUESTION dfl_wq(void)
{
	(void)&system_dfl_wq;
}

#line 1 "SOFT_RESERVE"
QUESTION soft_reserve(void)
{
	int (*walk)(u64, u64, void *, int (*)(struct resource *, void *)) = walk_soft_reserve_res;

	walk(0, 0, NULL, NULL);
}

/* Called at each flush of an mm, as IOMMUs that share its tables must know of it. */
#line 1 "FLUSH_NOTIFIER"
QUESTION flush_notifier(struct mmu_notifier_ops *ops)
{
	ops->arch_invalidate_secondary_tlbs = NULL;
}

#line 1 "VMA_LOOKUP"
QUESTION lookup(struct migrate_vma *args, struct mm_struct *mm)
{
	args->vma = vma_lookup(mm, 0);
}
