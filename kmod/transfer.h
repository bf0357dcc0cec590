/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Destinations of a batch, and the way its content gets there. */
#ifndef MIGBENCH_TRANSFER_H
#define MIGBENCH_TRANSFER_H

#include "migbench.h"

struct mb_route;

/* What the batches of one request share, allocated before the first is timed. */
struct mb_job {
	struct mb_device *device;
	const struct mb_route *route;
	void (*copy)(struct mb_job *job, struct migrate_vma *args);
	int node; /* where system pages are made */
	u32 flags; /* MIGBENCH_FIRST, … */
	unsigned long *src, *dst;
	u32 *slots;
	unsigned long tails; /* of a batch: base pages that setup counted with a huge one */
};

/* Base pages of an entry of src or dst. */
static inline unsigned long mb_entry_pages(unsigned long entry)
{
	return entry & MB_PFN_HUGE ? MB_HUGE_PAGES : 1;
}

/* Base page @i of what begins at @entry: part of a huge one, or an entry of its own. */
static inline unsigned long mb_entry_part(const unsigned long *entry, unsigned long i)
{
	return *entry & MB_PFN_HUGE ? *entry + (i << MIGRATE_PFN_SHIFT) : entry[i];
}

/* Base pages of the entries that are (still) marked for migration. */
static inline unsigned long mb_marked_pages(const unsigned long *src, unsigned long entries)
{
	unsigned long i, pages = 0;

	for (i = 0; i < entries; i++)
		if (src[i] & MIGRATE_PFN_MIGRATE)
			pages += mb_entry_pages(src[i]);
	return pages;
}

/*
 * Between migrate_vma_pages() and _finalize() of what leaves @device. An eviction says that it is under way before
 * it looks for what is mapped: who has unmapped a page since then hears of it.
 */
static inline void mb_leaves_device(struct mb_device *device, const unsigned long *src,
				    unsigned long entries)
{
	if (!MB_HAVE_EVICT)
		return;
	smp_mb(); /* pairs with that in mb_eviction_begin() */
	if (unlikely(READ_ONCE(device->evicting)))
		mb_mark_moved(device, src, entries);
}

/* Where system pages are made: by the policy of a VMA at an address, or on a node. */
struct mb_place {
	struct vm_area_struct *vma; /* or NULL */
	unsigned long addr;
	int node; /* NUMA_NO_NODE: wherever there is room */
};

/*
 * May what is collected as @src go to base pages? From 6.19 on the kernel splits a huge source to fit, but
 * only in the VMA of the batch (7.2): another process that it is shared with, which a writable page never
 * is, keeps a PMD of what is a base page then.
 */
static inline bool mb_may_split(unsigned long src)
{
	return mb_entry_pages(src) == 1 || !(src & MIGRATE_PFN_VALID) || src & MIGRATE_PFN_WRITE;
}

/*
 * Destinations for the entry @src: a huge page for a huge one, or if there is none as many base pages where
 * it may be split, or none. 7.0 takes each page of what it splits to have a destination.
 */
void mb_alloc_entry(const struct mb_place *place, unsigned long src, unsigned long *dst);

/* Give back what destinations there are among the first @pages. */
void mb_forget_entry(unsigned long *dst, unsigned long pages);

void mb_alloc_device(struct mb_job *job, struct migrate_vma *args);
void mb_alloc_system(struct mb_job *job, struct migrate_vma *args);
void mb_alloc_nothing(struct mb_job *job, struct migrate_vma *args);
void mb_copy_system_to_device(struct mb_job *job, struct migrate_vma *args);
void mb_copy_device_to_system(struct mb_job *job, struct migrate_vma *args);
void mb_copy_system_to_system(struct mb_job *job, struct migrate_vma *args);
/* The same, as much at once as lies together on both sides. */
void mb_bulk_system_to_device(struct mb_job *job, struct migrate_vma *args);
void mb_bulk_device_to_system(struct mb_job *job, struct migrate_vma *args);
void mb_bulk_system_to_system(struct mb_job *job, struct migrate_vma *args);
/* Nothing. */
void mb_copy_nothing(struct mb_job *job, struct migrate_vma *args);

static inline void *mb_slot_content(struct mb_device *device, unsigned long entry)
{
	return device->content[(entry >> MIGRATE_PFN_SHIFT) - device->first_pfn];
}

/*
 * The anon_vma of each of @count frames from @first on that is mapped, with a reference to the first of each
 * row of the same, or NULL. migrate_device_range() and migrate_device_pfns() would need them: between unmapping
 * and mapping again the process that has the page may end, and its anon_vma with it. They sleep.
 */
void mb_rmap_keep(struct anon_vma **kept, unsigned long first, unsigned int count);
void mb_rmap_release(struct anon_vma **kept, unsigned int count);

#endif
