/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The base page and what one PMD maps: what this machine has, and what their sizes are called. */
#ifndef MIGBENCH_BENCH_SCENE_SIZES_H
#define MIGBENCH_BENCH_SCENE_SIZES_H

/* What the lab's machine has where it isn't said otherwise; bytes. */
#define MB_USUAL_BASE (4UL << 10)
#define MB_USUAL_PMD MB_PMD_OF(MB_USUAL_BASE)
/* A page of PTEs, of eight bytes each, is what a PMD points to. */
#define MB_PMD_OF(base) ((base) / 8 * (base))

/* Words of a suite for what the machine has; "hugetlb-pmd" and "pmd-pte" likewise. */
#define MB_SIZE_BASE "base"
#define MB_SIZE_PMD "pmd"

/* Bytes of a base page, and of what one PMD maps: of a transparent huge page, where there is one. */
unsigned long mb_base_bytes(void);
unsigned long mb_pmd_bytes(void);
/* Base pages that one PMD maps, at most as many as with base pages of 64k. */
#define MB_HUGE_PAGES_MAX 8192UL
unsigned long mb_huge_pages(void);

/*
 * What a word of a suite means where a base page has @base bytes and a PMD maps @pmd: "64k",
 * "2m-pte"; malloc'd. NULL for a word that says it itself.
 */
char *mb_size_placed(const char *word, unsigned long base, unsigned long pmd);

#endif
