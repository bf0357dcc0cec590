// SPDX-License-Identifier: GPL-2.0-or-later
/* References and pins on the caller's pages, as I/O or RDMA would hold them. */
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "migbench.h"

struct mb_hold {
	bool pinned;
	struct mm_struct *mm; /* whose pinned_vm has them, where they are pinned */
	int count;
	struct page *pages[];
};

static long mb_hold_take(struct mb_hold *hold, const struct migbench_hold *request)
{
	if (!hold->pinned)
		return get_user_pages_fast(request->addr, request->pages, FOLL_WRITE, hold->pages);
	return pin_user_pages_fast(
		request->addr, request->pages,
		FOLL_WRITE | (request->op == MIGBENCH_HOLD_LONGTERM ? FOLL_LONGTERM : 0),
		hold->pages);
}

void mb_hold_release(struct mb_hold **slot)
{
	struct mb_hold *hold = *slot;
	int i;

	if (!hold)
		return;
	if (hold->pinned) {
		unpin_user_pages(hold->pages, hold->count);
		atomic64_sub(hold->count, &hold->mm->pinned_vm);
		mmdrop(hold->mm);
	} else {
		for (i = 0; i < hold->count; i++)
			put_page(hold->pages[i]);
	}
	kfree(hold);
	*slot = NULL;
}

long mb_hold(struct mb_hold **slot, const struct migbench_hold *request)
{
	struct mb_hold *hold;
	long got;

	if (request->op == MIGBENCH_HOLD_RELEASE) {
		if (!*slot)
			return -EINVAL;
		mb_hold_release(slot);
		return 0;
	}
	if (*slot)
		return -EBUSY;
	hold = kzalloc(struct_size(hold, pages, request->pages), GFP_KERNEL);
	if (!hold)
		return -ENOMEM;
	hold->pinned = request->op != MIGBENCH_HOLD_REFERENCE;
	got = mb_hold_take(hold, request);
	hold->count = max(got, 0L);
	if (hold->pinned) {
		hold->mm = current->mm;
		mmgrab(hold->mm);
		atomic64_add(hold->count, &hold->mm->pinned_vm);
	}
	*slot = hold;
	if (got == request->pages)
		return 0;
	mb_hold_release(slot);
	return got < 0 ? got : -EFAULT;
}
