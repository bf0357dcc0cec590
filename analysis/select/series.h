/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The points of `migrate` in order: a family is all batches and directions
 * with the same other parameters (memory, nodes, page, state, threads), the
 * `evict` points of the same memory, nodes and page, and the `copy` points
 * between the same nodes that are its ceiling.
 */
#ifndef MIGBENCH_ANALYSIS_SELECT_SERIES_H
#define MIGBENCH_ANALYSIS_SELECT_SERIES_H

#include "analysis/select/pivot.h"

/* Up to AN_COPY they are journeys, with phases. */
enum an_direction { AN_TO_DEVICE, AN_TO_SYSTEM, AN_ROUND_TRIP, AN_EVICT, AN_COPY, AN_SERIES };

/* "to the device", "to the system", "round trip", "eviction", "copy alone". */
extern const char *const an_series_names[AN_SERIES];

/* The same as values of the axis "direction" of the benchmarks that go somewhere with a batch. */
extern const char *const an_directions[AN_SERIES];
#define AN_JOURNEYS "migrate+evict"

/* Points with samples, by batch, ascending, one a batch. */
struct an_series {
	const struct an_point **points;
	size_t count;
};

struct an_family {
	const struct an_run *run;
	char *title; /* "private memory, nodes 0>1, 4k pages, exclusive, 1 thread" */
	struct an_series series[AN_SERIES];
};

/* The families of @run, the one with the most points first; free with an_families_free(). */
struct an_family *an_families(const struct an_run *run, size_t *count);
void an_families_free(struct an_family *families, size_t count);

/* The point of @series at @batch, NULL if it was not measured. */
const struct an_point *an_at_batch(const struct an_series *series, unsigned long batch);

/* The benchmark whose batch is called around: what one fault brings back. One page has no name there. */
#define AN_FAULT "fault"

/* Batch of a point, in base pages. */
unsigned long an_batch(const struct an_point *point);

/* The point with the lowest cost a page, and the smallest within @margin of it; NULL if empty. */
const struct an_point *an_cheapest(const struct an_series *series);
const struct an_point *an_knee(const struct an_series *series, double margin);

/* The line through the series' totals. */
bool an_series_fit(const struct an_series *series, struct an_fit *fit);

/* The `fault` point that goes with @family, reading if there is one; NULL if there is none. */
const struct an_point *an_family_fault(const struct an_family *family);

#endif
