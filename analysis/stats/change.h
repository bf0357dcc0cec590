/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A difference over batch sizes: what of it is once a batch, and what once a page. */
#ifndef MIGBENCH_ANALYSIS_STATS_CHANGE_H
#define MIGBENCH_ANALYSIS_STATS_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* What differs at one batch size, for the whole batch and in the unit of the costs. */
struct an_change {
	double pages;
	double change; /* B - A */
	double cost; /* A's, above 0 */
	double noise; /* a change up to here is none */
};

/* change = per_batch + per_page * pages */
struct an_change_fit {
	size_t sizes; /* different ones */
	double per_batch, per_page; /* NAN with one size */
	bool batch, page; /* whether that part is more than noise, and not dwarfed by the other */
	bool line; /* whether every size is on it, to a tenth or within its noise */
	double off; /* largest distance from the line, as a fraction of the change there; beyond noise */
	double worst; /* the size that is farthest off, in pages; 0: none is */
};

/*
 * Least squares with weights 1/cost², as a cost's noise grows with it: each size counts the same.
 * With two sizes the line goes through both, and with one there is none.
 */
struct an_change_fit an_change_fit(const struct an_change *changes, size_t count);

/* What the line has at @pages. */
double an_change_at(const struct an_change_fit *fit, double pages);

#endif
