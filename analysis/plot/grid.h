/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small multiples: panels in rows and columns over one x axis of batches, the
 * same lines in each. A row is a quantity, a column a case.
 */
#ifndef MIGBENCH_ANALYSIS_PLOT_GRID_H
#define MIGBENCH_ANALYSIS_PLOT_GRID_H

#include "analysis/plot/plot.h"

#define AN_GRID_SIDE 4 /* columns at most */
#define AN_GRID_ROWS 5 /* at most */
#define AN_GRID_LINES 6

struct an_grid_point {
	size_t row, column, line;
	double x, y;
};

struct an_grid {
	const char *title, *what, *x; /* what the x axis shows */
	char *rows[AN_GRID_ROWS], *columns[AN_GRID_SIDE], *lines[AN_GRID_LINES];
	bool log[AN_GRID_ROWS]; /* the row's y axis */
	size_t row_count, column_count, line_count;
	char *const *
		places; /* labels of x at 1, 2, …; NULL: x is a number, on a scale of powers of two */
	size_t place_count;
	struct an_grid_point *points;
	size_t count, capacity;
};

/* The labels are taken. Returns the place of the new row, column or line; there must be room. */
size_t an_grid_row(struct an_grid *grid, char *label, bool log);
size_t an_grid_column(struct an_grid *grid, char *label);
size_t an_grid_line(struct an_grid *grid, char *label);

/* Add a point; one without a value is left out. Points of a line come in the order of x. */
void an_grid_add(struct an_grid *grid, size_t row, size_t column, size_t line, double x, double y);

/* Draw as NAME and free the grid's contents. Returns NULL, or why there is no picture (malloc'd). */
char *an_grid_draw(struct an_grid *grid, struct an_staging *stage, const char *name,
		   const char *run_words);

#endif
