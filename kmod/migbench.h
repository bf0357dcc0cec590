/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the module share. */
#ifndef MIGBENCH_H
#define MIGBENCH_H

#include <linux/cpuset.h>
#include <linux/list.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include <migbench/uapi.h>

/*
 * One device memory. Device page i has frame first_pfn + i; its content is at
 * content[i]: an ordinary page of the chosen node (private), or the frame itself
 * (coherent). The kind system has no device pages, only a node.
 */
struct mb_device {
	struct dev_pagemap pgmap;
	enum migbench_kind kind;
	struct list_head orphan; /* on the orphan list when its file is gone */
	unsigned long first_pfn;
	unsigned int pages; /* frames */
	unsigned int room; /* of these, how many are ever used: one of spread in a row */
	unsigned int spread, around; /* as in struct migbench_device; spread is 1 at least */
	int node;
	void **content;

	spinlock_t lock; /* what is free */
	u32 *free_slots; /* a stack of single i */
	u32 *free_blocks; /* and of the first i of MB_HUGE_PAGES, aligned; private memory only */
	unsigned int free_count, block_count;
	/* Read by whoever takes pages and maps them, written by an eviction: what it has looked at is what it takes. */
	struct rw_semaphore taking;
	/*
	 * What leaves the device otherwise while an eviction is under way (@evicting, written with @taking): @moved, a
	 * bit a frame, and @overtaken when there has been one since that eviction began. The kernel takes a page
	 * that another migration has let go of and whose last reference, as a fault has one, is not gone yet:
	 * nobody maps it, and it would be moved once more, to a page that nobody has.
	 */
	bool evicting, overtaken;
	unsigned long *moved;

	atomic_t faulting; /* faults in flight, where the kernel holds no page for them */
	struct mutex fault_reader; /* who takes records away */
	spinlock_t fault_lock; /* the fault records */
	struct migbench_record *faults; /* [MIGBENCH_FAULTS_MAX] */
	u32 fault_count, faults_lost;
};

static inline struct mb_device *mb_device_of(struct page *page);

/* device.c */
/* Is its kind known, and are its numbers within their bounds, and such as this kind has? */
bool mb_device_is_good(const struct migbench_device *request);
struct mb_device *mb_device_create(const struct migbench_device *request);
/*
 * Moves what is still on it to system memory; what can't move now becomes an orphan,
 * which keeps the module from being unloaded and is tried again every second.
 */
void mb_device_put(struct mb_device *device);
/* No more tries; for the end of a module that has no orphans. */
void mb_device_stop(void);
/* Take @count free pages' slots; returns how many there were, all or fewer. */
unsigned int mb_device_take(struct mb_device *device, u32 *slots, unsigned int count);
/* Take as many together as a huge folio has; returns the first slot, or -1. */
long mb_device_take_block(struct mb_device *device);
/* Return slots that were taken and not used. */
void mb_device_give(struct mb_device *device, const u32 *slots, unsigned int count);
unsigned int mb_device_free_count(struct mb_device *device);
/* Once more for all orphans, now. True when none is left. */
bool mb_device_retry_orphans(void);

/* coherent.c: the range of the module parameter, 0 or an error from each. */
int mb_coherent_check(void); /* at load: may it be taken? */
void mb_coherent_exit(void);
int mb_coherent_node(void); /* or NUMA_NO_NODE without a range */
int mb_coherent_claim(struct range *range, unsigned long pages);
void mb_coherent_release(const struct range *range);

/* transfer.c: a locked page of one or MB_HUGE_PAGES base pages, or NULL */
struct page *mb_alloc_system_page(int node, unsigned long pages);
bool mb_has_room(int node, unsigned long pages); /* for one */
/* Content of @src (a device page or not) into the fresh system page @dst. */
void mb_copy_to_system(struct page *dst, struct page *src);

/* migrate.c */
long mb_migrate(struct mb_device *device, struct migbench_migrate *request);

/* evict.c: of mb_evict_all(), true when nothing is left on the device. */
bool mb_evict_all(struct mb_device *device);
/* Sets the bits of @device's moved for what is still marked in @src, device pages and holes; see mb_leaves_device(). */
void mb_mark_moved(struct mb_device *device, const unsigned long *src, unsigned long entries);
long mb_evict(struct mb_device *device, struct migbench_evict *request);
/*
 * Does the kernel take the page of @pages base pages at @pfn when @asked is asked
 * for? By list or by range; what it took is put back. 1, 0, or an error.
 */
int mb_evict_takes(bool pfns, unsigned long pfn, unsigned long asked, unsigned long pages);

/* query.c */
long mb_query(const struct migbench_query *request);

/* collect.c */
long mb_collect(struct mb_device *device, struct migbench_collect *request);

/* hold.c: what a file holds, or NULL; released with it. */
struct mb_hold;
long mb_hold(struct mb_hold **hold, const struct migbench_hold *request);
void mb_hold_release(struct mb_hold **hold);

/* listen.c: a file's MMU notifiers, or NULL; mb_listen_end() says how often they were called. */
struct mb_listeners;
long mb_ioctl_listen(struct mutex *lock, struct mb_listeners **listeners, void __user *arg);
u64 mb_listen_end(struct mb_listeners **listeners);
/* mmu_notifier_register(), but for a wait for mmap_lock that ends at a fatal signal. EINTR: at any. */
struct mmu_notifier;
int mb_notifier_register(struct mmu_notifier *notifier, struct mm_struct *mm);

/*
 * count.c: the tracepoint tlb:tlb_flush, or NULL. One counter a file, made by its
 * first START, stopped and freed with it.
 */
struct tracepoint;
struct tracepoint *mb_find_tlb_flush(void);
struct mb_counter;
long mb_count(struct mb_counter **counter, struct migbench_count *request);
void mb_count_free(struct mb_counter *counter);

/* retention.c: *off says whether this file holds the switch off. */
long mb_retention(bool *off, struct migbench_retention *request);
void mb_retention_release(bool *off);
/* The self-test saw what the variable does not say: whoever asks hears that nothing is known. */
void mb_retention_refuse(const char *why);

/* inject.c: the delay of the module parameters for @pages pages, if it is @phase's. */
extern int mb_inject_phase;
void mb_inject_delay(unsigned long pages);

static inline void mb_inject(enum migbench_phase phase, unsigned long pages)
{
	if (unlikely(READ_ONCE(mb_inject_phase) == (int)phase))
		mb_inject_delay(pages);
}

/*
 * selftest.c: every route, once, in the caller's mm; 0, or an error that the kernel
 * log explains in one line. Without a pass, nothing may be counted.
 */
int mb_selftest(void);
extern char mb_passed[64]; /* what was tried, in words */

/* fault.c */
vm_fault_t mb_migrate_to_ram(struct vm_fault *vmf);
vm_fault_t mb_migrate_block_to_ram(struct vm_fault *vmf);
long mb_faults(struct mb_device *device, struct migbench_faults *request, void __user *to);

/* main.c: module parameters, see MODULE_PARM_DESC there; 0 is off. */
extern unsigned int mb_plant_lost, mb_plant_left;
extern bool mb_no_fault_page;

#include "compat.h"

static inline bool mb_has_memory(u32 node)
{
	return node < nr_node_ids && node_state(node, N_MEMORY);
}

/*
 * A range of whole pages in user space. On arm64 @addr may come with a tag in its top byte, as for
 * madvise(); it is taken off.
 */
static inline bool mb_take_range(__u64 *addr, u64 pages)
{
	if (IS_ENABLED(CONFIG_ARM64))
		*addr = untagged_addr(*addr);
	return pages && pages <= MIGBENCH_PAGES_MAX && PAGE_ALIGNED(*addr) && *addr < TASK_SIZE &&
	       pages <= (TASK_SIZE - *addr) >> PAGE_SHIFT;
}

/*
 * May KSM merge pages that @select takes out of @vma's page table? Then they must not be: setup
 * leaves it to the reverse map to put there in the end what shall be there, and a merged page's
 * knows an address only some time after ksmd has mapped the page there, without mmap_lock. What was
 * taken out meanwhile stays a migration entry of a page that nobody has locked, which the kernel
 * stops at. And where a merged page does get to a device, ksmd looks there for its content.
 */
static inline bool mb_may_merge(const struct vm_area_struct *vma, unsigned long select)
{
	return vma->vm_flags & VM_MERGEABLE && select & MIGRATE_VMA_SELECT_SYSTEM;
}

static inline struct mb_device *mb_device_of(struct page *page)
{
	return container_of(mb_page_pgmap(page), struct mb_device, pgmap);
}

static inline void *mb_device_content(struct mb_device *device, struct page *page)
{
	return device->content[page_to_pfn(page) - device->first_pfn];
}

/* The node of this CPU; where that has no memory, or the task's cpuset keeps it from there, the first with both. */
static inline int mb_near_node(void)
{
	int node = numa_mem_id();

	if (node_state(node, N_MEMORY) && node_isset(node, cpuset_current_mems_allowed))
		return node;
	for_each_node_mask(node, cpuset_current_mems_allowed)
		if (node_state(node, N_MEMORY))
			return node;
	return first_memory_node;
}

#endif
