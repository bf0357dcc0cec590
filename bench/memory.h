/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory that is migrated: bound to a node, filled with known content, checked. */
#ifndef MIGBENCH_BENCH_MEMORY_H
#define MIGBENCH_BENCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/scene/folio.h"
#include "bench/suite.h"

struct mb_memory {
	unsigned char *at; /* page-aligned, and 2 MiB-aligned */
	unsigned long pages;
	size_t page_size;
	unsigned long node;
	enum mb_verify verify;
	const struct mb_folio *folio; /* the size of its pages */
	bool huge; /* asked for by madvise(2): what was split stays so until it is renewed */
	uint64_t stamp; /* of the last fill; content differs from fill to fill */
	bool shared; /* of shmem, as tmpfs has it, and not anonymous */
	void *mapping;
	size_t mapped;
};

/*
 * Private anonymous memory, bound to @node, every page present; with @huge of
 * transparent huge pages as far as the kernel gives them, else of base pages.
 * Returns false with errno set, holding nothing.
 */
bool mb_memory_map(struct mb_memory *memory, unsigned long pages, unsigned long node, bool huge,
		   enum mb_verify verify);
/* The same, with the reason in @why. */
bool mb_memory_map_or_say(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  bool huge, enum mb_verify verify, char why[MB_WHY]);
/*
 * The same of any size of folios, of which @pages must be a whole number. The kernel must have been
 * asked for them by mb_folio_begin().
 */
bool mb_memory_map_folios(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  const struct mb_folio *folio, enum mb_verify verify, char why[MB_WHY]);
/* Base pages of shmem, all dirty: what a process has of a file in tmpfs that it writes. */
bool mb_memory_map_shared(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  enum mb_verify verify, char why[MB_WHY]);
/* mbind(2) all of it to @node, with MPOL_MF_… @flags. Returns 0, or -1 with errno set. */
int mb_memory_bind(const struct mb_memory *memory, unsigned long node, unsigned int flags);
/*
 * Have what is mapped come from memory->node; false with errno set. A kernel without CONFIG_NUMA has
 * that one node, and no mbind(2).
 */
bool mb_memory_place(const struct mb_memory *memory);
/*
 * Have the pages of @memory, base pages just mapped, begin @pages (below mb_huge_pages()) behind the
 * start of a page table; 0 does nothing. false with the reason in @why.
 */
bool mb_memory_shift(struct mb_memory *memory, unsigned long pages, char why[MB_WHY]);
/* Give all pages back and take new ones: a THP that was split stays split. false with errno. */
bool mb_memory_renew(struct mb_memory *memory);
/*
 * Is every page of the size that was asked for? For base pages and huge ones reads
 * /proc/self/smaps, which needs neither the module nor a privilege; for others see mb_folio_count().
 */
bool mb_memory_sized(const struct mb_memory *memory);
/* Also of memory that could not be mapped, or is all zero: then it does nothing. */
void mb_memory_unmap(struct mb_memory *memory);

/* Write new content to every page, which leaves its PTE young and dirty. */
void mb_memory_fill(struct mb_memory *memory);
/* What the last fill wrote (or, under verify = stamp, would write) as a page's last word. */
uint64_t mb_memory_last_word(const struct mb_memory *memory, unsigned long page);
/* Write those words again, over what a benchmark put there. */
void mb_memory_rewrite_last(struct mb_memory *memory);
/* Pages whose content is not what the last fill wrote. Touches every page. */
unsigned long mb_memory_lost(const struct mb_memory *memory);
/* Of one page: is its content what the last fill wrote? Is every byte of it zero? */
bool mb_memory_is_kept(const struct mb_memory *memory, unsigned long page);
bool mb_memory_is_zero(const struct mb_memory *memory, unsigned long page);

/*
 * What /proc/self/pagemap says of the pages, a witness that shares no code with
 * the module: present, or an entry that is not present but not empty either.
 * Returns false with errno set if it can't be read.
 */
bool mb_memory_witness(const struct mb_memory *memory, unsigned long *present,
		       unsigned long *elsewhere);

/*
 * Pages that are mapped and whose frame has the bit KPF_… @flag of /proc/kpageflags, which is root's;
 * -1 with errno set if it can't be read.
 */
long mb_memory_flagged(const struct mb_memory *memory, unsigned int flag);

/*
 * Pages that move_pages(2) says are on @node, without CONFIG_NUMA all present ones on node 0; 0 if it
 * says nothing.
 */
unsigned long mb_memory_on_node(const struct mb_memory *memory, unsigned long node);

#endif
