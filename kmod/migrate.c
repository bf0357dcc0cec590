// SPDX-License-Identifier: GPL-2.0-or-later
/* One batch there or back, with a timestamp at each phase border. */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "migbench.h"

/* What the batches of one request share, allocated before the first is timed. */
struct mb_job {
	struct mb_device *device;
	int node; /* of the system pages, on the way back */
	unsigned long *src, *dst;
	u32 *slots;
};

struct page *mb_alloc_system_page(int node)
{
	struct page *page =
		alloc_pages_node(node, GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NOWARN, 0);

	if (page)
		lock_page(page);
	return page;
}

void mb_copy_to_system(struct page *dst, struct page *src)
{
	copy_page(page_address(dst), mb_device_content(mb_device_of(src), src));
}

static void mb_alloc_to_device(struct mb_job *job, struct migrate_vma *args)
{
	struct mb_device *device = job->device;
	unsigned int have = mb_device_take(device, job->slots, args->cpages), used = 0;
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		unsigned long pfn;

		args->dst[i] = 0;
		if (!(args->src[i] & MIGRATE_PFN_MIGRATE) || used == have)
			continue;
		/* The stack's top is the end of what was taken. */
		pfn = device->first_pfn + job->slots[have - ++used];
		mb_device_page_init(pfn_to_page(pfn));
		args->dst[i] = migrate_pfn(pfn);
	}
}

static void mb_copy_batch_to_device(struct mb_job *job, struct migrate_vma *args)
{
	struct mb_device *device = job->device;
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		void *content;

		if (!args->dst[i])
			continue;
		content = device->content[(args->dst[i] >> MIGRATE_PFN_SHIFT) - device->first_pfn];
		if (args->src[i] & MIGRATE_PFN_VALID)
			copy_page(content, __va(PFN_PHYS(args->src[i] >> MIGRATE_PFN_SHIFT)));
		else
			clear_page(content); /* a hole: the page springs up on the device */
	}
}

static void mb_alloc_to_system(struct mb_job *job, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		struct page *page = NULL;

		/* Holes stay holes on the way back. */
		if ((args->src[i] & (MIGRATE_PFN_MIGRATE | MIGRATE_PFN_VALID)) ==
		    (MIGRATE_PFN_MIGRATE | MIGRATE_PFN_VALID))
			page = mb_alloc_system_page(job->node);
		args->dst[i] = page ? migrate_pfn(page_to_pfn(page)) : 0;
	}
}

static void mb_copy_batch_to_system(struct mb_job *job, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		unsigned long slot;

		if (!args->dst[i])
			continue;
		slot = (args->src[i] >> MIGRATE_PFN_SHIFT) - job->device->first_pfn;
		copy_page(__va(PFN_PHYS(args->dst[i] >> MIGRATE_PFN_SHIFT)),
			  job->device->content[slot]);
	}
}

/* Test only: forget the destination of every Nth page. */
static void mb_plant_left_behind(struct migrate_vma *args)
{
	unsigned long i;

	for (i = mb_plant_left - 1; i < args->npages; i += mb_plant_left) {
		struct page *page = migrate_pfn_to_page(args->dst[i]);

		if (!page)
			continue;
		args->dst[i] = 0;
		unlock_page(page);
		put_page(page);
	}
}

/* Test only: lose the content of every Nth page on its way to the device. */
static void mb_plant_lost_content(struct mb_job *job, struct migrate_vma *args)
{
	unsigned long i;

	for (i = mb_plant_lost - 1; i < args->npages; i += mb_plant_lost)
		if (args->dst[i])
			clear_page(
				mb_device_content(job->device, migrate_pfn_to_page(args->dst[i])));
}

static int mb_batch(struct mb_job *job, u32 direction, unsigned long start, unsigned long end,
		    struct migbench_record *record)
{
	struct mm_struct *mm = current->mm;
	struct migrate_vma args = {
		.src = job->src,
		.dst = job->dst,
		.start = start,
		.end = end,
		.pgmap_owner = job->device,
		.flags = direction == MIGBENCH_TO_DEVICE ? MIGRATE_VMA_SELECT_SYSTEM
							 : MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
	};
	u64 begin, finish, t[MIGBENCH_PHASES + 1];
	unsigned long i;
	int ret;

	begin = mb_clock();
	mmap_read_lock(mm);
	args.vma = vma_lookup(mm, start);
	if (!args.vma || end > args.vma->vm_end) {
		mmap_read_unlock(mm);
		return -EFAULT;
	}

	t[0] = mb_clock();
	ret = migrate_vma_setup(&args);
	if (ret) {
		mmap_read_unlock(mm);
		return ret;
	}
	t[1] = mb_clock();
	if (direction == MIGBENCH_TO_DEVICE)
		mb_alloc_to_device(job, &args);
	else
		mb_alloc_to_system(job, &args);
	if (unlikely(READ_ONCE(mb_plant_left)))
		mb_plant_left_behind(&args);
	t[2] = mb_clock();
	if (direction == MIGBENCH_TO_DEVICE)
		mb_copy_batch_to_device(job, &args);
	else
		mb_copy_batch_to_system(job, &args);
	if (unlikely(READ_ONCE(mb_plant_lost)) && direction == MIGBENCH_TO_DEVICE)
		mb_plant_lost_content(job, &args);
	t[3] = mb_clock();
	migrate_vma_pages(&args);
	t[4] = mb_clock();
	migrate_vma_finalize(&args);
	t[5] = mb_clock();
	mmap_read_unlock(mm);
	finish = mb_clock();

	record->requested = (end - start) >> PAGE_SHIFT;
	record->collected = args.cpages;
	record->total = finish - begin;
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record->phase[i] = t[i + 1] - t[i];
	for (i = 0; i < args.npages; i++)
		record->migrated += !!(args.src[i] & MIGRATE_PFN_MIGRATE);
	return 0;
}

/* The same borders with nothing between them. */
static void mb_batch_of_nothing(struct migbench_record *record)
{
	u64 begin, finish, t[MIGBENCH_PHASES + 1];
	unsigned int i;

	begin = mb_clock();
	t[0] = mb_clock();
	t[1] = mb_clock();
	t[2] = mb_clock();
	t[3] = mb_clock();
	t[4] = mb_clock();
	t[5] = mb_clock();
	finish = mb_clock();

	record->total = finish - begin;
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record->phase[i] = t[i + 1] - t[i];
}

static int mb_job_init(struct mb_job *job, struct mb_device *device,
		       const struct migbench_migrate *request)
{
	job->device = device;
	job->node = request->node;
	job->src = kvcalloc(request->batch, sizeof(*job->src), GFP_KERNEL);
	job->dst = kvcalloc(request->batch, sizeof(*job->dst), GFP_KERNEL);
	job->slots = kvcalloc(request->batch, sizeof(*job->slots), GFP_KERNEL);
	return job->src && job->dst && job->slots ? 0 : -ENOMEM;
}

static void mb_job_free(struct mb_job *job)
{
	kvfree(job->src);
	kvfree(job->dst);
	kvfree(job->slots);
}

long mb_migrate(struct mb_device *device, struct migbench_migrate *request)
{
	struct migbench_record __user *records = u64_to_user_ptr(request->records);
	unsigned long at = request->addr, end = at + request->pages * PAGE_SIZE;
	struct mb_job job;
	long ret;

	request->done = 0;
	ret = mb_job_init(&job, device, request);
	while (!ret && at < end) {
		unsigned long next = min(end, at + request->batch * PAGE_SIZE);
		struct migbench_record record = {};

		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		if (request->direction == MIGBENCH_NOTHING)
			mb_batch_of_nothing(&record);
		else
			ret = mb_batch(&job, request->direction, at, next, &record);
		if (!ret && copy_to_user(&records[request->done], &record, sizeof(record)))
			ret = -EFAULT;
		if (!ret)
			request->done++;
		at = next;
		cond_resched();
	}
	mb_job_free(&job);
	return ret;
}
