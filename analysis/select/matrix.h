/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The benchmark numa as matrices: from node by to node, one for each system call and page size. */
#ifndef MIGBENCH_ANALYSIS_SELECT_MATRIX_H
#define MIGBENCH_ANALYSIS_SELECT_MATRIX_H

#include "analysis/stats/summary.h"

#define AN_MAX_NODES 16

struct an_matrix {
	const char *mode, *page;
	unsigned long batch; /* the largest of those with the most pairs of nodes */
	unsigned int nodes[AN_MAX_NODES]; /* ascending */
	size_t count; /* nodes */
	size_t cells; /* pairs that were measured */
	/* [from][to], by place in nodes; NULL where nothing was measured. */
	const struct an_point *at[AN_MAX_NODES][AN_MAX_NODES];
};

/* The matrices of @run; the caller frees the array. */
struct an_matrix *an_matrices(const struct an_run *run, size_t *count);

/* The cheapest and the dearest pair of @matrix, by cost of a page; false if it has one pair only. */
bool an_matrix_extremes(const struct an_matrix *matrix, const struct an_point **cheapest,
			const struct an_point **dearest);

/* "move_pages, 4k pages, batch 512"; malloc'd. */
char *an_matrix_words(const struct an_matrix *matrix);

#endif
