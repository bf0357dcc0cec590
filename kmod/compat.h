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

static inline struct dev_pagemap *mb_page_pgmap(struct page *page)
{
	return page->pgmap;
}

#endif
