/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several kernels side by side: the runs of one clock, and the points that they share. */
#ifndef MIGBENCH_ANALYSIS_SELECT_VERSIONS_H
#define MIGBENCH_ANALYSIS_SELECT_VERSIONS_H

#include "analysis/select/series.h"

struct an_versions {
	const struct an_run **runs; /* one a kernel, in the order given */
	size_t count;
	size_t left_out; /* further runs of a kernel that is there */
	size_t shapes; /* runs with the host's time in emulation, where others have a real time */
};

/* What @run was asked to measure, config.suite; "" if it does not say. */
const char *an_suite(const struct an_run *run);

/*
 * Of each kernel the run first whose suite most kernels have, of those that as many have the one given first:
 * the first runs are what stands side by side. Kernels stay in the order given.
 */
void an_common_suites_first(struct an_run **runs, size_t count);

/* Whether runs[at] is one of those that an_versions() takes of its clock. */
bool an_version_is_first(struct an_run *const *runs, size_t count, size_t at);

/*
 * The first run of each kernel under the clock; where some have a real time, of these. Returns
 * whether there are two or more, so that there is something to set side by side; then free with
 * an_versions_free().
 */
bool an_versions(struct an_run *const *runs, size_t count, bool insns,
		 struct an_versions *versions);
void an_versions_free(struct an_versions *versions);

/*
 * The families of all kernels, each at one batch: the largest up to 512 of those that most was
 * measured at. Rows are directions, columns are kernels. Free with an_slices_free().
 */
struct an_slice *an_version_slices(const struct an_versions *versions, size_t *count);

/* Fill in @points with those of @slice in @direction, one a kernel, NULL: not measured there. */
void an_version_points(const struct an_versions *versions, const struct an_slice *slice,
		       enum an_direction direction, const struct an_point **points);

/* "private memory, nodes 0>1, 4k pages, exclusive, 1 thread, batch of 512"; malloc'd. */
char *an_slice_title(const struct an_slice *slice);

#endif
