// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only for the lab's guests (lab profile --memory): the kernel's log is told where the kernel has what, as
 * each architecture and version has it elsewhere, and whose each slab is, in the kernel's own words,
 * as the fields that say it are its own affair. It does not stay loaded.
 */
#define pr_fmt(fmt) "slabs: " fmt

#include <linux/errno.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "have.h"
#if !MB_HAVE_MEM_DUMP_OBJ
#include <linux/slub_def.h>
#endif

#ifdef CONFIG_X86
#include <asm/cpu_entry_area.h>
#endif

static void name_areas(void)
{
	int cpu;

	pr_info("page %lu stack %lu\n", PAGE_SIZE, (unsigned long)THREAD_SIZE);
#ifdef VMEMMAP_SIZE /* arm64 */
	pr_info("area struct-page %#lx-%#lx\n", (unsigned long)VMEMMAP_START,
		(unsigned long)VMEMMAP_START + VMEMMAP_SIZE);
#else
	pr_info("area struct-page %#lx-%#lx\n", (unsigned long)pfn_to_page(0),
		(unsigned long)pfn_to_page(1UL << (MAX_PHYSMEM_BITS - PAGE_SHIFT)));
#endif
	pr_info("area modules %#lx-%#lx\n", (unsigned long)MODULES_VADDR,
		(unsigned long)MODULES_END);
#ifdef CPU_ENTRY_AREA_BASE
	pr_info("area per-CPU %#lx-%#lx\n", (unsigned long)CPU_ENTRY_AREA_BASE,
		(unsigned long)CPU_ENTRY_AREA_BASE + CPU_ENTRY_AREA_MAP_SIZE);
#endif
	for_each_possible_cpu(cpu)
		pr_info("per-CPU %d %#lx\n", cpu, (unsigned long)per_cpu_offset(cpu));
}

static void name_slab(struct page *page)
{
	unsigned long at = (unsigned long)page_address(page);

#if MB_HAVE_MEM_DUMP_OBJ
	pr_info("slab %#lx %lu:", at, PAGE_SIZE * compound_nr(page));
	mem_dump_obj((void *)at); /* ends the line */
#else
	pr_info("slab %#lx %lu: slab %s\n", at, PAGE_SIZE * compound_nr(page),
		page->slab_cache->name);
#endif
}

/* Of a section of frames, which is there or not as a whole. */
static void name_slabs(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (page && !PageTail(page) && PageSlab(page))
			name_slab(page);
		cond_resched();
	}
}

static int __init slabs_init(void)
{
	int node;

	name_areas();
	/* Private memory makes a node reach to where addresses end, with nothing in between. */
	for_each_online_node(node) {
		unsigned long pfn = node_start_pfn(node), end = node_end_pfn(node), next;

		for (; pfn < end; pfn = next) {
			next = SECTION_ALIGN_DOWN(pfn) + PAGES_PER_SECTION;
			if (online_section_nr(pfn_to_section_nr(pfn)))
				name_slabs(pfn, min(next, end));
		}
	}
	return -ENODEV;
}
module_init(slabs_init);

MODULE_DESCRIPTION("Names the slabs in the kernel's log, and is gone");
MODULE_LICENSE("GPL");
