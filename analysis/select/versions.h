/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several kernels side by side: the runs of one clock, and the points that they share. */
#ifndef MIGBENCH_ANALYSIS_SELECT_VERSIONS_H
#define MIGBENCH_ANALYSIS_SELECT_VERSIONS_H

#include "analysis/select/series.h"

/* Kernels that a table has room for. */
#define AN_MAX_VERSIONS 8

struct an_versions {
	const struct an_run *runs[AN_MAX_VERSIONS]; /* one a kernel, in the order given */
	size_t count;
};

/*
 * The first run of each kernel under the clock. Returns whether there are two or more, so that
 * there is something to set side by side.
 */
bool an_versions(struct an_run *const *runs, size_t count, bool insns,
		 struct an_versions *versions);

/* Points of all kernels that differ in the kernel only: a family at one batch. */
struct an_slice {
	char *title; /* "private memory, nodes 0>1, 4k pages, exclusive, 1 thread" */
	unsigned long batch; /* the largest up to 512 that most kernels have */
	const struct an_point *points[AN_SERIES][AN_MAX_VERSIONS]; /* NULL: not measured there */
};

/* A slice for each family of the first kernel; free with an_slices_free(). */
struct an_slice *an_slices(const struct an_versions *versions, size_t *count);
void an_slices_free(struct an_slice *slices, size_t count);

#endif
