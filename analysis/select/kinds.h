/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Families that differ in one parameter only, kind of memory or page size: what
 * is the price of the one against the other, all else equal?
 */
#ifndef MIGBENCH_ANALYSIS_SELECT_KINDS_H
#define MIGBENCH_ANALYSIS_SELECT_KINDS_H

#include "analysis/select/series.h"

#define AN_MAX_KINDS 6

struct an_kinds {
	const char *key; /* "memory" or "page" */
	const struct an_family *families[AN_MAX_KINDS]; /* in the run's order, by value */
	size_t count; /* two at least */
	char *title; /* what they share: "nodes 0>1, 4k pages, exclusive, 1 thread" */
};

/* The sets of @families with the key "memory" or "page" apart; free with an_kinds_free(). */
struct an_kinds *an_kinds(const struct an_family *families, size_t family_count, const char *key,
			  size_t *count);
void an_kinds_free(struct an_kinds *kinds, size_t count);

/* A family's value of @key: "private", "4k". */
const char *an_family_param(const struct an_family *family, const char *key);

/*
 * Find the largest batch that every one of @kinds has in @direction. Returns false if there
 * is none; else @points are its points, one for each family.
 */
bool an_kinds_meet(const struct an_kinds *kinds, enum an_direction direction,
		   const struct an_point *points[AN_MAX_KINDS]);

#endif
