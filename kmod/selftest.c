// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One page, and a huge one, through every route that is counted, in the mm of whoever loads the
 * module: prototypes tell nothing of what an interface means.
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "migbench.h"
#include "pagetable.h"

#define TRIES 5 /* of what goes wrong: a page may be out of reach for a moment */

static unsigned int shift_frames;
module_param(shift_frames, uint, 0400);
MODULE_PARM_DESC(shift_frames, "test only: the self-test evicts so many frames on (0: off)");

/* What was tried and found good, for /sys/class/misc/migbench/selftest. */
char mb_passed[64];

struct mb_trial {
	struct mb_device *device;
	unsigned long pages; /* 1, or MB_HUGE_PAGES of one huge page */
	unsigned long base, length, at; /* the mapping, and where in it the pages are */
	struct migbench_record __user *record; /* in its last page, as what follows */
	u8 __user *bytes;
	u64 *page; /* the kernel's copy of one page */
	const char *wrong; /* what an interface did not do, or NULL */
	int error; /* what kept the trial from being made, or 0 */
};

static bool mb_saw(struct mb_trial *trial, bool good, const char *wrong)
{
	if (!good)
		trial->wrong = wrong;
	return good;
}

static bool mb_did(struct mb_trial *trial, long ret)
{
	trial->error = ret;
	return !ret;
}

static u64 mb_pattern(unsigned long page, unsigned long word)
{
	return (page * (PAGE_SIZE / sizeof(u64)) + word + 1) * 0x9e3779b97f4a7c15ULL;
}

static bool mb_fill(struct mb_trial *trial)
{
	unsigned long i, j;

	for (i = 0; i < trial->pages; i++) {
		for (j = 0; j < PAGE_SIZE / sizeof(u64); j++)
			trial->page[j] = mb_pattern(i, j);
		if (copy_to_user((void __user *)trial->at + i * PAGE_SIZE, trial->page, PAGE_SIZE))
			return mb_did(trial, -ENOMEM);
	}
	return true;
}

/* Read by the process itself: from private memory it comes back for that. */
static bool mb_intact(struct mb_trial *trial, const char *wrong)
{
	unsigned long i, j;

	for (i = 0; i < trial->pages; i++) {
		if (copy_from_user(trial->page, (void __user *)trial->at + i * PAGE_SIZE,
				   PAGE_SIZE))
			return mb_saw(trial, false, wrong);
		for (j = 0; j < PAGE_SIZE / sizeof(u64); j++)
			if (trial->page[j] != mb_pattern(i, j))
				return mb_saw(trial, false, wrong);
	}
	return true;
}

/* The last record: all pages asked for, all collected, all moved. */
static bool mb_moved(struct mb_trial *trial, const char *wrong)
{
	struct migbench_record record;

	if (copy_from_user(&record, trial->record, sizeof(record)))
		return mb_did(trial, -EFAULT);
	/* Home is a huge page, which not every machine has at any time, or, of 512 MiB, ever. */
	if (trial->pages > 1 && record.collected == trial->pages && !record.migrated &&
	    !mb_device_free_count(trial->device) && !mb_has_room(mb_near_node(), trial->pages))
		return mb_did(trial, -ENOMEM);
	return mb_saw(trial,
		      record.requested == trial->pages && record.collected == trial->pages &&
			      record.migrated == trial->pages,
		      wrong);
}

/* The pages' states, all the same; 0 with trial->error, or where they can't be read. */
static u8 mb_state(struct mb_trial *trial)
{
	const struct migbench_query request = { .addr = trial->at,
						.pages = trial->pages,
						.states = (unsigned long)trial->bytes };
	long ret = mb_query(&request);
	u8 first = 0, last = 0;

	if (ret && ret != -EOPNOTSUPP)
		trial->error = ret;
	else if (!ret && (copy_from_user(&first, trial->bytes, 1) ||
			  copy_from_user(&last, trial->bytes + trial->pages - 1, 1)))
		trial->error = -EFAULT;
	return first == last ? first : 0;
}

/* Do the page tables have the pages where they must be: on the device, or not? */
static bool mb_is_at(struct mb_trial *trial, bool device)
{
	const u8 mask = MIGBENCH_PTE_PRESENT | MIGBENCH_PTE_DEVICE;
	u8 state = mb_state(trial), right = device ? MIGBENCH_PTE_DEVICE : MIGBENCH_PTE_PRESENT;

	if (!MB_HAVE_TABLES || trial->error)
		return !trial->error;
	if (device && trial->device->kind == MIGBENCH_COHERENT)
		right |= MIGBENCH_PTE_PRESENT;
	if (!mb_saw(trial, (state & mask) == right,
		    "finalize: the page table has the page elsewhere"))
		return false;
	/* The memory for a huge page was not there. */
	if (trial->pages > 1 && !(state & MIGBENCH_PTE_HUGE) &&
	    (device || !mb_has_room(mb_near_node(), trial->pages)))
		return mb_did(trial, -ENOMEM);
	return mb_saw(trial, (trial->pages > 1) == !!(state & MIGBENCH_PTE_HUGE),
		      "a page is mapped as a huge one, or a huge one by its pages");
}

/* Are so many pages on the device? */
static bool mb_has(struct mb_trial *trial, unsigned long pages)
{
	return trial->device->kind == MIGBENCH_SYSTEM ||
	       mb_saw(trial, mb_device_free_count(trial->device) + pages == trial->device->pages,
		      pages ? "a device page in use counts as free"
			    : "a device page is not freed when its last user is gone");
}

static bool mb_journey(struct mb_trial *trial, u32 direction, const char *wrong)
{
	bool there = direction == MIGBENCH_TO_DEVICE && trial->device->kind != MIGBENCH_SYSTEM;
	struct migbench_migrate request = { .direction = direction,
					    .batch = trial->pages,
					    .addr = trial->at,
					    .pages = trial->pages,
					    .records = (unsigned long)trial->record,
					    .node = mb_near_node() };

	return mb_did(trial, mb_migrate(trial->device, &request)) && mb_moved(trial, wrong) &&
	       mb_has(trial, there ? trial->pages : 0) && mb_is_at(trial, there);
}

static bool mb_there(struct mb_trial *trial)
{
	return mb_journey(trial, MIGBENCH_TO_DEVICE, "migrate_vma_*() did not move a page there");
}

/* Faults on the device since the last call: @count, each of all pages. Base pages for a huge one are more, and no room. */
static bool mb_faulted(struct mb_trial *trial, u32 count, const char *wrong)
{
	struct migbench_faults request = { .records = (unsigned long)trial->record, .count = 1 };

	return (!count || mb_is_at(trial, false)) &&
	       mb_did(trial, mb_faults(trial->device, &request, NULL)) &&
	       mb_saw(trial, request.count == count && !request.lost, wrong) &&
	       (!count || mb_moved(trial, wrong));
}

static bool mb_back(struct mb_trial *trial)
{
	return mb_has(trial, 0) && mb_is_at(trial, false) &&
	       mb_intact(trial, "a page came back with another content");
}

static bool mb_takes(struct mb_trial *trial, bool pfns, unsigned long pfn)
{
	int ret = mb_evict_takes(pfns, pfn, pfn + shift_frames, trial->pages);

	return mb_did(trial, min(ret, 0)) &&
	       mb_saw(trial, ret,
		      pfns ? "migrate_device_pfns() does not take the frame that it is given"
			   : "migrate_device_range() does not take the frame that it is given");
}

static bool mb_evicts(struct mb_trial *trial, bool pfns)
{
	static const char wrong[] = "migrate_device_pages() did not evict a page";
	struct migbench_evict request = { .flags =
						  pfns ? MIGBENCH_EVICT_PFNS : MIGBENCH_EVICT_RANGE,
					  .pages = trial->pages,
					  .batch = trial->pages,
					  .records = (unsigned long)trial->record,
					  .node = mb_near_node() };

	return mb_there(trial) && mb_takes(trial, pfns, trial->device->first_pfn) &&
	       mb_is_at(trial, true) && mb_has(trial, trial->pages) &&
	       mb_did(trial, mb_evict(trial->device, &request)) && mb_moved(trial, wrong) &&
	       mb_back(trial) &&
	       (trial->device->kind != MIGBENCH_PRIVATE ||
		mb_faulted(trial, 0, "an evicted page still faults"));
}

/* There and back in every way. */
static bool mb_try_device(struct mb_trial *trial)
{
	if (!mb_is_at(trial, false) || !mb_there(trial))
		return false;
	if (trial->device->kind == MIGBENCH_PRIVATE) {
		if (!mb_intact(trial,
			       "migrate_to_ram: a fault did not bring a page back as it was") ||
		    !mb_faulted(trial, 1, "migrate_to_ram: a fault did not bring a page back") ||
		    !mb_back(trial) || !mb_there(trial))
			return false;
	} else if (!mb_intact(trial, "a page on the device has another content") ||
		   !mb_is_at(trial, true)) {
		return false;
	}
	return mb_journey(trial, MIGBENCH_TO_SYSTEM, "migrate_vma_*() did not move a page back") &&
	       mb_back(trial) && (!MB_HAVE_DEVICE_RANGE || mb_evicts(trial, false)) &&
	       (!MB_HAVE_DEVICE_PFNS || mb_evicts(trial, true));
}

/*
 * Frames are first asked for where a mistake is harmless: of a page of ours, in ordinary memory,
 * where numbers read as something else are not far off the memory map as a device's would be.
 */
static bool mb_rehearse(struct mb_trial *trial)
{
	struct page *page;
	unsigned long pfn;

	if (get_user_pages_fast(trial->at, 1, 0, &page) != 1)
		return mb_did(trial, -ENOMEM);
	pfn = page_to_pfn(page);
	put_page(page);
	return (!MB_HAVE_DEVICE_RANGE || mb_takes(trial, false, pfn)) &&
	       (!MB_HAVE_DEVICE_PFNS || mb_takes(trial, true, pfn)) &&
	       mb_intact(trial, "a page that was not evicted lost its content");
}

static bool mb_try_collect(struct mb_trial *trial)
{
	const u8 right = MIGBENCH_SOURCE_VALID | MIGBENCH_SOURCE_MIGRATE | MIGBENCH_SOURCE_WRITE;
	struct migbench_collect request = { .select = MIGBENCH_SELECT_SYSTEM,
					    .addr = trial->at,
					    .pages = 1,
					    .sources = (unsigned long)trial->bytes };
	u8 bits;

	if (!mb_did(trial, mb_collect(trial->device, &request)))
		return false;
	if (copy_from_user(&bits, trial->bytes, 1))
		return mb_did(trial, -EFAULT);
	return mb_saw(trial, request.collected == 1 && bits == right,
		      "migrate_vma_setup() does not select a page that could move");
}

static bool mb_try_system(struct mb_trial *trial)
{
	const u8 exclusive = MB_HAVE_ANON_EXCLUSIVE ? MIGBENCH_PTE_EXCLUSIVE : 0;

	return mb_is_at(trial, false) &&
	       mb_saw(trial,
		      !MB_HAVE_TABLES || (mb_state(trial) & MIGBENCH_PTE_EXCLUSIVE) == exclusive,
		      "PG_anon_exclusive is not set for a page of one process") &&
	       mb_rehearse(trial) && mb_try_collect(trial) && mb_there(trial) && mb_back(trial);
}

/* Are accessed and dirty bits kept where the kernel's variable says so, and only there? */
static bool mb_try_retention(struct mb_trial *trial)
{
	const u8 both = MIGBENCH_PTE_YOUNG | MIGBENCH_PTE_DIRTY;
	struct migbench_retention ask = { .op = MIGBENCH_RETENTION_ASK };
	bool off = false;

	if (!MB_HAVE_TABLES || mb_retention(&off, &ask))
		return true;
	return mb_saw(trial, (mb_state(trial) & both) == both, "a written page is not dirty") &&
	       mb_there(trial) &&
	       mb_saw(trial, (mb_state(trial) & both) == (ask.now ? both : 0),
		      "accessed and dirty bits are not as swap_migration_ad_supported says");
}

static bool mb_map(struct mb_trial *trial)
{
	unsigned long span = trial->pages * PAGE_SIZE;

	trial->length = trial->pages > 1 ? 3 * span : 2 * span;
	/* Of another kind than its neighbours, so that it stays too small for a huge page. */
	trial->base = vm_mmap(NULL, 0, trial->length, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, 0);
	if (IS_ERR_VALUE(trial->base))
		return mb_did(trial, trial->base);
	trial->at = ALIGN(trial->base, span);
	trial->record = (void __user *)(trial->base + trial->length - PAGE_SIZE);
	trial->bytes = (u8 __user *)(trial->record + 1);
	return trial->pages == 1 || mb_did(trial, mb_want_huge(trial->at));
}

/* One on the device where there was none, and home with it: whatever the machine's setting is. */
static bool mb_make_huge(struct mb_trial *trial)
{
	return mb_there(trial) && mb_fill(trial) &&
	       mb_faulted(trial, 1, "migrate_to_ram: a fault did not bring a huge page back");
}

static void mb_try_once(struct mb_trial *trial, enum migbench_kind kind, unsigned long pages,
			bool (*how)(struct mb_trial *))
{
	int node = kind == MIGBENCH_COHERENT ? mb_coherent_node() : mb_near_node();
	u64 frames = kind == MIGBENCH_SYSTEM ? 0 : pages;
	const struct migbench_device request = { .kind = kind, .node = node, .pages = frames };

	*trial = (struct mb_trial){ .page = trial->page, .pages = pages };
	trial->device = mb_device_create(&request);
	if (IS_ERR(trial->device)) {
		trial->error = PTR_ERR(trial->device);
		return;
	}
	if (mb_map(trial)) {
		if (pages > 1 ? mb_make_huge(trial) : mb_fill(trial))
			how(trial);
		/* Pages that are still on the device end with it. */
		vm_munmap(trial->base, trial->length);
	}
	mb_device_put(trial->device);
}

static int mb_try(const char *name, enum migbench_kind kind, unsigned long pages,
		  bool (*how)(struct mb_trial *))
{
	struct mb_trial trial = { .page = kmalloc(PAGE_SIZE, GFP_KERNEL) };
	unsigned int try = 0;

	if (!trial.page)
		return -ENOMEM;
	do {
		mb_try_once(&trial, kind, pages, how);
	} while ((trial.wrong || trial.error) && trial.error != -EINTR && ++try < TRIES);
	kfree(trial.page);
	if (pages > 1 && trial.error == -ENOMEM) {
		pr_notice("migbench: self-test, %s memory: no room, not tried\n", name);
		return 0;
	}
	if (how == mb_try_retention) {
		if (trial.wrong)
			mb_retention_refuse(trial.wrong);
		return 0;
	}
	if (trial.wrong || trial.error) {
		pr_err("migbench: self-test, %s memory: %s; nothing is counted without a pass\n",
		       name, trial.wrong ?: "it can't be made");
		return trial.wrong ? -ENOTRECOVERABLE : trial.error;
	}
	scnprintf(mb_passed + strlen(mb_passed), sizeof(mb_passed) - strlen(mb_passed), "%s%s",
		  *mb_passed ? ", " : "", name);
	return 0;
}

static int mb_try_all(void)
{
	int ret = mb_try("system", MIGBENCH_SYSTEM, 1, mb_try_system);

	if (!ret)
		ret = mb_try("", MIGBENCH_SYSTEM, 1, mb_try_retention);
	if (!ret && IS_ENABLED(CONFIG_DEVICE_PRIVATE))
		ret = mb_try("private", MIGBENCH_PRIVATE, 1, mb_try_device);
	if (!ret && IS_ENABLED(CONFIG_DEVICE_PRIVATE) && MB_HAVE_HUGE)
		ret = mb_try("huge private", MIGBENCH_PRIVATE, MB_HUGE_PAGES, mb_try_device);
	if (!ret && mb_coherent_node() != NUMA_NO_NODE)
		ret = mb_try("coherent", MIGBENCH_COHERENT, 1, mb_try_device);
	return ret;
}

int mb_selftest(void)
{
	unsigned int lost = mb_plant_lost, left = mb_plant_left;
	bool no_fault_page = mb_no_fault_page;
	int ret;

	if (!current->mm)
		return -EOPNOTSUPP;
	/* The kernel is on trial, not what the module is told to spoil. */
	mb_plant_lost = 0;
	mb_plant_left = 0;
	mb_no_fault_page = false;
	ret = mb_try_all();
	mb_plant_lost = lost;
	mb_plant_left = left;
	mb_no_fault_page = no_fault_page;
	return ret;
}
