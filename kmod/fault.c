// SPDX-License-Identifier: GPL-2.0-or-later
/* The CPU touches a device page: bring that page back, and keep a record of it. */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
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
	struct migbench_record record = { .requested = 1 };
	bool collected;
	int i;

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

	record.collected = collected;
	record.migrated = collected && (src & MIGRATE_PFN_MIGRATE);
	record.total = t[MIGBENCH_PHASES] - t[0];
	for (i = 0; i < MIGBENCH_PHASES; i++)
		record.phase[i] = t[i + 1] - t[i];
	spin_lock(&device->fault_lock);
	if (device->fault_count < MIGBENCH_FAULTS_MAX)
		device->faults[device->fault_count++] = record;
	else
		device->faults_lost++;
	spin_unlock(&device->fault_lock);
	return collected && !page ? VM_FAULT_OOM : 0;
}

/* The oldest records that there is room for; the others stay for the next call. */
long mb_faults(struct mb_device *device, struct migbench_faults *request)
{
	u32 room = min_t(u32, request->count, MIGBENCH_FAULTS_MAX), given, lost;
	struct migbench_record *records = kvcalloc(room + 1, sizeof(*records), GFP_KERNEL);
	long ret = 0;

	if (!records)
		return -ENOMEM;
	spin_lock(&device->fault_lock);
	given = min(room, device->fault_count);
	if (given)
		memcpy(records, device->faults, given * sizeof(*records));
	lost = device->faults_lost;
	spin_unlock(&device->fault_lock);

	if (copy_to_user(u64_to_user_ptr(request->records), records, given * sizeof(*records)))
		ret = -EFAULT;
	kvfree(records);
	if (ret)
		return ret;
	request->count = given;
	request->lost = lost;

	/* What came meanwhile stands behind these; another reader may have taken some. */
	spin_lock(&device->fault_lock);
	given = min(given, device->fault_count);
	device->fault_count -= given;
	if (device->fault_count)
		memmove(device->faults, device->faults + given,
			device->fault_count * sizeof(*device->faults));
	device->faults_lost -= min(lost, device->faults_lost);
	spin_unlock(&device->fault_lock);
	return 0;
}
