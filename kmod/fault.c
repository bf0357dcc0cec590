// SPDX-License-Identifier: GPL-2.0-or-later
/* The CPU touches a device page: bring that page back, and keep a record of it. */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "transfer.h"

/* References that no mapping accounts for, and the lock: what the kernel took for us. */
static u32 mb_entry(struct page *page)
{
	long references = page_count(page) - mb_page_mapcount(page) - MB_FREE_REFERENCES;

	return clamp(references, 0L, (long)MIGBENCH_ENTRY_REFERENCES) |
	       (PageLocked(page) ? MIGBENCH_ENTRY_LOCKED : 0);
}

/*
 * The aligned @count pages around the fault: one, those of a @huge page, or a @block.
 * Called with mmap_lock held and a reference on vmf->page (from 6.1 on; from
 * 6.15 on also with its lock). Returns 0 when the page moved, and also when it
 * did not because another thread was at it: the access is then tried again. Two
 * ways lead there: setup did not get the page's lock, or the other thread's
 * fault held a reference. The latter shows only in migrate_vma_pages() on 6.1,
 * whose migrate_vma_check_page() grants device pages one reference too many.
 */
static __always_inline vm_fault_t mb_bring_back(struct vm_fault *vmf, unsigned long *src,
						unsigned long *dst, unsigned long count, bool huge,
						bool block)
{
	struct mb_device *device = mb_device_of(vmf->page);
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address & ~(count * PAGE_SIZE - 1),
		.src = src,
		.dst = dst,
		.pgmap_owner = device,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE | (huge ? MB_SELECT_HUGE : 0),
	};
	struct migbench_record record = { .requested = count, .entry = mb_entry(vmf->page) };
	unsigned long i, j, pages, touched;
	u64 t[MIGBENCH_PHASES + 1];
	bool none = false;

	args.end = args.start + count * PAGE_SIZE;
	if (block) {
		/* One mapping only: a block may reach beyond it. */
		args.start = max(args.start, vmf->vma->vm_start);
		args.end = min(args.end, vmf->vma->vm_end);
		count = (args.end - args.start) >> PAGE_SHIFT;
		record.requested = count;
		record.entry |= (u32)raw_smp_processor_id() << MIGBENCH_ENTRY_CPU_SHIFT;
	}
	touched = (vmf->address - args.start) >> PAGE_SHIFT;
	/* What is split is locked for it, unless it is known to be locked. */
	if (!READ_ONCE(mb_no_fault_page) || mb_fault_splits(vmf))
		mb_set_fault_page(&args, vmf->page);

	t[0] = mb_clock();
	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	/* No destinations then, and tried again. */
	if (mb_is_astray(&args, count))
		count = 0;
	t[1] = mb_clock();
	for (i = 0; i < count; i += pages) {
		/* Like a driver: the new page follows the VMA's memory policy. */
		const struct mb_place place = { .vma = vmf->vma,
						.addr = args.start + i * PAGE_SIZE,
						.node = NUMA_NO_NODE };

		pages = mb_entry_pages(src[i]);
		/* A hole was dropped by another thread meanwhile, and stays one. */
		if (!(src[i] & MIGRATE_PFN_VALID) || !(src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		mb_alloc_entry(&place, src[i], dst + i);
		record.collected += pages;
		if (touched >= i && touched < i + pages)
			none = !mb_entry_part(dst + i, touched - i);
	}
	t[2] = mb_clock();
	for (i = 0; i < count; i += pages) {
		pages = mb_entry_pages(src[i]);
		for (j = 0; j < pages; j++)
			if (mb_entry_part(dst + i, j))
				copy_page(page_address(
						  migrate_pfn_to_page(mb_entry_part(dst + i, j))),
					  mb_slot_content(device, mb_entry_part(src + i, j)));
	}
	t[3] = mb_clock();
	migrate_vma_pages(&args);
	mb_leaves_device(device, src, count);
	t[4] = mb_clock();
	migrate_vma_finalize(&args);
	t[5] = mb_clock();

	if (record.collected)
		record.migrated = mb_marked_pages(src, count);
	record.total = t[MIGBENCH_PHASES] - t[0];
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record.phase[i] = t[i + 1] - t[i];
	spin_lock(&device->fault_lock);
	if (device->fault_count < MIGBENCH_FAULTS_MAX)
		device->faults[device->fault_count++] = record;
	else
		device->faults_lost++;
	spin_unlock(&device->fault_lock);
	/* Test only: tried again, it would fail again. */
	if (READ_ONCE(mb_no_fault_page) && !record.migrated)
		return VM_FAULT_SIGBUS;
	if (!record.migrated) {
		/*
		 * Whoever has the page must come to run: a fault of the kernel itself is tried again
		 * at once, and without preemption nobody else would. And who is killed gets away.
		 */
		if (fatal_signal_pending(current))
			return VM_FAULT_SIGBUS;
		cond_resched();
	}
	return none ? VM_FAULT_OOM : 0;
}

static __always_inline vm_fault_t mb_handle(struct vm_fault *vmf, bool block)
{
	unsigned long count = mb_fault_pages(vmf), one[2] = {}, *entries = one, room = 1;
	struct mb_device *device = mb_device_of(vmf->page);
	bool huge = count > 1;
	vm_fault_t ret;

	/*
	 * The kernel takes the head of a folio that it splits for the page whose lock the fault holds, whichever
	 * that is now (7.2: fault_folio of migrate_vma_collect_pmd()): the head must not come along with another.
	 */
	if (block && !huge && !mb_fault_splits(vmf))
		count = device->around;

	/* Once its page is back nothing else keeps the device, before 6.1. */
	if (!MB_HAVE_FAULT_PAGE)
		atomic_inc(&device->faulting);
	if (count > 1) {
		room = MB_SETUP_ENTRIES(count);
		entries = kvcalloc(2 * room, sizeof(*entries), GFP_KERNEL);
	}
	ret = entries ? mb_bring_back(vmf, entries, entries + room, count, huge, block)
		      : VM_FAULT_OOM;
	if (count > 1)
		kvfree(entries);
	if (!MB_HAVE_FAULT_PAGE)
		atomic_dec(&device->faulting);
	return ret;
}

vm_fault_t mb_migrate_to_ram(struct vm_fault *vmf)
{
	return mb_handle(vmf, false);
}

/* Of a device memory with struct migbench_device's around. */
vm_fault_t mb_migrate_block_to_ram(struct vm_fault *vmf)
{
	return mb_handle(vmf, true);
}

/* The oldest records that there is room for; the others, and all where @to can't be written, stay for the next call. */
long mb_faults(struct mb_device *device, struct migbench_faults *request, void __user *to)
{
	u32 room = min_t(u32, request->count, MIGBENCH_FAULTS_MAX), given, lost;
	struct migbench_record *records = kvcalloc(room + 1, sizeof(*records), GFP_KERNEL);
	long ret = 0;

	if (!records)
		return -ENOMEM;
	/* One reader after the other, or two would be given the same records and drop others. */
	if (mutex_lock_killable(&device->fault_reader)) {
		kvfree(records);
		return -EINTR;
	}
	spin_lock(&device->fault_lock);
	given = min(room, device->fault_count);
	if (given)
		memcpy(records, device->faults, given * sizeof(*records));
	lost = device->faults_lost;
	spin_unlock(&device->fault_lock);

	request->count = given;
	request->lost = lost;
	if (copy_to_user(u64_to_user_ptr(request->records), records, given * sizeof(*records)) ||
	    (to && copy_to_user(to, request, sizeof(*request))))
		ret = -EFAULT;
	kvfree(records);
	if (ret)
		goto unlock;

	/* What came meanwhile stands behind these. */
	spin_lock(&device->fault_lock);
	device->fault_count -= given;
	if (device->fault_count)
		memmove(device->faults, device->faults + given,
			device->fault_count * sizeof(*device->faults));
	device->faults_lost -= lost;
	spin_unlock(&device->fault_lock);
unlock:
	mutex_unlock(&device->fault_reader);
	return ret;
}
