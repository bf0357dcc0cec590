// SPDX-License-Identifier: GPL-2.0-or-later
/* Panels in rows and columns over one x axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/grid.h"

size_t an_grid_row(struct an_grid *grid, char *label, bool log)
{
	grid->rows[grid->row_count] = label;
	grid->log[grid->row_count] = log;
	return grid->row_count++;
}

size_t an_grid_column(struct an_grid *grid, char *label)
{
	grid->columns[grid->column_count] = label;
	return grid->column_count++;
}

size_t an_grid_line(struct an_grid *grid, char *label)
{
	grid->lines[grid->line_count] = label;
	return grid->line_count++;
}

void an_grid_add(struct an_grid *grid, size_t row, size_t column, size_t line, double x, double y)
{
	/* A logarithmic axis has no place for nothing. */
	if (isnan(y) || !(x > 0) || (grid->log[row] && y <= 0))
		return;
	grid->points = mb_grow(grid->points, &grid->capacity, grid->count, sizeof(*grid->points));
	grid->points[grid->count++] = (struct an_grid_point){
		.row = row, .column = column, .line = line, .x = x, .y = y
	};
}

/* One index for each line of each panel that has points; AT[panel and line] is its number. */
static void write_points(const struct an_grid *grid, struct an_plot *plot, FILE *out)
{
	size_t cells = grid->row_count * grid->column_count * grid->line_count;
	int index = 0;

	if (plot->preamble)
		fprintf(plot->preamble, "array AT[%zu]\n", cells);
	for (size_t cell = 0; cell < cells; cell++) {
		size_t line = cell % grid->line_count;
		size_t column = cell / grid->line_count % grid->column_count;
		size_t row = cell / grid->line_count / grid->column_count;
		bool any = false;

		for (size_t i = 0; i < grid->count; i++) {
			const struct an_grid_point *p = &grid->points[i];

			if (p->row != row || p->column != column || p->line != line)
				continue;
			fprintf(out, "%.17g %.17g\n", p->x, p->y);
			any = true;
		}
		if (any)
			fputs("\n\n", out);
		if (plot->preamble)
			fprintf(plot->preamble, "AT[%zu] = %d\n", cell + 1, any ? index++ : -1);
	}
}

static void release(struct an_grid *grid)
{
	for (size_t i = 0; i < grid->row_count; i++)
		free(grid->rows[i]);
	for (size_t i = 0; i < grid->column_count; i++)
		free(grid->columns[i]);
	for (size_t i = 0; i < grid->line_count; i++)
		free(grid->lines[i]);
	free(grid->points);
	*grid = (struct an_grid){ 0 };
}

char *an_grid_draw(struct an_grid *grid, struct an_staging *stage, const char *name,
		   const char *run_words)
{
	struct an_plot plot = an_plot_begin(stage, name, "grid.gp");
	struct an_range x = { 0 }, y[AN_GRID_ROWS] = { 0 };
	FILE *data = an_plot_data(&plot, "grid.dat");
	size_t widest = 0;
	char *why;

	for (size_t i = 0; i < grid->count; i++) {
		an_range_widen(&x, grid->points[i].x);
		an_range_widen(&y[grid->points[i].row], grid->points[i].y);
	}
	for (size_t r = 0; r < grid->row_count; r++) {
		size_t length = strlen(an_count(y[r].high));

		widest = length > widest ? length : widest;
		/* Room above a line of equal counts. */
		if (!grid->log[r])
			y[r] = (struct an_range){ 0, y[r].high * 1.15 };
	}
	if (data) {
		write_points(grid, &plot, data);
		fclose(data);
	}
	an_plot_text(&plot, "TITLE", grid->title);
	an_plot_text(&plot, "RUN", run_words);
	an_plot_text(&plot, "WHAT", grid->what);
	an_plot_text(&plot, "XLABEL", grid->x);
	an_plot_number(&plot, "ROWS", (double)grid->row_count);
	an_plot_number(&plot, "COLS", (double)grid->column_count);
	an_plot_number(&plot, "LINES", (double)grid->line_count);
	an_plot_number(&plot, "LEFT", 0.055 + 0.0105 * (double)(widest < 5 ? 5 : widest));
	an_plot_number(&plot, "H", (double)(320 + 250 * grid->row_count));
	an_plot_array(&plot, "ROW", grid->rows, grid->row_count);
	an_plot_array(&plot, "COLUMN", grid->columns, grid->column_count);
	an_plot_array(&plot, "LABEL", grid->lines, grid->line_count);
	if (grid->count) {
		if (grid->places)
			an_plot_places(&plot, grid->places, grid->place_count);
		else
			an_plot_batches(&plot, x.low, x.high, grid->column_count > 1 ? 7 : 14);
		an_plot_axes(&plot, "AXIS", y, grid->log, grid->row_count);
		why = an_plot_draw(&plot);
	} else {
		an_plot_drop(&plot);
		why = mb_strdup("there is nothing above zero to draw");
	}
	release(grid);
	return why;
}
