/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of memory an access went to, as far as it can be known. */
#ifndef MIGBENCH_LAB_PROFILE_KINDS_H
#define MIGBENCH_LAB_PROFILE_KINDS_H

#include "lab/profile/account.h"
#include "lab/profile/layout.h"

/* Whether what is of this kind is one of many things, and has a name beside it. */
static inline bool lab_has_name(enum lab_kind kind)
{
	return kind == LAB_KIND_REST || kind == LAB_KIND_IMAGE || kind == LAB_KIND_PER_CPU;
}

/* "pages", "page tables", … */
extern const char *const lab_kind_names[LAB_KINDS];

/* A set of numbers; sorted, each once. */
struct lab_numbers {
	uint64_t *at;
	size_t count, room;
};

/* Of one sample. */
struct lab_places {
	const struct lab_layout *layout;
	struct lab_numbers tables; /* physical: lines */
	struct lab_numbers pages, copied; /* physical: pages */
	struct lab_numbers huge; /* physical: what an entry one level up maps */
	struct lab_numbers blocks, stacks; /* virtual: the same, of the kernel's; tasks' stacks */
	bool known; /* the tables and what they map */
};

/* From record @from to record @to; without what was copied. @layout has to last as long. */
void lab_places_of(struct lab_places *places, const struct lab_layout *layout,
		   const struct lab_trace *trace, size_t from, size_t to);

/* Of the sample that the value of @account was taken in. */
void lab_places_read(struct lab_places *places, const struct lab_layout *layout,
		     const struct lab_account *account, const struct lab_trace *trace,
		     const struct lab_symbols *symbols);
void lab_places_free(struct lab_places *places);

enum lab_kind lab_kind_of(const struct lab_places *places, uint64_t virtual, uint64_t physical);

/* Whether the address is translated by an entry one level above those of pages, or higher. */
bool lab_is_large(const struct lab_places *places, uint64_t virtual, uint64_t physical);

#endif
