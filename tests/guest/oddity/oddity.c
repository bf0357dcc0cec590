// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver that is not ours, for tests: write(2) of an address to /dev/oddity moves the 39 pages
 * there to other ordinary pages, in calls of 3, 5, 7, 11 and 13, and every third page of a call finds no place.
 */
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#define MOST 13

static const unsigned int sizes[] = { 3, 5, 7, 11, MOST };

static unsigned long a_place(unsigned long from)
{
	struct page *page = alloc_page(GFP_HIGHUSER_MOVABLE);
	unsigned long entry;

	if (!page)
		return 0;
	copy_highpage(page, migrate_pfn_to_page(from));
	lock_page(page);
	entry = migrate_pfn(page_to_pfn(page));
#ifdef MIGRATE_PFN_LOCKED
	entry |= MIGRATE_PFN_LOCKED;
#endif
	return entry;
}

static int move(unsigned long at, unsigned int pages)
{
	unsigned long src[MOST] = { 0 }, dst[MOST] = { 0 };
	struct migrate_vma args = {
		.vma = find_vma(current->mm, at),
		.src = src,
		.dst = dst,
		.start = at,
		.end = at + pages * PAGE_SIZE,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	unsigned int i;
	int ret;

	if (!args.vma || args.vma->vm_start > at)
		return -EFAULT;
	ret = migrate_vma_setup(&args);
	if (ret || !args.cpages)
		return ret;
	for (i = 0; i < pages; i++)
		if (src[i] & MIGRATE_PFN_MIGRATE && i % 3 != 2)
			dst[i] = a_place(src[i]);
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return 0;
}

static ssize_t oddity_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	unsigned long address;
	unsigned int i;
	int ret = 0;

	if (size != sizeof(address) || copy_from_user(&address, from, size))
		return -EINVAL;
	mmap_read_lock(current->mm);
	for (i = 0; i < ARRAY_SIZE(sizes) && !ret; i++) {
		ret = move(address, sizes[i]);
		address += sizes[i] * PAGE_SIZE;
	}
	mmap_read_unlock(current->mm);
	return ret ? ret : size;
}

static const struct file_operations oddity_fops = {
	.owner = THIS_MODULE,
	.write = oddity_write,
};

static struct miscdevice oddity_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "oddity",
	.fops = &oddity_fops,
};

module_misc_device(oddity_device);
MODULE_DESCRIPTION("Moves pages in odd numbers, for tests");
MODULE_LICENSE("GPL");
