/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All differences between kernels, and nothing else: the rest of the module is
 * written against the names below. Written and tested for Linux 6.1.
 */
#ifndef MIGBENCH_COMPAT_H
#define MIGBENCH_COMPAT_H

#include <linux/memremap.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/swapops.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "migbench needs Linux 6.1 or later"
#endif

/* Make a free device page one with a reference and its lock held. */
static inline void mb_device_page_init(struct page *page)
{
	zone_device_page_init(page);
}

/* The pagemap operations; @name is the callback for a page whose last reference went. */
#define MB_PAGEMAP_OPS(_free, _to_ram)                                                             \
	{                                                                                          \
		.page_free = (_free), .migrate_to_ram = (_to_ram)                                  \
	}

/* Device-coherent memory came with 6.0. */
#define MB_HAVE_COHERENT 1
#define MB_TYPE_COHERENT MEMORY_DEVICE_COHERENT
#define MB_SELECT_COHERENT MIGRATE_VMA_SELECT_DEVICE_COHERENT

static inline bool mb_pte_is_private(pte_t pte)
{
	return is_device_private_entry(pte_to_swp_entry(pte));
}

static inline bool mb_page_is_coherent(struct page *page)
{
	return is_device_coherent_page(page);
}

static inline struct dev_pagemap *mb_page_pgmap(struct page *page)
{
	return page->pgmap;
}

#endif
