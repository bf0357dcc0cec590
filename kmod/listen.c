// SPDX-License-Identifier: GPL-2.0-or-later
/* MMU notifiers on the caller's memory, as the drivers of devices that share it have them. */
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "migbench.h"

struct mb_listener {
	struct mmu_notifier notifier;
	struct mb_listeners *all;
};

struct mb_listeners {
	struct mm_struct *mm; /* register holds a reference for each */
	unsigned int count;
	atomic64_t calls; /* starts of invalidations that they heard of */
	struct mb_listener each[];
};

static int mb_invalidate_start(struct mmu_notifier *notifier,
			       const struct mmu_notifier_range *range)
{
	atomic64_inc(&container_of(notifier, struct mb_listener, notifier)->all->calls);
	return 0;
}

static void mb_invalidate_end(struct mmu_notifier *notifier, const struct mmu_notifier_range *range)
{
}

static const struct mmu_notifier_ops mb_listener_ops = {
	.invalidate_range_start = mb_invalidate_start,
	.invalidate_range_end = mb_invalidate_end,
};

int mb_notifier_register(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = __mmu_notifier_register(notifier, mm);
	mmap_write_unlock(mm);
	return ret;
}

u64 mb_listen_end(struct mb_listeners **slot)
{
	struct mb_listeners *all = *slot;
	u64 calls;

	if (!all)
		return 0;
	while (all->count)
		mmu_notifier_unregister(&all->each[--all->count].notifier, all->mm);
	calls = atomic64_read(&all->calls);
	kfree(all);
	*slot = NULL;
	return calls;
}

static long mb_listen(struct mb_listeners **slot, struct migbench_listen *request)
{
	struct mb_listeners *all = *slot;
	long ret = 0;

	if (!request->count) {
		if (!all)
			return -EINVAL;
		request->calls = mb_listen_end(slot);
		return 0;
	}
	if (all)
		return -EBUSY;
	all = kzalloc(struct_size(all, each, request->count), GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	all->mm = current->mm;
	while (!ret && all->count < request->count) {
		struct mb_listener *one = &all->each[all->count];

		one->all = all;
		one->notifier.ops = &mb_listener_ops;
		ret = mb_notifier_register(&one->notifier, all->mm);
		all->count += !ret;
	}
	*slot = all;
	if (ret)
		mb_listen_end(slot);
	return ret;
}

long mb_ioctl_listen(struct mutex *lock, struct mb_listeners **slot, void __user *arg)
{
	struct migbench_listen request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags || request.reserved ||
	    request.count > MIGBENCH_LISTEN_MAX)
		return -EINVAL;
	if (mutex_lock_killable(lock))
		return -EINTR;
	ret = mb_listen(slot, &request);
	mutex_unlock(lock);
	if (ret || request.count)
		return ret;
	return copy_to_user(arg, &request, sizeof(request)) ? -EFAULT : 0;
}
