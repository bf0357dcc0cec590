// SPDX-License-Identifier: GPL-2.0-or-later
/* What migrate_vma_setup() selects, with nothing moved afterwards. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "migbench.h"
#include "watch.h"

/* The kernel's flags for the request's; false if it has not all of them. */
static bool mb_selection(u32 select, unsigned long *flags)
{
	*flags = 0;
	if (select & MIGBENCH_SELECT_SYSTEM)
		*flags |= MIGRATE_VMA_SELECT_SYSTEM;
	if (select & MIGBENCH_SELECT_PRIVATE)
		*flags |= MIGRATE_VMA_SELECT_DEVICE_PRIVATE;
	if (select & MIGBENCH_SELECT_COHERENT)
		*flags |= MB_SELECT_COHERENT;
	if (select & MIGBENCH_SELECT_COMPOUND)
		*flags |= MB_SELECT_HUGE;
	return (MB_SELECT_COHERENT || !(select & MIGBENCH_SELECT_COHERENT)) &&
	       (MB_SELECT_HUGE || !(select & MIGBENCH_SELECT_COMPOUND));
}

static u8 mb_source_bits(unsigned long src)
{
	u8 bits = 0;

	bits |= src & MIGRATE_PFN_VALID ? MIGBENCH_SOURCE_VALID : 0;
	bits |= src & MIGRATE_PFN_MIGRATE ? MIGBENCH_SOURCE_MIGRATE : 0;
	bits |= src & MIGRATE_PFN_WRITE ? MIGBENCH_SOURCE_WRITE : 0;
	bits |= src & MB_PFN_HUGE ? MIGBENCH_SOURCE_COMPOUND : 0;
	return bits;
}

static long mb_collect_range(struct migrate_vma *args, struct migbench_collect *request, u8 *bits)
{
	struct mm_struct *mm = current->mm;
	struct mb_watch watch = {};
	bool watched = request->flags & MIGBENCH_COLLECT_WATCH;
	unsigned long i;
	long ret = watched ? mb_watch_begin(&watch, args->start) : 0;

	if (ret)
		return ret;
	if (mmap_read_lock_killable(mm)) {
		ret = -EINTR;
		goto unwatch;
	}
	args->vma = vma_lookup(mm, args->start);
	if (!args->vma || args->end > args->vma->vm_end)
		ret = -EFAULT;
	else if (mb_may_merge(args->vma, args->flags))
		ret = -EOPNOTSUPP;
	if (!ret) {
		if (!vma_is_anonymous(args->vma))
			args->flags &= ~MB_SELECT_HUGE;
		mb_watch_on(&watch);
		ret = migrate_vma_setup(args);
		mb_watch_off(&watch);
	}
	if (!ret) {
		bool astray = mb_is_astray(args, request->pages);

		if (astray)
			args->cpages = 0;
		for (i = 0; !astray && i < request->pages; i++)
			bits[i] = mb_source_bits(args->src[i]);
		/* No destination: every page goes back to where it was. */
		migrate_vma_finalize(args);
	}
	mmap_read_unlock(mm);
unwatch:
	if (watched)
		mb_watch_end(&watch);
	request->collected = args->cpages;
	request->flushes = watch.flushes;
	request->locked = watch.locked;
	return ret;
}

long mb_collect(struct mb_device *device, struct migbench_collect *request)
{
	struct migrate_vma args = {
		.start = request->addr,
		.end = request->addr + request->pages * PAGE_SIZE,
		.pgmap_owner = device,
	};
	u8 *bits = kvcalloc(request->pages, sizeof(*bits), GFP_KERNEL);
	long ret = -ENOMEM;

	args.src = kvcalloc(MB_SETUP_ENTRIES(request->pages), sizeof(*args.src), GFP_KERNEL);
	args.dst = kvcalloc(MB_SETUP_ENTRIES(request->pages), sizeof(*args.dst), GFP_KERNEL);
	if (!mb_selection(request->select, &args.flags))
		ret = -EOPNOTSUPP;
	else if (bits && args.src && args.dst)
		ret = mb_collect_range(&args, request, bits);
	if (!ret && copy_to_user(u64_to_user_ptr(request->sources), bits, request->pages))
		ret = -EFAULT;
	kvfree(bits);
	kvfree(args.src);
	kvfree(args.dst);
	return ret;
}
