// SPDX-License-Identifier: GPL-2.0-or-later
/* Where each page of a batch goes: pages of the device or of a node, and the copy into them. */
#include <linux/highmem.h>
#include <linux/mm.h>

#include "transfer.h"

/* One locked page of @pages base pages, or NULL. */
static struct page *mb_alloc_page(const struct mb_place *place, unsigned long addr,
				  unsigned long pages)
{
	/* NUMA_NO_NODE: wherever there is room. */
	bool anywhere = place->node == NUMA_NO_NODE;
	gfp_t here = __GFP_NOWARN | (anywhere ? 0 : __GFP_THISNODE);
	struct page *page;

	if (pages > 1)
		page = mb_alloc_huge(place->vma, addr, place->node, here);
	else if (place->vma)
		page = alloc_page_vma(GFP_HIGHUSER_MOVABLE, place->vma, addr);
	else
		/* Nobody is killed for an eviction; __GFP_THISNODE sees to that, too. */
		page = alloc_pages_node(
			place->node,
			GFP_HIGHUSER_MOVABLE | here | (anywhere ? __GFP_RETRY_MAYFAIL : 0), 0);
	if (page)
		lock_page(page);
	return page;
}

struct page *mb_alloc_system_page(int node, unsigned long pages)
{
	const struct mb_place place = { .node = node };

	return mb_alloc_page(&place, 0, pages);
}

bool mb_has_room(int node, unsigned long pages)
{
	struct page *page = mb_alloc_system_page(node, pages);

	if (page) {
		unlock_page(page);
		put_page(page);
	}
	return page;
}

void mb_forget_entry(unsigned long *dst, unsigned long pages)
{
	unsigned long i;

	for (i = 0; i < pages; i++) {
		struct page *page = migrate_pfn_to_page(dst[i]);

		dst[i] = 0;
		if (!page)
			continue;
		unlock_page(page);
		put_page(page);
	}
}

void mb_alloc_entry(const struct mb_place *place, unsigned long src, unsigned long *dst)
{
	unsigned long pages = mb_entry_pages(src), i;
	struct page *page;

	if (pages > 1) {
		page = mb_alloc_page(place, place->addr, pages);
		if (page) {
			*dst = mb_destination(page_to_pfn(page)) | MB_PFN_HUGE;
			return;
		}
		*dst = 0;
		if (!mb_may_split(src))
			return;
	}
	for (i = 0; i < pages; i++) {
		page = mb_alloc_page(place, place->addr + i * PAGE_SIZE, 1);
		dst[i] = page ? mb_destination(page_to_pfn(page)) : 0;
		if (unlikely(!page) && pages > 1) {
			mb_forget_entry(dst, i);
			return;
		}
	}
}

/*
 * Can this page of the caller move? Setup takes file pages too, also those of a
 * memfd, but migrate_vma_pages() leaves the old page's mapping as it was (a bad
 * page when it is freed) and what a file system keeps with its page.
 */
static bool mb_can_move(unsigned long mpfn)
{
	struct page *page = migrate_pfn_to_page(mpfn);

	return PageAnon(page) && !mb_has_tags(page);
}

/*
 * Huge destinations for huge sources, and for huge holes where the process asked
 * for huge pages. Returns how many base pages of the batch have none yet.
 */
static unsigned long mb_alloc_device_huge(struct mb_job *job, struct migrate_vma *args)
{
	struct mb_device *device = job->device;
	unsigned long i, pages, left = args->cpages;

	for (i = 0; MB_HAVE_HUGE && i < args->npages; i += pages) {
		long block;

		pages = mb_entry_pages(args->src[i]);
		/* What isn't to move has no part in cpages. */
		if (pages == 1 || !(args->src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		left += pages - 1;
		job->tails += pages - 1;
		if (!(args->src[i] & MIGRATE_PFN_VALID) && !(args->vma->vm_flags & VM_HUGEPAGE))
			continue;
		if (args->src[i] & MIGRATE_PFN_VALID && !mb_can_move(args->src[i]))
			continue;
		block = mb_device_take_block(device);
		if (block < 0)
			continue;
		mb_device_page_init(&device->pgmap, pfn_to_page(device->first_pfn + block), pages);
		args->dst[i] = mb_destination(device->first_pfn + block) | MB_PFN_HUGE;
		left -= pages;
	}
	return left;
}

void mb_alloc_device(struct mb_job *job, struct migrate_vma *args)
{
	struct mb_device *device = job->device;
	unsigned long want = mb_alloc_device_huge(job, args), i, j, pages;
	unsigned int have = mb_device_take(device, job->slots, want), used = 0;

	for (i = 0; i < args->npages; i += pages) {
		pages = mb_entry_pages(args->src[i]);
		if (pages > 1 && args->dst[i])
			continue;
		args->dst[i] = 0;
		if (!(args->src[i] & MIGRATE_PFN_MIGRATE) || have - used < pages)
			continue;
		if (args->src[i] & MIGRATE_PFN_VALID && !mb_can_move(args->src[i]))
			continue;
		if (pages > 1 && !mb_may_split(args->src[i]))
			continue;
		for (j = 0; j < pages; j++) {
			/* The stack's top is the end of what was taken. */
			unsigned long pfn = device->first_pfn + job->slots[have - ++used];

			mb_device_page_init(&device->pgmap, pfn_to_page(pfn), 1);
			args->dst[i + j] = mb_destination(pfn);
		}
	}
	if (unlikely(used < have))
		mb_device_give(device, job->slots, have - used);
}

void mb_alloc_system(struct mb_job *job, struct migrate_vma *args)
{
	const struct mb_place place = { .node = job->node };
	unsigned long i, pages;

	for (i = 0; i < args->npages; i += pages) {
		pages = mb_entry_pages(args->src[i]);
		job->tails += pages - 1;
		args->dst[i] = 0;
		/*
		 * Holes stay holes. A page under writeback can't go to an ordinary
		 * page (migrate_vma_pages() is told not to wait, and has a BUG_ON);
		 * locked by setup, it can't come under writeback after this look.
		 */
		if ((args->src[i] & (MIGRATE_PFN_MIGRATE | MIGRATE_PFN_VALID)) ==
			    (MIGRATE_PFN_MIGRATE | MIGRATE_PFN_VALID) &&
		    mb_can_move(args->src[i]) && !PageWriteback(migrate_pfn_to_page(args->src[i])))
			mb_alloc_entry(&place, args->src[i], args->dst + i);
	}
}

void mb_alloc_nothing(struct mb_job *job, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		job->tails += mb_entry_pages(args->src[i]) - 1;
		args->dst[i] = 0;
	}
}

static void *mb_system_content(struct mb_device *device, unsigned long entry)
{
	return __va(PFN_PHYS(entry >> MIGRATE_PFN_SHIFT));
}

/* Only a device takes holes: there the page springs up, empty. */
static __always_inline void mb_copy(struct mb_job *job, struct migrate_vma *args, bool holes,
				    void *(*from)(struct mb_device *, unsigned long),
				    void *(*to)(struct mb_device *, unsigned long))
{
	unsigned long i, j, pages;

	for (i = 0; i < args->npages; i += pages) {
		pages = mb_entry_pages(args->src[i]);
		for (j = 0; j < pages; j++) {
			unsigned long dst = mb_entry_part(args->dst + i, j);

			if (!dst)
				continue;
			if (!holes || args->src[i] & MIGRATE_PFN_VALID)
				copy_page(to(job->device, dst),
					  from(job->device, mb_entry_part(args->src + i, j)));
			else
				clear_page(to(job->device, dst));
		}
	}
}

void mb_copy_system_to_device(struct mb_job *job, struct migrate_vma *args)
{
	mb_copy(job, args, true, mb_system_content, mb_slot_content);
}

void mb_copy_device_to_system(struct mb_job *job, struct migrate_vma *args)
{
	mb_copy(job, args, false, mb_slot_content, mb_system_content);
}

void mb_copy_system_to_system(struct mb_job *job, struct migrate_vma *args)
{
	mb_copy(job, args, false, mb_system_content, mb_system_content);
}

/* What is still to be copied: @size bytes that lie together on both sides. */
struct mb_run {
	void *to, *from;
	size_t size;
};

static void mb_run_end(struct mb_run *run)
{
	if (run->size)
		memcpy(run->to, run->from, run->size);
	run->size = 0;
}

static void mb_run_add(struct mb_run *run, void *to, void *from)
{
	if (run->to + run->size != to || run->from + run->size != from) {
		mb_run_end(run);
		run->to = to;
		run->from = from;
	}
	run->size += PAGE_SIZE;
}

static __always_inline void mb_bulk(struct mb_job *job, struct migrate_vma *args, bool holes,
				    void *(*from)(struct mb_device *, unsigned long),
				    void *(*to)(struct mb_device *, unsigned long))
{
	unsigned long i, j, pages;
	struct mb_run run = {};

	for (i = 0; i < args->npages; i += pages) {
		pages = mb_entry_pages(args->src[i]);
		for (j = 0; j < pages; j++) {
			unsigned long dst = mb_entry_part(args->dst + i, j);

			if (!dst)
				continue;
			if (!holes || args->src[i] & MIGRATE_PFN_VALID)
				mb_run_add(&run, to(job->device, dst),
					   from(job->device, mb_entry_part(args->src + i, j)));
			else
				clear_page(to(job->device, dst));
		}
	}
	mb_run_end(&run);
}

void mb_bulk_system_to_device(struct mb_job *job, struct migrate_vma *args)
{
	mb_bulk(job, args, true, mb_system_content, mb_slot_content);
}

void mb_bulk_device_to_system(struct mb_job *job, struct migrate_vma *args)
{
	mb_bulk(job, args, false, mb_slot_content, mb_system_content);
}

void mb_bulk_system_to_system(struct mb_job *job, struct migrate_vma *args)
{
	mb_bulk(job, args, false, mb_system_content, mb_system_content);
}

void mb_copy_nothing(struct mb_job *job, struct migrate_vma *args)
{
}

void mb_copy_to_system(struct page *dst, struct page *src)
{
	copy_page(page_address(dst), mb_device_content(mb_device_of(src), src));
}
