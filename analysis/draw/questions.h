/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the report asks of the points of a run: the pivots that tables, pictures and findings share. */
#ifndef MIGBENCH_ANALYSIS_REPORT_QUESTIONS_H
#define MIGBENCH_ANALYSIS_REPORT_QUESTIONS_H

#include "analysis/select/series.h"

/*
 * What is the price of one kind of memory or size of page, @key, against another, all else equal?
 * Panels are directions, rows batches, columns the values of @key, two at least.
 */
struct an_slice *an_ask_kinds(const struct an_run *run, const char *key, size_t *count);

/*
 * The largest batch that every column of @slice has in @direction: a cell with a point for each of the
 * columns. NULL if there is none.
 */
const struct an_cell *an_kinds_meet(const struct an_slice *slice, enum an_direction direction);

/* From node by to node, one slice for each system call and page size, at one batch. */
struct an_slice *an_ask_nodes(const struct an_run *run, size_t *count);

/* The cheapest and the dearest pair, by cost of a page; false if there is one pair only. */
bool an_nodes_extremes(const struct an_slice *slice, const struct an_point **cheapest,
		       const struct an_point **dearest);

/* "move_pages, 4k pages, batch 512", and what else its points share; malloc'd. */
char *an_nodes_words(const struct an_slice *slice);

/* After a journey, with the switch one way: columns are the first touch, "read" and "write". */
struct an_slice *an_ask_bits(const struct an_run *run, size_t *count);

/* Where the bits were counted: at the read, or at the write where there is none. */
const struct an_point *an_bits_point(const struct an_slice *slice);

/* How many pages went, whose bits are counted: with a stride more than are touched. */
double an_bits_pages(const struct an_point *point);

/* The slice that is like @slice with the switch the other way; NULL if there is none. */
const struct an_slice *an_bits_other(const struct an_slice *slices, size_t count,
				     const struct an_slice *slice);

/*
 * The same hot set with A/D bits kept and dropped: columns "on" and "off", both counted; the
 * headline's case first, interleaved and classic.
 */
struct an_slice *an_ask_refault(const struct an_run *run, size_t *count);

/* The order of its hot and cold pages; behind it what else, if the @count of them differ in that. malloc'd. */
char *an_refault_order(const struct an_slice *slices, size_t count, size_t at);

/* Pages swapped in with the bits kept or dropped, walking the hot set the first or @second time. */
double an_swapped_in(const struct an_slice *slice, bool kept, bool second);

/* Kept as a part of dropped; NAN if nothing was swapped in with the bits dropped. */
double an_refault_ratio(const struct an_slice *slice, bool second);

#endif
