// SPDX-License-Identifier: GPL-2.0-or-later
/* TLB flushes and IPI rounds of one thread, counted at the kernel's own tracepoint. */
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <asm/tlbflush.h>

#include "migbench.h"

/* The tracepoint is everywhere; only x86 fires it, and has a number for a flush of everything. */
#ifdef CONFIG_X86
#define FIRES true
#else
#define FIRES false
#define TLB_FLUSH_ALL -1UL
#endif

struct mb_counter {
	struct task_struct *task; /* whose flushes count; a reference is held */
	struct tracepoint *tracepoint; /* registered */
	u64 flushes, full, pages, ipis;
};

/* Runs at every flush of the system: only the thread that asked writes to its counter. */
static void mb_on_tlb_flush(void *data, int reason, unsigned long pages)
{
	struct mb_counter *counter = data;

	if (current != READ_ONCE(counter->task))
		return;
	switch (reason) {
	case TLB_LOCAL_SHOOTDOWN:
	case TLB_LOCAL_MM_SHOOTDOWN:
		/* Another's IPI has brought this CPU up to date before: nothing was flushed. */
		if (!pages)
			break;
		counter->flushes++;
		if (pages == TLB_FLUSH_ALL)
			counter->full++;
		else
			counter->pages += pages;
		break;
	case TLB_REMOTE_SEND_IPI:
		counter->ipis++;
		break;
	}
}

static void mb_match_tlb_flush(struct tracepoint *tracepoint, void *found)
{
	if (!strcmp(tracepoint->name, "tlb_flush"))
		*(struct tracepoint **)found = tracepoint;
}

struct tracepoint *mb_find_tlb_flush(void)
{
	struct tracepoint *tracepoint = NULL;

	/* Where it is silent, counting would say that nothing was flushed. */
	if (FIRES)
		for_each_kernel_tracepoint(mb_match_tlb_flush, &tracepoint);
	return tracepoint;
}

static long mb_count_start(struct mb_counter *counter)
{
	struct tracepoint *tracepoint;
	int ret;

	if (counter->tracepoint)
		return -EBUSY;
	tracepoint = mb_find_tlb_flush();
	if (!tracepoint)
		return -EOPNOTSUPP;
	*counter = (struct mb_counter){ .task = current };
	get_task_struct(counter->task);
	ret = tracepoint_probe_register(tracepoint, mb_on_tlb_flush, counter);
	if (ret)
		put_task_struct(counter->task);
	else
		counter->tracepoint = tracepoint;
	return ret;
}

static void mb_count_stop(struct mb_counter *counter)
{
	struct task_struct *task = counter->task;

	if (!counter->tracepoint)
		return;
	/* Our own flushes from here on are not the caller's. */
	WRITE_ONCE(counter->task, NULL);
	tracepoint_probe_unregister(counter->tracepoint, mb_on_tlb_flush, counter);
	tracepoint_synchronize_unregister();
	counter->tracepoint = NULL;
	put_task_struct(task);
}

long mb_count(struct mb_counter **slot, struct migbench_count *request)
{
	struct mb_counter *counter = *slot;

	if (request->op == MIGBENCH_COUNT_START) {
		if (!counter)
			counter = *slot = kzalloc(sizeof(*counter), GFP_KERNEL);
		return counter ? mb_count_start(counter) : -ENOMEM;
	}
	if (!counter || !counter->tracepoint)
		return -EINVAL;
	mb_count_stop(counter);
	request->flushes = counter->flushes;
	request->full = counter->full;
	request->pages = counter->pages;
	request->ipis = counter->ipis;
	return 0;
}

void mb_count_free(struct mb_counter *counter)
{
	if (!counter)
		return;
	mb_count_stop(counter);
	kfree(counter);
}
