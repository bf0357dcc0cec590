/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory that one value touched, by phase, function and kind, and what a cache makes of it. */
#ifndef MIGBENCH_LAB_PROFILE_MEMORY_H
#define MIGBENCH_LAB_PROFILE_MEMORY_H

#include "core/options.h"
#include "lab/profile/cache.h"
#include "lab/profile/kinds.h"
#include "lab/profile/names.h"

/* What was touched. Lines are of 64 bytes, by physical address; each counts once however often. */
struct lab_touch {
	uint64_t lines, read, written; /* what is read and written is in both */
	uint64_t code; /* lines of instructions, by virtual address */
	uint64_t small, large; /* 4 KiB, 2 MiB of virtual addresses */
	uint64_t bytes; /* of all accesses together */
	uint64_t missed[LAB_CACHE_LEVELS]; /* accesses, by the model */
};

struct lab_memory {
	/* Rows: all, each kind, function, name; columns: parts, and all of them. */
	struct lab_touch *touches;
	size_t rows, names_row;
	const struct lab_names *names;
	uint64_t *first; /* [path]: lines that nothing in the value touched before */
	uint64_t flushes; /* the TLB emptied, or relieved of one address */
	bool known; /* else page tables and mapped pages could not be told from the rest */
	const struct lab_cache_model *model;
	bool cold;
};

/* Columns; LAB_PARTS is all. */
#define LAB_ALL_PARTS LAB_PARTS

static inline struct lab_touch *lab_touch_row(const struct lab_memory *memory, size_t row,
					      size_t part)
{
	return &memory->touches[row * (LAB_PARTS + 1) + part];
}

static inline struct lab_touch *lab_touch_all(const struct lab_memory *memory, size_t part)
{
	return lab_touch_row(memory, 0, part);
}

static inline struct lab_touch *lab_touch_kind(const struct lab_memory *memory, enum lab_kind kind,
					       size_t part)
{
	return lab_touch_row(memory, 1 + kind, part);
}

static inline struct lab_touch *lab_touch_function(const struct lab_memory *memory, size_t function,
						   size_t part)
{
	return lab_touch_row(memory, 1 + LAB_KINDS + function, part);
}

static inline struct lab_touch *lab_touch_name(const struct lab_memory *memory, size_t name,
					       size_t part)
{
	return lab_touch_row(memory, memory->names_row + name, part);
}

/*
 * Of the value of @account. @names stays the caller's, and has to last as long as @memory. @cold: the
 * caches are empty when it begins; else they have what the samples did before it.
 */
void lab_memory_count(struct lab_memory *memory, const struct lab_account *account,
		      const struct lab_trace *trace, const struct lab_symbols *symbols,
		      const struct lab_layout *layout, const struct lab_names *names,
		      const struct lab_cache_model *model, bool cold);

/*
 * For pictures, in which all that stands above another is part of it: instead of instructions
 * @account counts the lines that each path was the first in the value to touch.
 */
void lab_memory_first(const struct lab_memory *memory, struct lab_account *account);
void lab_memory_free(struct lab_memory *memory);

#endif
