/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finished profile of one or two kernels, and how it is written. */
#ifndef MIGBENCH_LAB_PROFILE_PROFILE_H
#define MIGBENCH_LAB_PROFILE_PROFILE_H

#include <stdio.h>

#include "lab/profile/memory.h"

/* One kernel's. The label is for the reader. */
struct lab_side {
	const char *label;
	const struct lab_account *account;
	const struct lab_symbols *symbols;
	const struct lab_memory *memory; /* NULL: it was not asked for */
	unsigned long moved; /* base pages that a value moved; 0: those of the profile */
};

/* A function in one part of the value. */
struct lab_row {
	const char *function;
	size_t part;
	uint64_t count[2]; /* of both sides */
};

struct lab_profile {
	const char *name; /* the point's */
	unsigned long pages;
	bool program; /* of the user's: there are no pages */
	struct lab_side sides[2];
	size_t side_count;
	struct lab_row *rows; /* of one side by count; of two by difference; largest first */
	size_t row_count;
};

/* Fill in the rows from the sides. */
void lab_profile_rows(struct lab_profile *profile);
void lab_profile_free(struct lab_profile *profile);

/* What the figures are: "instructions a page", or "instructions". */
const char *lab_profile_unit(const struct lab_profile *profile);

/* b minus a. */
int64_t lab_row_difference(const struct lab_row *row);

/* Base pages that a value of a side moved: what is a page is divided by. */
unsigned long lab_side_pages(const struct lab_profile *profile, size_t side);

/* @b instructions of the second side minus @a of the first, each a page of its side. */
double lab_change(const struct lab_profile *profile, uint64_t a, uint64_t b);

/* Why a function stands on one side only; NULL when it does not. */
const char *lab_row_note(const struct lab_profile *profile, const struct lab_row *row);

/* The share of a side's instructions that belongs to a named function. */
double lab_side_coverage(const struct lab_side *side);

/* Write it whole. Folded stacks of two sides are "STACK A B" lines, as difffolded tools take them. */
void lab_profile_text(const struct lab_profile *profile, FILE *out);
void lab_profile_json(const struct lab_profile *profile, FILE *out);
void lab_profile_folded(const struct lab_profile *profile, FILE *out);
void lab_profile_svg(const struct lab_profile *profile, FILE *out);

/* Of profiles with memory: tables in place of those of instructions, and what JSON has beside them. */
void lab_memory_text(const struct lab_profile *profile, FILE *out);
json_t *lab_memory_json(const struct lab_profile *profile);

#endif
