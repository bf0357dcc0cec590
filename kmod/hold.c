// SPDX-License-Identifier: GPL-2.0-or-later
/* References, pins and locks on the caller's pages, as I/O or RDMA would hold them. */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "migbench.h"

struct mb_hold {
	bool pinned;
	struct mm_struct *mm; /* whose pinned_vm has them, where they are pinned */
	/* A lock that waits for user space could wait for ever, and everybody with it. */
	struct delayed_work unlock;
	bool expired; /* the work was faster than the user */
	int count, locked; /* pages that are held; of these, the first so many with their lock */
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

/* The pages of a large folio lie side by side, and have one lock. */
static bool mb_hold_has_lock(const struct mb_hold *hold, int i)
{
	return !i || compound_head(hold->pages[i]) != compound_head(hold->pages[i - 1]);
}

static void mb_hold_unlock(struct mb_hold *hold)
{
	int i;

	for (i = 0; i < hold->locked; i++)
		if (mb_hold_has_lock(hold, i))
			unlock_page(hold->pages[i]);
	hold->locked = 0;
}

static void mb_hold_expire(struct work_struct *work)
{
	struct mb_hold *hold = container_of(to_delayed_work(work), struct mb_hold, unlock);

	mb_hold_unlock(hold);
	hold->expired = true;
}

/*
 * As a read that is under way locks the pages that it fills: who submits it returns, and somebody
 * else unlocks them. Whoever waits for one lock while he has another could be waited for in turn,
 * so nothing is waited for. Nobody splits or frees what is locked and referenced.
 */
static long mb_hold_lock(struct mb_hold *hold)
{
	for (; hold->locked < hold->count; hold->locked++)
		if (mb_hold_has_lock(hold, hold->locked) &&
		    !trylock_page(hold->pages[hold->locked]))
			return -EBUSY;
	schedule_delayed_work(&hold->unlock, msecs_to_jiffies(MIGBENCH_LOCK_MS));
	return 0;
}

void mb_hold_release(struct mb_hold **slot)
{
	struct mb_hold *hold = *slot;
	int i;

	if (!hold)
		return;
	cancel_delayed_work_sync(&hold->unlock);
	mb_hold_unlock(hold);
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
		bool expired;

		if (!*slot)
			return -EINVAL;
		cancel_delayed_work_sync(&(*slot)->unlock);
		expired = (*slot)->expired;
		mb_hold_release(slot);
		return expired ? -ETIMEDOUT : 0;
	}
	if (*slot)
		return -EBUSY;
	hold = kzalloc(struct_size(hold, pages, request->pages), GFP_KERNEL);
	if (!hold)
		return -ENOMEM;
	INIT_DELAYED_WORK(&hold->unlock, mb_hold_expire);
	hold->pinned = request->op == MIGBENCH_HOLD_PIN || request->op == MIGBENCH_HOLD_LONGTERM;
	got = mb_hold_take(hold, request);
	hold->count = max(got, 0L);
	if (hold->pinned) {
		hold->mm = current->mm;
		mmgrab(hold->mm);
		atomic64_add(hold->count, &hold->mm->pinned_vm);
	}
	*slot = hold;
	if (got != request->pages)
		got = got < 0 ? got : -EFAULT;
	else
		got = request->op == MIGBENCH_HOLD_LOCK ? mb_hold_lock(hold) : 0;
	if (got)
		mb_hold_release(slot);
	return got;
}
