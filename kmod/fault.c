// SPDX-License-Identifier: GPL-2.0-or-later
/* The CPU touches a device page: bring that page back, and keep a record of it. */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "migbench.h"

/*
 * Called with mmap_lock held and a reference on vmf->page. Returns 0 when the
 * page moved, and also when it did not because another thread was at it: the
 * access is then tried again. Two ways lead there: setup did not get the page's
 * lock, or the other thread's fault held a reference. The latter shows only in
 * migrate_vma_pages() on 6.1, whose migrate_vma_check_page() grants device pages
 * one reference too many.
 */
vm_fault_t mb_migrate_to_ram(struct vm_fault *vmf)
{
	struct mb_device *device = mb_device_of(vmf->page);
	unsigned long src = 0, dst = 0;
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address & PAGE_MASK,
		.end = (vmf->address & PAGE_MASK) + PAGE_SIZE,
		.src = &src,
		.dst = &dst,
		.pgmap_owner = device,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = vmf->page,
	};
	struct page *page = NULL;
	u64 t[MIGBENCH_PHASES + 1];
	bool moved, collected;
	int at, i;

	t[0] = mb_clock();
	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	t[1] = mb_clock();
	collected = src & MIGRATE_PFN_MIGRATE;
	if (collected) {
		/* Like a driver: the new page follows the VMA's memory policy. */
		page = alloc_page_vma(GFP_HIGHUSER_MOVABLE, vmf->vma, args.start);
		if (page) {
			lock_page(page);
			dst = migrate_pfn(page_to_pfn(page));
		}
	}
	t[2] = mb_clock();
	if (page)
		mb_copy_to_system(page, vmf->page);
	t[3] = mb_clock();
	migrate_vma_pages(&args);
	t[4] = mb_clock();
	migrate_vma_finalize(&args);
	t[5] = mb_clock();

	moved = collected && (src & MIGRATE_PFN_MIGRATE);
	at = atomic_fetch_inc(&device->fault_count);
	if (at >= 0 && at < MIGBENCH_FAULTS_MAX) {
		struct migbench_record *record = &device->faults[at];

		record->requested = 1;
		record->collected = collected;
		record->migrated = moved;
		record->total = t[MIGBENCH_PHASES] - t[0];
		for (i = 0; i < MIGBENCH_PHASES; i++)
			record->phase[i] = t[i + 1] - t[i];
	}

	return collected && !page ? VM_FAULT_OOM : 0;
}

long mb_faults(struct mb_device *device, struct migbench_faults *request)
{
	int count = atomic_read(&device->fault_count);
	u32 kept = clamp(count, 0, MIGBENCH_FAULTS_MAX);
	u32 given = min(kept, request->count);

	if (copy_to_user(u64_to_user_ptr(request->records), device->faults,
			 given * sizeof(*device->faults)))
		return -EFAULT;
	request->count = given;
	request->lost = count - given;
	atomic_set(&device->fault_count, 0);
	return 0;
}
