/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes of pages: their words, how a kernel is brought to give them, and the proof that it did. */
#ifndef MIGBENCH_BENCH_SCENE_FOLIO_H
#define MIGBENCH_BENCH_SCENE_FOLIO_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/case.h"
#include "bench/scene/sizes.h"

/*
 * The words for sizes, of a parameter "page": those of the machine's own, which a plan replaces by
 * bytes; then base pages and huge ones; then all that a folio of anonymous memory can have.
 */
#define MB_BASE_WORDS MB_SIZE_BASE, "4k", "16k", "64k"
#define MB_PAGE_WORDS MB_BASE_WORDS, MB_SIZE_PMD, "2m", "32m", "512m"
#define MB_PTE_WORDS "pmd-pte", "2m-pte", "32m-pte", "512m-pte"
#define MB_FOLIO_WORDS                                                                             \
	MB_PAGE_WORDS, "32k", "128k", "256k", "512k", "1m", "4m", "8m", "16m", MB_PTE_WORDS,       \
		"hugetlb-pmd", "hugetlb-64k", "hugetlb-2m", "hugetlb-32m", "hugetlb-512m",         \
		"hugetlb-1g"

struct mb_folio {
	const char *word;
	unsigned long bytes;
	unsigned long pages; /* base pages in one, at least one */
	bool by_ptes; /* a huge page whose mapping was split, and the page itself not */
	bool hugetlb;
};

/* What @word of MB_FOLIO_WORDS means; base pages for NULL. */
const struct mb_folio *mb_folio(const char *word);
/*
 * Can a page have this size here, of those that @words (of a parameter, or NULL for all) are about?
 * false with @why.
 */
bool mb_folio_fits(const struct mb_folio *folio, const char *const *words, char why[MB_WHY]);
/* Is a page of this size no more than a quarter of @node's memory? Of more none is to be had. */
bool mb_folio_has_room(const struct mb_folio *folio, unsigned long node);
/* What one PMD maps, by one PMD. */
bool mb_folio_is_huge(const struct mb_folio *folio);
/* Larger than a base page, and smaller than what one PMD maps. */
bool mb_folio_is_between(const struct mb_folio *folio);
/* Is /proc/self/smaps not enough to see that a page has this size? */
bool mb_folio_needs_proof(const struct mb_folio *folio);

/* A request for folios of one size, until mb_folio_end(). */
struct mb_folio_request {
	const struct mb_folio *folio;
	unsigned long pages; /* base pages at once */
	unsigned long nodes[2]; /* where they are made, and where they go */
	bool lab; /* the machine is the lab's: what is missing there may be set */
};

/*
 * Does this kernel offer such folios, and can their size be proven here? In the lab's machine
 * switches and pools of huge pages need not be set: mb_folio_begin() does that. false with @why.
 */
bool mb_folio_can(const struct mb_folio_request *request, char why[MB_WHY]);
/*
 * Have the kernel give such folios and no larger ones where they are asked for by madvise(2); of
 * hugetlb have as many ready on both nodes. Changes the lab's machine only. false with @why;
 * mb_folio_end() puts everything back, and does nothing where nothing was changed.
 */
bool mb_folio_begin(const struct mb_folio_request *request, char why[MB_WHY]);
void mb_folio_end(void);

/*
 * Base pages of [@at, @at + @pages) in folios of exactly this size, by /proc/self/pagemap and
 * /proc/kpageflags, which are root's; 0 if they can't be read.
 */
unsigned long mb_folio_count(const struct mb_folio *folio, const unsigned char *at,
			     unsigned long pages);

#endif
