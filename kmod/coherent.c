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

/* Device memories take it in chunks of a subsection, the least that a pagemap can have. */
#define CHUNK (1UL << SUBSECTION_SHIFT)
static DEFINE_MUTEX(lock);
static unsigned long *taken; /* a bit a chunk */

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
		pr_err("migbench: coherent=ADDR,SIZE takes two multiples of 2 MiB\n");
		return -EINVAL;
	}
	/* Memory that the kernel uses must never be taken over, whatever was asked for. */
	if (region_intersects(start, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		pr_err("migbench: coherent range %#lx+%#lx overlaps System RAM; reserve it with memmap=SIZE$ADDR\n",
		       start, size);
		return -EBUSY;
	}
	if (region_intersects(start, size, IORESOURCE_MEM, IORES_DESC_RESERVED) !=
		    REGION_INTERSECTS &&
	    region_intersects(start, size, IORESOURCE_MEM, IORES_DESC_SOFT_RESERVED) !=
		    REGION_INTERSECTS) {
		pr_err("migbench: coherent range %#lx+%#lx is not wholly reserved memory\n", start,
		       size);
		return -EBUSY;
	}
	taken = bitmap_zalloc(size / CHUNK, GFP_KERNEL);
	return taken ? 0 : -ENOMEM;
}

void mb_coherent_exit(void)
{
	bitmap_free(taken);
}

int mb_coherent_node(void)
{
	int node;

	if (coherent_count != 2)
		return NUMA_NO_NODE;
	node = phys_to_target_node(coherent[0]);
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
