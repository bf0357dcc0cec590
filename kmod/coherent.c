// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory range that was reserved at boot to play device-coherent memory. */
#include <linux/bitmap.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/numa.h>

#include "migbench.h"

static unsigned long coherent[2]; /* address and size in bytes */
static int coherent_count;
module_param_array(coherent, ulong, &coherent_count, 0400);
MODULE_PARM_DESC(coherent, "ADDR,SIZE in bytes of memory reserved at boot (memmap=SIZE$ADDR)");

/* Where the kernel can't tell whose memory it was once it has been kept from it. */
static int coherent_node = NUMA_NO_NODE;
module_param(coherent_node, int, 0400);
MODULE_PARM_DESC(coherent_node, "the node of that memory (default: as the kernel knows it)");

/*
 * Device memories take it in chunks of a subsection, the least that a pagemap can have, or of what
 * one page of struct pages describes.
 */
#define CHUNK max(1UL << SUBSECTION_SHIFT, PAGE_SIZE / sizeof(struct page) * PAGE_SIZE)
static DEFINE_MUTEX(lock);
static unsigned long *taken; /* a bit a chunk */

/* What of @desc lies in the range, in @arg. */
static int mb_add_length(struct resource *resource, void *arg)
{
	*(unsigned long *)arg += resource_size(resource);
	return 0;
}

/*
 * Is it memory that the kernel has no list of? So is what mem=SIZE cut off, the only way to reserve
 * some on arm64, which has no memmap=.
 */
static bool mb_is_cut_off(unsigned long start, unsigned long size)
{
	return IS_ENABLED(CONFIG_ARM64) &&
	       region_intersects(start, size, 0, IORES_DESC_NONE) == REGION_DISJOINT;
}

/* All of it: a range that is half outside must not pass for one that lies within. */
static bool mb_is_reserved(unsigned long start, unsigned long size)
{
	unsigned long length = 0;

	walk_iomem_res_desc(IORES_DESC_RESERVED, IORESOURCE_MEM, start, start + size - 1, &length,
			    mb_add_length);
	walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM, start, start + size - 1,
			    &length, mb_add_length);
	if (length < size)
		mb_walk_soft_reserve(start, start + size - 1, &length, mb_add_length);
	return length == size;
}

static bool mb_is_on_one_node(unsigned long start, unsigned long size)
{
	unsigned long at;

	for (at = start; at < start + size; at += CHUNK)
		if (phys_to_target_node(at) != phys_to_target_node(start))
			return false;
	return true;
}

int mb_coherent_check(void)
{
	unsigned long start = coherent[0], size = coherent[1];

	if (!coherent_count)
		return 0;
	if (!MB_HAVE_COHERENT) {
		pr_err("migbench: this kernel has no device-coherent memory\n");
		return -EOPNOTSUPP;
	}
	if (coherent_count != 2 || !size || start + size < start ||
	    !IS_ALIGNED(start | size, CHUNK)) {
		pr_err("migbench: coherent=ADDR,SIZE takes two multiples of %lu MiB\n",
		       CHUNK >> 20);
		return -EINVAL;
	}
	/* Memory that the kernel uses must never be taken over, whatever was asked for. */
	if (region_intersects(start, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		pr_err("migbench: coherent range %#lx+%#lx overlaps System RAM; reserve it with memmap=SIZE$ADDR\n",
		       start, size);
		return -EBUSY;
	}
	if (!mb_is_reserved(start, size) && !mb_is_cut_off(start, size)) {
		pr_err("migbench: coherent range %#lx+%#lx is not wholly reserved memory\n", start,
		       size);
		return -EBUSY;
	}
	if (!mb_is_on_one_node(start, size)) {
		pr_err("migbench: coherent range %#lx+%#lx is memory of more than one node\n",
		       start, size);
		return -EINVAL;
	}
	if (coherent_node != NUMA_NO_NODE &&
	    (coherent_node < 0 || coherent_node >= nr_node_ids || !node_online(coherent_node))) {
		pr_err("migbench: coherent_node=%d is no node of this machine\n", coherent_node);
		return -EINVAL;
	}
	if (!request_mem_region(start, size, "migbench")) {
		pr_err("migbench: coherent range %#lx+%#lx is in use by another driver, see /proc/iomem\n",
		       start, size);
		return -EBUSY;
	}
	taken = bitmap_zalloc(size / CHUNK, GFP_KERNEL);
	if (!taken)
		release_mem_region(start, size);
	return taken ? 0 : -ENOMEM;
}

void mb_coherent_exit(void)
{
	if (taken)
		release_mem_region(coherent[0], coherent[1]);
	bitmap_free(taken);
}

int mb_coherent_node(void)
{
	int node;

	if (coherent_count != 2)
		return NUMA_NO_NODE;
	node = coherent_node != NUMA_NO_NODE ? coherent_node : phys_to_target_node(coherent[0]);
	return node == NUMA_NO_NODE ? 0 : node;
}

int mb_coherent_claim(struct range *range, unsigned long pages)
{
	unsigned long chunks = DIV_ROUND_UP(pages * PAGE_SIZE, CHUNK), all, at;

	if (!taken)
		return -EOPNOTSUPP;
	all = coherent[1] / CHUNK;
	mutex_lock(&lock);
	at = bitmap_find_next_zero_area(taken, all, 0, chunks, 0);
	if (at < all)
		bitmap_set(taken, at, chunks);
	mutex_unlock(&lock);
	if (at >= all)
		return -ENOMEM;
	range->start = coherent[0] + at * CHUNK;
	range->end = range->start + chunks * CHUNK - 1;
	return 0;
}

void mb_coherent_release(const struct range *range)
{
	mutex_lock(&lock);
	bitmap_clear(taken, (range->start - coherent[0]) / CHUNK, range_len(range) / CHUNK);
	mutex_unlock(&lock);
}
