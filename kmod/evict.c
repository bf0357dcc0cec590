// SPDX-License-Identifier: GPL-2.0-or-later
/* Eviction by frame number: the driver needs its memory back, and knows no mm. */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "transfer.h"

/* Frames at a time when everything must go. */
#define EVICT_ALL_BATCH max_t(unsigned int, 512, MB_HUGE_PAGES)

/* For a run to say: an eviction is another thing where it goes by another interface. */
static int mb_evicts_by(char *buffer, const struct kernel_param *param)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n",
			 !MB_HAVE_EVICT	    ? "nothing"
			 : MB_EVICT_BY_PFNS ? "migrate_device_pfns"
					    : "migrate_device_range");
}

static int mb_evicts_no_other(const char *value, const struct kernel_param *param)
{
	return -EPERM;
}

static const struct kernel_param_ops mb_evicts_ops = { .get = mb_evicts_by,
						       .set = mb_evicts_no_other };
module_param_cb(evicts_by, &mb_evicts_ops, NULL, 0400);
MODULE_PARM_DESC(evicts_by, "to be read: the kernel's function that evicts, unless asked for one");

/* How, and the arrays, of one eviction. */
struct mb_eviction {
	struct mb_device *device;
	bool pfns; /* by migrate_device_pfns(), not migrate_device_range() */
	int node;
	bool plain; /* without injected delays: nobody measures it */
	unsigned long *src, *dst;
	struct anon_vma **kept; /* of each frame's page, or NULL */
};

/*
 * A frame that was free or a page of its own when it was listed can be part of a
 * huge folio when the kernel comes to it. In 7.0 that clears the entries of all
 * of it, as many as would be behind the last one: there is room for them.
 */
static int mb_eviction_init(struct mb_eviction *eviction, struct mb_device *device, u32 flags,
			    int node, unsigned int batch)
{
	eviction->device = device;
	eviction->kept = kvcalloc(batch, sizeof(*eviction->kept), GFP_KERNEL);
	batch += MB_HUGE_PAGES - 1;
	eviction->pfns = flags ? flags & MIGBENCH_EVICT_PFNS : MB_EVICT_BY_PFNS;
	eviction->node = node;
	eviction->src = kvcalloc(batch, sizeof(*eviction->src), GFP_KERNEL);
	eviction->dst = kvcalloc(batch, sizeof(*eviction->dst), GFP_KERNEL);
	return eviction->src && eviction->dst && eviction->kept ? 0 : -ENOMEM;
}

static void mb_eviction_free(struct mb_eviction *eviction)
{
	kvfree(eviction->src);
	kvfree(eviction->dst);
	kvfree(eviction->kept);
}

void mb_mark_moved(struct mb_device *device, const unsigned long *src, unsigned long entries)
{
	unsigned long i;

	for (i = 0; i < entries; i++)
		if (src[i] & MIGRATE_PFN_VALID && src[i] & MIGRATE_PFN_MIGRATE)
			set_bit((src[i] >> MIGRATE_PFN_SHIFT) - device->first_pfn, device->moved);
	/* Both are seen by whoever gets the lock of one of these pages, which are still locked. */
	WRITE_ONCE(device->overtaken, true);
}

/* A late mark of the eviction before is of a page that is locked and unmapped, and so is not listed now. */
static void mb_eviction_begin(struct mb_device *device, unsigned long first, unsigned int count)
{
	bitmap_clear(device->moved, first - device->first_pfn, count);
	WRITE_ONCE(device->overtaken, false);
	WRITE_ONCE(device->evicting, true);
	smp_mb(); /* pairs with that in mb_leaves_device() */
}

/* What was collected and has been moved away goes back to nobody, and is free with its last reference. */
static void mb_leave_moved(struct mb_device *device, unsigned long *src, unsigned int entries)
{
	unsigned int i;

	for (i = 0; i < entries; i++)
		if (src[i] & MIGRATE_PFN_VALID &&
		    test_bit((src[i] >> MIGRATE_PFN_SHIFT) - device->first_pfn, device->moved))
			src[i] &= ~MIGRATE_PFN_MIGRATE;
}

static void mb_copy_entry(unsigned long dst, unsigned long src)
{
	unsigned long i;

	for (i = 0; i < mb_entry_pages(src); i++)
		mb_copy_to_system(migrate_pfn_to_page(mb_entry_part(&dst, i)),
				  migrate_pfn_to_page(mb_entry_part(&src, i)));
}

/* What is timed must not branch between the two: there is one copy for each @pfns. */
static __always_inline void mb_evict_by(struct mb_eviction *eviction, bool pfns,
					unsigned long first, unsigned int count,
					struct migbench_record *record)
{
	unsigned long *src = eviction->src, *dst = eviction->dst;
	u64 begin, finish, t[MIGBENCH_PHASES + 1];
	unsigned int entries, i, delayed = eviction->plain ? 0 : count;

	mb_eviction_begin(eviction->device, first, count);
	mb_rmap_keep(eviction->kept, first, count);
	entries = pfns ? mb_pfns_list(src, eviction->kept, first, count, &record->requested)
		       : mb_range_list(src, eviction->kept, first, count, &record->requested);

	begin = mb_clock();
	t[0] = mb_clock();
	if (pfns)
		mb_pfns_collect(src, first, entries);
	else
		mb_range_collect(src, first, entries);
	if (unlikely(READ_ONCE(eviction->device->overtaken)))
		mb_leave_moved(eviction->device, src, entries);
	mb_inject(MIGBENCH_SETUP, delayed);
	t[1] = mb_clock();
	for (i = 0; i < entries; i++) {
		struct page *page = NULL;

		if (src[i] & MIGRATE_PFN_MIGRATE) {
			unsigned long pages = mb_entry_pages(src[i]);

			/* Counted here: what can't be moved loses the flag later. */
			record->collected += pages;
			/* Without a VMA the kernel doesn't split: a huge page needs one. */
			page = mb_alloc_system_page(eviction->node, pages);
		}
		dst[i] = page ? mb_destination(page_to_pfn(page)) | (src[i] & MB_PFN_HUGE) : 0;
	}
	mb_inject(MIGBENCH_ALLOC, delayed);
	t[2] = mb_clock();
	for (i = 0; i < entries; i++)
		if (dst[i])
			mb_copy_entry(dst[i], src[i]);
	mb_inject(MIGBENCH_COPY, delayed);
	t[3] = mb_clock();
	migrate_device_pages(src, dst, entries);
	mb_inject(MIGBENCH_PAGES, delayed);
	t[4] = mb_clock();
	migrate_device_finalize(src, dst, entries);
	mb_inject(MIGBENCH_FINALIZE, delayed);
	t[5] = mb_clock();
	finish = mb_clock();
	WRITE_ONCE(eviction->device->evicting, false);

	record->total = finish - begin;
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record->phase[i] = t[i + 1] - t[i];
	record->migrated = mb_marked_pages(src, entries);
	mb_rmap_release(eviction->kept, count);
}

static void mb_evict_batch(struct mb_eviction *eviction, unsigned long first, unsigned int count,
			   struct migbench_record *record)
{
	if (MB_HAVE_DEVICE_PFNS && eviction->pfns)
		mb_evict_by(eviction, true, first, count, record);
	else
		mb_evict_by(eviction, false, first, count, record);
}

/* One entry is the huge or base page at @pfn, whole and to be moved, and no other is anything. */
static bool mb_is_taken(const unsigned long *src, unsigned long pfn, unsigned long pages)
{
	unsigned long i;

	for (i = 1; i < pages; i++)
		if (src[i] & MIGRATE_PFN_MIGRATE)
			return false;
	return src[0] & MIGRATE_PFN_MIGRATE && src[0] >> MIGRATE_PFN_SHIFT == pfn &&
	       mb_entry_pages(src[0]) == pages;
}

int mb_evict_takes(bool pfns, unsigned long pfn, unsigned long asked, unsigned long pages)
{
	struct mb_eviction eviction = {};
	unsigned long i;
	int ret = mb_eviction_init(&eviction, NULL, 0, NUMA_NO_NODE, pages);

	if (!ret) {
		/* All in a row, as mb_range_list() says it. */
		eviction.src[0] = pages;
		for (i = 0; pfns && i < pages; i++)
			eviction.src[i] = asked + i;
		if (pfns)
			mb_pfns_collect(eviction.src, asked, pages);
		else
			mb_range_collect(eviction.src, asked, pages);
		ret = mb_is_taken(eviction.src, pfn, pages);
		/* No destination: whatever was taken goes back to where it was. */
		migrate_device_pages(eviction.src, eviction.dst, pages);
		migrate_device_finalize(eviction.src, eviction.dst, pages);
	}
	mb_eviction_free(&eviction);
	return ret;
}

bool mb_evict_all(struct mb_device *device)
{
	struct mb_eviction eviction = { .plain = true };
	unsigned int at, count;

	if (MB_HAVE_EVICT && !mb_eviction_init(&eviction, device, 0, NUMA_NO_NODE, EVICT_ALL_BATCH))
		for (at = 0; at < device->pages; at += count) {
			struct migbench_record record = {};

			count = min(EVICT_ALL_BATCH, device->pages - at);
			down_write(&device->taking);
			mb_evict_batch(&eviction, device->first_pfn + at, count, &record);
			up_write(&device->taking);
			cond_resched();
			/* Each page behind it would be another reclaim that finds nothing. */
			if (record.collected > record.migrated && !mb_has_room(NUMA_NO_NODE, 1))
				break;
		}
	mb_eviction_free(&eviction);
	return mb_device_free_count(device) == device->room;
}

long mb_evict(struct mb_device *device, struct migbench_evict *request)
{
	struct migbench_record __user *records = u64_to_user_ptr(request->records);
	struct mb_eviction eviction = {};
	unsigned long at;
	long ret;

	request->done = 0;
	if (!MB_HAVE_EVICT || (!MB_HAVE_DEVICE_RANGE && request->flags & MIGBENCH_EVICT_RANGE) ||
	    (!MB_HAVE_DEVICE_PFNS && request->flags & MIGBENCH_EVICT_PFNS))
		return -EOPNOTSUPP;
	if (request->first >= device->pages || request->pages > device->pages - request->first)
		return -EINVAL;
	ret = mb_eviction_init(&eviction, device, request->flags, request->node,
			       min_t(u64, request->batch, request->pages));
	for (at = 0; !ret && at < request->pages; at += request->batch) {
		unsigned int count = min_t(u64, request->batch, request->pages - at);
		struct migbench_record record = {};

		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		if (down_write_killable(&device->taking)) {
			ret = -EINTR;
			break;
		}
		mb_evict_batch(&eviction, device->first_pfn + request->first + at, count, &record);
		up_write(&device->taking);
		if (copy_to_user(&records[request->done], &record, sizeof(record)))
			ret = -EFAULT;
		else
			request->done++;
		cond_resched();
	}
	mb_eviction_free(&eviction);
	return ret;
}
