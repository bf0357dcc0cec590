/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All differences between kernels, and nothing else: the rest of the module is
 * written against the names below. Written and tested for Linux 5.10, 6.1, 6.12
 * and 7.2. Nothing goes by version, which says little where interfaces are ported
 * back: what is a macro is tested for, and of the rest the headers were asked
 * (questions.c). The versions in the comments are those of kernel.org. That an
 * interface does what it is believed to do is for the self-test to see.
 */
#ifndef MIGBENCH_COMPAT_H
#define MIGBENCH_COMPAT_H

#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/memremap.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/workqueue.h>

#include "have.h"

#if MB_HAVE_LEAFOPS
#include <linux/leafops.h>
#endif

/* A name that is there with a prototype that is not known must not pass for a missing one. */
#if MB_HAVE_PAGE_INIT_NAME && !MB_HAVE_PAGE_INIT && !MB_HAVE_PAGE_INIT_ORDER
#error "migbench does not know what this kernel's zone_device_page_init() takes"
#endif
#if MB_HAVE_DEVICE_RANGE_NAME && !MB_HAVE_DEVICE_RANGE
#error "migbench does not know what this kernel's migrate_device_range() takes"
#endif
#if MB_HAVE_DEVICE_PFNS_NAME && !MB_HAVE_DEVICE_PFNS
#error "migbench does not know what this kernel's migrate_device_pfns() takes"
#endif

/* Device-coherent memory came with 6.0. */
#if MB_HAVE_COHERENT
#define MB_TYPE_COHERENT MEMORY_DEVICE_COHERENT
#define MB_SELECT_COHERENT MIGRATE_VMA_SELECT_DEVICE_COHERENT
#define mb_page_is_coherent(page) is_device_coherent_page(page)
#else
#define MB_TYPE_COHERENT 0
#define MB_SELECT_COHERENT 0
#define mb_page_is_coherent(page) false
#endif

/* Up to 5.18 a destination also says that its page is locked. */
#ifdef MIGRATE_PFN_LOCKED
#define MB_PFN_LOCKED MIGRATE_PFN_LOCKED
#else
#define MB_PFN_LOCKED 0
#endif

/* An entry of migrate_vma.dst: frame @pfn, its page locked and with a reference. */
static inline unsigned long mb_destination(unsigned long pfn)
{
	return migrate_pfn(pfn) | MB_PFN_LOCKED;
}

/*
 * Huge folios in device-private memory, collected whole, came with 6.19: all of it
 * or, where something is missing, nothing. Then the kernel splits what is huge.
 */
#if MB_HAVE_SELECT_COMPOUND && MB_HAVE_PMD_PRIVATE && MB_HAVE_HUGE_ALLOC &&                        \
	MB_HAVE_PAGE_INIT_ORDER && MB_HAVE_FOLIO_FREE && MB_HAVE_DEVICE_PFNS &&                    \
	defined(CONFIG_ARCH_ENABLE_THP_MIGRATION)
#define MB_HAVE_HUGE 1
#define MB_PFN_HUGE MIGRATE_PFN_COMPOUND
#define MB_SELECT_HUGE MIGRATE_VMA_SELECT_COMPOUND
#define MB_HUGE_PAGES HPAGE_PMD_NR
#define mb_pmd_is_private(pmd) pmd_is_device_private_entry(pmd)

/* A huge folio on @node (NUMA_NO_NODE: anywhere), or by the policy of @vma at @addr. */
static inline struct page *mb_alloc_huge(struct vm_area_struct *vma, unsigned long addr, int node,
					 gfp_t flags)
{
	struct folio *folio;

	if (vma)
		folio = vma_alloc_folio(GFP_TRANSHUGE | flags, HPAGE_PMD_ORDER, vma, addr);
	else
		folio = __folio_alloc_node(GFP_TRANSHUGE | flags, HPAGE_PMD_ORDER,
					   node == NUMA_NO_NODE ? numa_mem_id() : node);
	return folio ? &folio->page : NULL;
}

/* Let the VMA at @addr have huge pages, whatever the machine's setting. 0 or an error. */
static inline int mb_want_huge(unsigned long addr)
{
	struct vm_area_struct *vma;

	mmap_write_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	if (vma)
		vm_flags_set(vma, VM_HUGEPAGE);
	mmap_write_unlock(current->mm);
	return vma ? 0 : -EFAULT;
}

/* Base pages that must come back together for a CPU fault. */
static inline unsigned long mb_fault_pages(const struct vm_fault *vmf)
{
	return vmf->pte ? 1 : folio_nr_pages(page_folio(vmf->page));
}

/* Is it for a page of a large folio that is mapped by PTEs? migrate_vma_setup() then splits it. */
static inline bool mb_fault_splits(const struct vm_fault *vmf)
{
	return vmf->pte && folio_test_large(page_folio(vmf->page));
}
#else
#define MB_HAVE_HUGE 0
#define MB_PFN_HUGE 0
#define MB_SELECT_HUGE 0
#define MB_HUGE_PAGES 1
#define mb_pmd_is_private(pmd) false
#define mb_alloc_huge(vma, addr, node, flags) ((struct page *)NULL)
#define mb_want_huge(addr) (-EOPNOTSUPP)
#define mb_fault_pages(vmf) 1UL
#define mb_fault_splits(vmf) false
#endif

/*
 * Entries of src and dst that migrate_vma_setup() may write for @pages. Where it knows huge folios (7.2) it
 * lets go of a page table while it splits one in it; has another thread had the table dropped meanwhile, it
 * begins with the first address again, behind what it has written.
 */
#if MB_HAVE_SELECT_COMPOUND
#define MB_SETUP_ENTRIES(pages) (2 * (pages))
#else
#define MB_SETUP_ENTRIES(pages) (pages)
#endif

/* Of the @pages that were asked for: then no entry is that of its address, and nothing may move. */
static inline bool mb_is_astray(const struct migrate_vma *args, unsigned long pages)
{
	return MB_HAVE_SELECT_COMPOUND && args->npages != pages;
}

/* Make free device pages, one or @pages together, a folio with a reference and its lock held. */
static inline void mb_device_page_init(struct dev_pagemap *pgmap, struct page *page,
				       unsigned long pages)
{
	unsigned long i;

	/*
	 * What its last user's folio was, active or unevictable or dirty, kernels leave on a free device page
	 * (5.10, 6.1, 6.12; 7.2 all but the lowest eight), and the first two together are a BUG of DEBUG_VM
	 * when it is moved away. Of a huge folio the second page has flags, too. Since 6.18 flags are a type
	 * of one word.
	 */
	for (i = 0; i < min(pages, 2UL); i++)
		*(unsigned long *)&page[i].flags &= ~PAGE_FLAGS_CHECK_AT_PREP | BIT(PG_reserved);
#if MB_HAVE_PAGE_INIT_ORDER
	/* Not page_folio(): to a former huge folio its tails still point. */
	zone_device_page_init(page, pgmap, ilog2(pages));
#if MB_HAVE_HUGE
	if (pages > 1)
		folio_set_large_rmappable(page_folio(page));
#endif
#elif MB_HAVE_PAGE_INIT
	zone_device_page_init(page);
#else
	/* From 5.18 to 6.0 a free page's one reference is that of its next user. */
	if (MB_HAVE_FREE_REFERENCE)
		get_page(page);
	lock_page(page);
#endif
}

/* The pagemap operations; _free(page, pages) gets what lost its last reference. */
#if MB_HAVE_FOLIO_FREE
#define MB_PAGEMAP_FREE(_name, _free)                                                              \
	static void _name(struct folio *folio)                                                     \
	{                                                                                          \
		_free(&folio->page, folio_nr_pages(folio));                                        \
	}
#define MB_PAGEMAP_OPS(_name, _to_ram)                                                             \
	{                                                                                          \
		.folio_free = (_name), .migrate_to_ram = (_to_ram)                                 \
	}
#else
#define MB_PAGEMAP_FREE(_name, _free)                                                              \
	static void _name(struct page *page)                                                       \
	{                                                                                          \
		_free(page, 1);                                                                    \
	}
#define MB_PAGEMAP_OPS(_name, _to_ram)                                                             \
	{                                                                                          \
		.page_free = (_name), .migrate_to_ram = (_to_ram)                                  \
	}
#endif

static inline struct dev_pagemap *mb_page_pgmap(struct page *page)
{
#if MB_HAVE_PAGE_PGMAP
	return page_pgmap(page);
#else
	return page->pgmap;
#endif
}

/* From 6.1 on the kernel holds a reference on the page that a fault is for. */
static inline void mb_set_fault_page(struct migrate_vma *args, struct page *page)
{
#if MB_HAVE_FAULT_PAGE
	args->fault_page = page;
#endif
}

/* How often a page is mapped; the old name is gone in 6.12, the new one is not exported in 6.1. */
#if MB_HAVE_PAGE_MAPCOUNT
#define mb_page_mapcount(page) page_mapcount(page)
#else
#define mb_page_mapcount(page) folio_mapcount(page_folio(page))
#endif

/*
 * Eviction by frame number: lock and unmap what is mapped of @count frames from
 * @first on; migrate_device_range() came with 6.1, migrate_device_pfns() with 6.15.
 * The _list() is what a driver knows beforehand: it returns how many entries @src
 * and @dst take, and counts the used frames. What nobody maps is free as soon as its
 * last reference is gone, and must not be among them, as little as what has no anon_vma in
 * @kept: the kernel looks for its mappings in one that may go with the last of them.
 */
#define MB_HAVE_EVICT ((MB_HAVE_DEVICE_RANGE || MB_HAVE_DEVICE_PFNS) && !IS_ENABLED(CONFIG_SLOB))

/* Is it the list by which is evicted, unless someone asks for one of the two? */
#define MB_EVICT_BY_PFNS (MB_HAVE_HUGE || !MB_HAVE_DEVICE_RANGE)

/* A frame that was a huge folio's tail points to its head until it is used again. */
static inline bool mb_frame_is_used(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn), *head = MB_HAVE_HUGE ? compound_head(page) : page;

	return page_count(head) > 0 &&
	       (!MB_HAVE_HUGE || pfn < page_to_pfn(head) + compound_nr(head));
}

/* The kernel moves no tags of MTE away from memory that has come to have some. */
#if defined(CONFIG_ARM64_MTE) && defined(PG_mte_tagged)
#define mb_has_tags(page) test_bit(PG_mte_tagged, (unsigned long *)&(page)->flags)
#else
#define mb_has_tags(page) false
#endif

/* The first entry of frames in a row says how many they are, one that is left out is 0. */
static inline unsigned int mb_range_list(unsigned long *src, struct anon_vma *const *kept,
					 unsigned long first, unsigned int count, u32 *used)
{
	unsigned int i, row = 0;

	for (i = 0; i < count; i++) {
		struct page *page = pfn_to_page(first + i);
		bool is_used = mb_frame_is_used(first + i);

		src[i] = 0;
		*used += is_used;
		/* By the rest of a huge folio, or what was one, 7.2 misses as much of what follows. */
		if (is_used ? !kept[i] || mb_has_tags(page) ||
				      page_to_pfn(compound_head(page)) < first + row
			    : PageCompound(page))
			row = i + 1;
		else
			src[row]++;
	}
	return count;
}

static inline void mb_range_collect(unsigned long *src, unsigned long first, unsigned int entries)
{
#if MB_HAVE_DEVICE_RANGE
	unsigned int i, row;

	for (i = 0; i < entries; i += max(row, 1U)) {
		row = src[i];
		if (row)
			migrate_device_range(src + i, first + i, row);
	}
#endif
}

static inline unsigned int mb_pfns_list(unsigned long *src, struct anon_vma *const *kept,
					unsigned long first, unsigned int count, u32 *used)
{
	unsigned long pfn = first, past = first + count;
	unsigned int entries = 0;

	while (pfn < past) {
		struct page *head = compound_head(pfn_to_page(pfn));
		unsigned long start = page_to_pfn(head), nr = compound_nr(head), end;
		bool goes;

		if (!mb_frame_is_used(pfn)) {
			pfn++;
			continue;
		}
		/*
		 * A huge folio goes whole or not at all, and one look decides: of one that is listed in part, while
		 * others unmap it, 7.2 takes the entries that follow for the rest.
		 */
		end = clamp(start + nr, pfn + 1, past);
		goes = pfn == start && end == start + nr && kept[pfn - first] && !mb_has_tags(head);
		*used += end - pfn;
		for (; pfn < end; pfn++)
			if (goes)
				src[entries++] = pfn;
	}
	return entries;
}

static inline void mb_pfns_collect(unsigned long *src, unsigned long first, unsigned int entries)
{
#if MB_HAVE_DEVICE_PFNS
	migrate_device_pfns(src, entries);
#endif
}

#if !MB_HAVE_EVICT
#define migrate_device_pages(src, dst, entries)
#define migrate_device_finalize(src, dst, entries)
#endif

/* PG_anon_exclusive came with 5.19. */
#if MB_HAVE_ANON_EXCLUSIVE
/* Of hugetlb the head has it. */
#define mb_page_is_exclusive(page)                                                                 \
	(PageAnon(page) && PageAnonExclusive(PageHuge(page) ? compound_head(page) : (page)))
#else
#define mb_page_is_exclusive(page) false
#endif

static inline bool mb_pte_is_private(pte_t pte)
{
#if MB_HAVE_SOFTLEAF
	return softleaf_is_device_private(softleaf_from_pte(pte));
#else
	return is_device_private_entry(pte_to_swp_entry(pte));
#endif
}

#if !MB_HAVE_VMA_LOOKUP
static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && addr >= vma->vm_start ? vma : NULL;
}
#endif

/* Does the CPU set the accessed bit of a PTE itself, or does the kernel have it do so by a fault? */
static inline bool mb_hw_young(void)
{
#if defined(arch_has_hw_pte_young)
	return arch_has_hw_pte_young();
#elif defined(arch_faults_on_old_pte)
	bool faults;

	preempt_disable();
	faults = arch_faults_on_old_pte();
	preempt_enable();
	return !faults;
#else
	return IS_ENABLED(CONFIG_X86_64);
#endif
}

/* A queue of work for no CPU in particular; 7.2 says in its log that the older name is deprecated. */
#if MB_HAVE_DFL_WQ
#define mb_unbound_wq system_dfl_wq
#else
#define mb_unbound_wq system_unbound_wq
#endif

/* Call @visit for what is Soft Reserved within @start … @end and not in iomem_resource, as on 7.2 for x86. */
static inline void mb_walk_soft_reserve(u64 start, u64 end, void *arg,
					int (*visit)(struct resource *resource, void *arg))
{
#if MB_HAVE_SOFT_RESERVE
	walk_soft_reserve_res(start, end, arg, visit);
#endif
}

/* References of a device page besides those of its users. */
#define MB_FREE_REFERENCES MB_HAVE_FREE_REFERENCE

#ifndef FOLIO_MAPPING_ANON /* before 6.17 */
#define FOLIO_MAPPING_ANON PAGE_MAPPING_ANON
#define FOLIO_MAPPING_FLAGS PAGE_MAPPING_FLAGS
#endif

#endif
