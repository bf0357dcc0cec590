/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of a data cache and a TLB: set-associative, of two levels, the least recently used leaves. */
#ifndef MIGBENCH_LAB_PROFILE_CACHE_H
#define MIGBENCH_LAB_PROFILE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lab_cache_level { LAB_L1, LAB_L2, LAB_TLB, LAB_TLB2, LAB_CACHE_LEVELS };

/* "L1", "L2", "TLB", "L2 TLB" */
extern const char *const lab_cache_level_names[LAB_CACHE_LEVELS];

/* Entries of 64-byte lines or of pages, and how many of them share a set. */
struct lab_cache_size {
	unsigned int entries, ways;
};

struct lab_cache_model {
	const char *name; /* where the sizes are from: docs/memory.md */
	struct lab_cache_size line[2]; /* L1 data, L2 */
	struct lab_cache_size small,
		large; /* first TLB, of pages and of large ones; large.entries 0: one for both */
	struct lab_cache_size second; /* second TLB, for both */
};

/* NULL: no such model. The first is the default. */
const struct lab_cache_model *lab_cache_find(const char *name);
/* "a, b", malloc'd. */
char *lab_cache_names(void);

struct lab_cache;

/* Of a machine whose pages, and what its entries one level up map, are of 1 << so many bytes. */
struct lab_cache *lab_cache_new(const struct lab_cache_model *model, unsigned int page_shift,
				unsigned int large_shift);
void lab_cache_free(struct lab_cache *cache);
void lab_cache_empty(struct lab_cache *cache);

/*
 * One access to the line at @physical, through the page of @virtual, which is a large one if @large.
 * missed[level] of those levels that had it not becomes true.
 */
void lab_cache_access(struct lab_cache *cache, uint64_t virtual, uint64_t physical, bool large,
		      bool missed[LAB_CACHE_LEVELS]);

/* The translation of @virtual is dropped; those of user space; all. */
void lab_cache_drop(struct lab_cache *cache, uint64_t virtual);
void lab_cache_drop_user(struct lab_cache *cache);
void lab_cache_drop_all(struct lab_cache *cache);

#endif
