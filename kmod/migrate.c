// SPDX-License-Identifier: GPL-2.0-or-later
/* One batch there or back, with a timestamp at each phase border. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "transfer.h"

/* What a direction means for a kind of memory. */
struct mb_route {
	unsigned long select;
	void (*alloc)(struct mb_job *job, struct migrate_vma *args);
	void (*copy)(struct mb_job *job, struct migrate_vma *args);
	void (*bulk)(struct mb_job *job, struct migrate_vma *args);
};

static const struct mb_route routes[][2] = {
	[MIGBENCH_PRIVATE] = {
		[MIGBENCH_TO_DEVICE] = { MIGRATE_VMA_SELECT_SYSTEM | MB_SELECT_HUGE, mb_alloc_device,
					 mb_copy_system_to_device, mb_bulk_system_to_device },
		[MIGBENCH_TO_SYSTEM] = { MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MB_SELECT_HUGE, mb_alloc_system,
					 mb_copy_device_to_system, mb_bulk_device_to_system },
	},
	[MIGBENCH_COHERENT] = {
		[MIGBENCH_TO_DEVICE] = { MIGRATE_VMA_SELECT_SYSTEM, mb_alloc_device,
					 mb_copy_system_to_device, mb_bulk_system_to_device },
		[MIGBENCH_TO_SYSTEM] = { MB_SELECT_COHERENT, mb_alloc_system,
					 mb_copy_device_to_system, mb_bulk_device_to_system },
	},
	[MIGBENCH_SYSTEM] = {
		[MIGBENCH_TO_DEVICE] = { MIGRATE_VMA_SELECT_SYSTEM | MB_SELECT_HUGE, mb_alloc_system,
					 mb_copy_system_to_system, mb_bulk_system_to_system },
		[MIGBENCH_TO_SYSTEM] = { MIGRATE_VMA_SELECT_SYSTEM | MB_SELECT_HUGE, mb_alloc_system,
					 mb_copy_system_to_system, mb_bulk_system_to_system },
	},
};

/* No destinations, or none for every second page, or huge page. */
static void mb_alloc_in_part(struct mb_job *job, struct migrate_vma *args)
{
	unsigned long i, pages;
	bool second = false;

	if (job->flags & MIGBENCH_ABORT) {
		mb_alloc_nothing(job, args);
		return;
	}
	job->route->alloc(job, args);
	for (i = 0; i < args->npages; i += pages, second = !second) {
		pages = mb_entry_pages(args->src[i]);
		if (second)
			mb_forget_entry(args->dst + i, pages);
	}
}

/* Test only: forget the destination of every Nth page, and with it those of its huge page. */
static void mb_plant_left_behind(struct migrate_vma *args, unsigned int every)
{
	unsigned long i, pages;

	for (i = 0; i < args->npages; i += pages) {
		pages = mb_entry_pages(args->src[i]);
		if (i / every != (i + pages) / every)
			mb_forget_entry(args->dst + i, pages);
	}
}

/* Test only: lose the content of every Nth page on its way to a device. */
static void mb_plant_lost_content(struct mb_job *job, struct migrate_vma *args, unsigned int every)
{
	unsigned long i;

	if (job->route->copy != mb_copy_system_to_device)
		return;
	for (i = every - 1; i < args->npages; i += every)
		if (args->dst[i])
			clear_page(mb_slot_content(job->device, args->dst[i]));
}

/* Finalize one page, leave the rest in @args, and say when it was back. */
static u64 mb_finalize_first(struct migrate_vma *args)
{
	struct migrate_vma first = *args;

	first.npages = 1;
	migrate_vma_finalize(&first);
	args->src++;
	args->dst++;
	args->npages--;
	return mb_clock();
}

static int mb_batch(struct mb_job *job, unsigned long start, unsigned long end,
		    struct migbench_record *record)
{
	const struct mb_route *route = job->route;
	struct mm_struct *mm = current->mm;
	struct migrate_vma args = {
		.src = job->src,
		.dst = job->dst,
		.start = start,
		.end = end,
		.pgmap_owner = job->device,
		.flags = route->select,
	};
	unsigned long pages = (end - start) >> PAGE_SHIFT, i;
	u64 begin, finish, t[MIGBENCH_PHASES + 1];
	unsigned int every;
	int ret;

	job->tails = 0;
	begin = mb_clock();
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	args.vma = vma_lookup(mm, start);
	if (!args.vma || end > args.vma->vm_end) {
		mmap_read_unlock(mm);
		return -EFAULT;
	}
	/* copy_page() would leave the tags of arm64's tagged memory behind. */
	if (args.vma->vm_flags & VM_MTE || mb_may_merge(args.vma, args.flags)) {
		mmap_read_unlock(mm);
		return -EOPNOTSUPP;
	}
	/* The kernel splits what it has collected whole only where it is anonymous. */
	if (MB_HAVE_HUGE && !vma_is_anonymous(args.vma))
		args.flags &= ~MB_SELECT_HUGE;

	t[0] = mb_clock();
	ret = migrate_vma_setup(&args);
	if (ret) {
		mmap_read_unlock(mm);
		return ret;
	}
	if (unlikely(mb_is_astray(&args, pages))) {
		migrate_vma_finalize(&args);
		mmap_read_unlock(mm);
		record->requested = pages;
		return 0;
	}
	mb_inject(MIGBENCH_SETUP, pages);
	t[1] = mb_clock();
	if (unlikely(job->flags & (MIGBENCH_ABORT | MIGBENCH_HALF)))
		mb_alloc_in_part(job, &args);
	else
		route->alloc(job, &args);
	every = READ_ONCE(mb_plant_left);
	if (unlikely(every))
		mb_plant_left_behind(&args, every);
	mb_inject(MIGBENCH_ALLOC, pages);
	t[2] = mb_clock();
	job->copy(job, &args);
	every = READ_ONCE(mb_plant_lost);
	if (unlikely(every))
		mb_plant_lost_content(job, &args, every);
	mb_inject(MIGBENCH_COPY, pages);
	t[3] = mb_clock();
	migrate_vma_pages(&args);
	if (!(args.flags & MIGRATE_VMA_SELECT_SYSTEM))
		mb_leaves_device(job->device, args.src, pages);
	mb_inject(MIGBENCH_PAGES, pages);
	t[4] = mb_clock();
	if (unlikely(job->flags & MIGBENCH_FIRST))
		record->first = mb_finalize_first(&args) - begin;
	migrate_vma_finalize(&args);
	mb_inject(MIGBENCH_FINALIZE, pages);
	t[5] = mb_clock();
	mmap_read_unlock(mm);
	finish = mb_clock();

	record->requested = pages;
	record->collected = args.cpages + job->tails;
	record->total = finish - begin;
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record->phase[i] = t[i + 1] - t[i];
	record->migrated = mb_marked_pages(job->src, pages);
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
	unsigned int most = min_t(u64, request->batch, request->pages);

	job->device = device;
	job->node = request->node;
	job->flags = request->flags;
	if (request->direction != MIGBENCH_NOTHING) {
		job->route = &routes[device->kind][request->direction];
		job->copy = request->flags & MIGBENCH_COPY_BULK	  ? job->route->bulk
			    : request->flags & MIGBENCH_COPY_NONE ? mb_copy_nothing
								  : job->route->copy;
		/* Without a device, "there" is the node that it was created for. */
		if (request->direction == MIGBENCH_TO_DEVICE)
			job->node = device->node;
	}
	job->src = kvcalloc(MB_SETUP_ENTRIES(most), sizeof(*job->src), GFP_KERNEL);
	job->dst = kvcalloc(MB_SETUP_ENTRIES(most), sizeof(*job->dst), GFP_KERNEL);
	job->slots = kvcalloc(most, sizeof(*job->slots), GFP_KERNEL);
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
	bool takes = request->direction == MIGBENCH_TO_DEVICE && device->kind != MIGBENCH_SYSTEM;
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
		if (request->direction == MIGBENCH_NOTHING) {
			mb_batch_of_nothing(&record);
		} else {
			if (takes && down_read_killable(&device->taking)) {
				ret = -EINTR;
				break;
			}
			ret = mb_batch(&job, at, next, &record);
			if (takes)
				up_read(&device->taking);
		}
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
