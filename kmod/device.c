// SPDX-License-Identifier: GPL-2.0-or-later
/* Device memory: its pagemap, its free list, and its end. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ioport.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "migbench.h"

/*
 * Tries to evict before a closing file leaves its device memory to the orphan
 * list. Without eviction by frame number there is nothing to try.
 */
#define EVICT_TRIES (MB_HAVE_EVICT ? 3 : 1)

/* Device memories whose file is gone while a page could not be moved back. */
static LIST_HEAD(orphans);
static DEFINE_MUTEX(orphans_lock);
static void mb_orphans_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(orphans_work, mb_orphans_again);

/* On no CPU in particular: somebody may measure on the one that closed the file. */
static void mb_orphans_later(void)
{
	queue_delayed_work(mb_unbound_wq, &orphans_work, HZ);
}

static void mb_page_free(struct page *page, unsigned long pages)
{
	struct mb_device *device = mb_device_of(page);
	u32 slot = page_to_pfn(page) - device->first_pfn;
	unsigned long flags, i;

	/* The last reference of a coherent page may be dropped by I/O that ends. */
	spin_lock_irqsave(&device->lock, flags);
	if (MB_HAVE_HUGE && pages == MB_HUGE_PAGES)
		device->free_blocks[device->block_count++] = slot;
	else
		for (i = 0; i < pages; i++)
			device->free_slots[device->free_count++] = slot + i;
	spin_unlock_irqrestore(&device->lock, flags);
}

MB_PAGEMAP_FREE(mb_pagemap_free, mb_page_free)

static const struct dev_pagemap_ops mb_pagemap_ops =
	MB_PAGEMAP_OPS(mb_pagemap_free, mb_migrate_to_ram);
/* Of their own: what is measured without blocks must not ask whether there are any. */
static const struct dev_pagemap_ops mb_block_ops =
	MB_PAGEMAP_OPS(mb_pagemap_free, mb_migrate_block_to_ram);

/* Room for whole huge pages. */
static u32 mb_device_blocks(const struct mb_device *device)
{
	if (!MB_HAVE_HUGE || device->kind != MIGBENCH_PRIVATE || device->spread > 1)
		return 0;
	return device->pages / MB_HUGE_PAGES;
}

/* Everything is free: blocks as far as they go, then single slots, lowest first on top. */
static void mb_device_sort(struct mb_device *device)
{
	u32 whole = mb_device_blocks(device) * MB_HUGE_PAGES, i;

	device->block_count = mb_device_blocks(device);
	for (i = 0; i < device->block_count; i++)
		device->free_blocks[i] = whole - (i + 1) * MB_HUGE_PAGES;
	device->free_count = device->room - whole;
	for (i = 0; i < device->free_count; i++)
		device->free_slots[i] = (device->room - 1 - i) * device->spread;
}

unsigned int mb_device_take(struct mb_device *device, u32 *slots, unsigned int count)
{
	u32 i;

	spin_lock_irq(&device->lock);
	while (MB_HAVE_HUGE && count > device->free_count && device->block_count) {
		u32 block = device->free_blocks[--device->block_count];

		for (i = MB_HUGE_PAGES; i--;)
			device->free_slots[device->free_count++] = block + i;
	}
	count = min(count, device->free_count);
	device->free_count -= count;
	memcpy(slots, device->free_slots + device->free_count, count * sizeof(*slots));
	spin_unlock_irq(&device->lock);
	return count;
}

long mb_device_take_block(struct mb_device *device)
{
	long block = -1;

	spin_lock_irq(&device->lock);
	/* Blocks that were broken up are whole again when nothing is on the device. */
	if (!device->block_count && device->free_count == device->room && mb_device_blocks(device))
		mb_device_sort(device);
	if (device->block_count)
		block = device->free_blocks[--device->block_count];
	spin_unlock_irq(&device->lock);
	return block;
}

void mb_device_give(struct mb_device *device, const u32 *slots, unsigned int count)
{
	spin_lock_irq(&device->lock);
	memcpy(device->free_slots + device->free_count, slots, count * sizeof(*slots));
	device->free_count += count;
	spin_unlock_irq(&device->lock);
}

unsigned int mb_device_free_count(struct mb_device *device)
{
	unsigned int count;

	/* Between the two counts slots become blocks, and blocks slots. */
	spin_lock_irq(&device->lock);
	count = device->free_count + device->block_count * MB_HUGE_PAGES;
	spin_unlock_irq(&device->lock);
	return count;
}

static void mb_device_free_buffers(struct mb_device *device)
{
	unsigned int i;

	if (device->content && device->kind == MIGBENCH_PRIVATE)
		for (i = 0; i < device->pages && device->content[i]; i += device->spread) {
			free_page((unsigned long)device->content[i]);
			cond_resched();
		}
	vfree(device->content);
	vfree(device->free_slots);
	vfree(device->free_blocks);
	vfree(device->moved);
	vfree(device->faults);
	kfree(device);
}

/* Zeroed, and charged to whose device memory it is for, as that itself is; nobody is killed for it. */
static void *mb_charged(unsigned long count, unsigned long size)
{
	return __vmalloc(array_size(count, size),
			 GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NORETRY | __GFP_NOWARN);
}

/* All memory up front, so that a batch never allocates on the device's side. */
static int mb_device_alloc_buffers(struct mb_device *device)
{
	unsigned int i;

	device->content = mb_charged(device->pages, sizeof(*device->content));
	device->free_slots = mb_charged(device->pages, sizeof(*device->free_slots));
	device->free_blocks =
		mb_charged(device->pages / MB_HUGE_PAGES + 1, sizeof(*device->free_blocks));
	device->moved = mb_charged(BITS_TO_LONGS(device->pages), sizeof(*device->moved));
	device->faults = mb_charged(MIGBENCH_FAULTS_MAX, sizeof(*device->faults));
	if (!device->content || !device->free_slots || !device->free_blocks || !device->moved ||
	    !device->faults)
		return -ENOMEM;

	mb_device_sort(device);
	if (device->kind == MIGBENCH_COHERENT)
		return 0;

	for (i = 0; i < device->pages; i += device->spread) {
		struct page *page =
			alloc_pages_node(device->node,
					 GFP_KERNEL_ACCOUNT | __GFP_THISNODE | __GFP_NORETRY |
						 __GFP_NOWARN | __GFP_ZERO,
					 0);

		if (!page)
			return -ENOMEM;
		if (fatal_signal_pending(current)) {
			__free_page(page);
			return -EINTR;
		}
		device->content[i] = page_address(page);
		cond_resched();
	}
	return 0;
}

/*
 * A free range of physical addresses for the struct pages of private memory, or an error pointer.
 * On arm64 kernels look for it at the end of what can be addressed, where they have no room for
 * struct pages; it must end where their direct map does, and their memory model, whose end comes
 * first with pages of 64 KiB, 52 bits of virtual addresses and 48 of physical ones.
 */
#ifdef CONFIG_ARM64
static struct resource *mb_request_free_region(unsigned long size)
{
	const unsigned long step = 1UL << PA_SECTION_SHIFT;
	const u64 end = min_t(u64, __pa(PAGE_END - 1) + 1, 1ULL << MAX_PHYSMEM_BITS);
	resource_size_t at = ALIGN_DOWN(end - size, step);

	for (; at >= size; at -= step)
		if (region_intersects(at, size, 0, IORES_DESC_NONE) == REGION_DISJOINT) {
			struct resource *resource = request_mem_region(at, size, "migbench");

			if (resource)
				return resource;
		}
	return ERR_PTR(-ERANGE);
}
#else
static struct resource *mb_request_free_region(unsigned long size)
{
	return request_free_mem_region(&iomem_resource, size, "migbench");
}
#endif

/* Frames that nothing else has: for private memory only their struct pages exist. */
static int mb_device_claim(struct mb_device *device)
{
	struct range *range = &device->pgmap.range;
	struct resource *resource;

	if (device->kind == MIGBENCH_COHERENT) {
		device->pgmap.type = MB_TYPE_COHERENT;
		return mb_coherent_claim(range, device->pages);
	}
	resource =
		mb_request_free_region(ALIGN(device->pages * PAGE_SIZE, 1UL << PA_SECTION_SHIFT));
	if (IS_ERR(resource))
		return PTR_ERR(resource);
	range->start = resource->start;
	range->end = resource->end;
	device->pgmap.type = MEMORY_DEVICE_PRIVATE;
	return 0;
}

static void mb_device_unclaim(struct mb_device *device)
{
	if (device->kind == MIGBENCH_COHERENT)
		mb_coherent_release(&device->pgmap.range);
	else
		release_mem_region(device->pgmap.range.start, range_len(&device->pgmap.range));
}

static int mb_device_map(struct mb_device *device)
{
	unsigned int i;
	void *mapped;
	int ret;

	ret = mb_device_alloc_buffers(device);
	if (ret)
		return ret;
	ret = mb_device_claim(device);
	if (ret)
		return ret;
	device->pgmap.nr_range = 1;
	device->pgmap.ops = device->around ? &mb_block_ops : &mb_pagemap_ops;
	device->pgmap.owner = device;
	device->first_pfn = PHYS_PFN(device->pgmap.range.start);
	mapped = memremap_pages(&device->pgmap, device->node);
	if (IS_ERR(mapped)) {
		mb_device_unclaim(device);
		return PTR_ERR(mapped);
	}
	if (device->kind == MIGBENCH_COHERENT)
		for (i = 0; i < device->pages; i++)
			device->content[i] = page_address(pfn_to_page(device->first_pfn + i));
	return 0;
}

bool mb_device_is_good(const struct migbench_device *request)
{
	if (request->kind > MIGBENCH_SYSTEM || request->pages > MIGBENCH_PAGES_MAX ||
	    request->around > MIGBENCH_AROUND_MAX || request->spread > MIGBENCH_SPREAD_MAX)
		return false;
	if (request->around &&
	    (request->kind != MIGBENCH_PRIVATE || !is_power_of_2(request->around)))
		return false;
	return request->kind == MIGBENCH_SYSTEM ? !request->pages && request->spread <= 1
						: request->pages > 0;
}

struct mb_device *mb_device_create(const struct migbench_device *request)
{
	struct mb_device *device;
	int ret = 0;

	if (!IS_ENABLED(CONFIG_DEVICE_PRIVATE) && request->kind == MIGBENCH_PRIVATE)
		return ERR_PTR(-EOPNOTSUPP);

	/* What outlived its file may have the room that is asked for. */
	mb_device_retry_orphans();
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&device->orphan);
	spin_lock_init(&device->lock);
	init_rwsem(&device->taking);
	spin_lock_init(&device->fault_lock);
	mutex_init(&device->fault_reader);
	device->kind = request->kind;
	device->pages = request->pages;
	device->node = request->node;
	device->around = request->around;
	device->spread = max_t(unsigned int, request->spread, 1);
	device->room = DIV_ROUND_UP(device->pages, device->spread);
	if (device->kind != MIGBENCH_SYSTEM)
		ret = mb_device_map(device);
	if (ret) {
		mb_device_free_buffers(device);
		return ERR_PTR(ret);
	}
	return device;
}

static void mb_device_destroy(struct mb_device *device)
{
	if (device->kind != MIGBENCH_SYSTEM) {
		/* A fault may have seen an entry and not be counted yet, or no more, and yet be in this module. */
		if (!MB_HAVE_FAULT_PAGE)
			synchronize_rcu_tasks();
		while (atomic_read(&device->faulting))
			usleep_range(1000, 2000);
		if (!MB_HAVE_FAULT_PAGE)
			synchronize_rcu_tasks();
		/* Also waits for a fault that still holds one of the pages. */
		memunmap_pages(&device->pgmap);
		mb_device_unclaim(device);
	}
	mb_device_free_buffers(device);
}

void mb_device_put(struct mb_device *device)
{
	unsigned int try;

	/* Usually nothing is left: the process's memory went before its files. */
	for (try = 0; mb_device_free_count(device) != device->room && try < EVICT_TRIES; try++)
		if (!mb_evict_all(device))
			msleep(1 + try);

	if (mb_device_free_count(device) == device->room) {
		mb_device_destroy(device);
		return;
	}
	/* Its pagemap's callbacks are ours: no unloading before it is gone. */
	pr_notice(
		"migbench: %u device pages outlive their file; tried again every second, and before the next device\n",
		device->room - mb_device_free_count(device));
	__module_get(THIS_MODULE);
	mutex_lock(&orphans_lock);
	list_add(&device->orphan, &orphans);
	mutex_unlock(&orphans_lock);
	mb_orphans_later();
}

bool mb_device_retry_orphans(void)
{
	struct mb_device *device, *next;
	bool none;

	if (mutex_lock_killable(&orphans_lock))
		return false;
	list_for_each_entry_safe(device, next, &orphans, orphan) {
		if (!mb_evict_all(device))
			continue;
		list_del(&device->orphan);
		mb_device_destroy(device);
		module_put(THIS_MODULE);
	}
	none = list_empty(&orphans);
	mutex_unlock(&orphans_lock);
	return none;
}

static void mb_orphans_again(struct work_struct *work)
{
	if (!mb_device_retry_orphans())
		mb_orphans_later();
}

void mb_device_stop(void)
{
	/* The try that ended the last orphan may not have returned yet. */
	cancel_delayed_work_sync(&orphans_work);
}
