/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points that differ in the axes alone, and what can be asked of them. */
#ifndef MIGBENCH_ANALYSIS_SELECT_SLICE_H
#define MIGBENCH_ANALYSIS_SELECT_SLICE_H

#include "analysis/stats/summary.h"

struct an_axis {
	const char *key; /* "" for none */
	/* Numbers ascending, texts in the order of the points, panels other than directions by alphabet. */
	char **values;
	size_t count, capacity;
	bool numbers;
};

struct an_cell {
	const struct an_run *run;
	const struct an_point *point; /* NULL: not measured */
	double value; /* NAN then, or where the point has no such metric */
};

/* An axis "from" and an axis "to" have the same values: all nodes. */
struct an_slice {
	json_t *rest; /* the parameters that all its points share */
	struct an_axis panels, rows, cols;
	struct an_cell *cells;
	size_t count; /* cells with a point */
};

void an_slices_free(struct an_slice *slices, size_t count);
void an_slice_free(struct an_slice *slice);

/*
 * Of slices that differ in the number @key alone keep the one with the most cells, or the most
 * columns if @columns, of these the one with the largest number up to @most. The others are freed,
 * and @count becomes smaller. The fullest come first.
 */
void an_slices_pick(struct an_slice *slices, size_t *count, const char *key, unsigned long most,
		    bool columns);

/* The slice that is like @slice but for the text @value as @key; NULL if there is none. */
const struct an_slice *an_slice_like(const struct an_slice *slices, size_t count,
				     const struct an_slice *slice, const char *key,
				     const char *value);

/* The place of @value on @axis, or its count if it is not there. */
size_t an_axis_find(const struct an_axis *axis, const char *value);

/* Where a cell is in .cells. */
size_t an_place(const struct an_slice *slice, size_t panel, size_t row, size_t col);

/* A cell by place; or by value, with a NULL point if there is no such one. */
const struct an_cell *an_cell(const struct an_slice *slice, size_t panel, size_t row, size_t col);
const struct an_point *an_cell_of(const struct an_slice *slice, const char *panel, const char *row,
				  const char *col);

/* The first cell with a point, in the order of panels, rows and columns. */
const struct an_cell *an_first_cell(const struct an_slice *slice);

/* A parameter that all points share, "" if there is none. */
const char *an_slice_param(const struct an_slice *slice, const char *key);

/* "private memory, nodes 0>1, 4k pages, exclusive, 1 thread": what all points share; malloc'd. */
char *an_rest_words(const json_t *rest);

/* The same of @params that are none of @told, which are names in a row, a space behind each; "" if there are none. */
char *an_further_words(const json_t *params, const char *told);

/*
 * The median of a metric of @point, AN_REST, or the mean of a counter, for the whole batch; with
 * "/page" behind the name, of a page. NAN if it has neither.
 */
double an_value(const struct an_point *point, const char *metric);

#endif
