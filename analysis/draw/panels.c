// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures in panels: a row of the table below for each, and one of its own for an axis that no row knows. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/grid.h"
#include "analysis/draw/draw.h"
#include "analysis/draw/questions.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"
#include "analysis/select/axes.h"

#define QUANTITIES 5
_Static_assert(QUANTITIES <= AN_GRID_ROWS, "each may have a row");
#define MOST_SETS 2 /* pictures of one row */

/* What a row of panels shows; NULL ends them. */
struct quantity {
	const char *metric;
	const char *label; /* NULL: the run's unit, a page or a call */
};

/* A picture: rows are the x axis, columns the lines, panels stand beside each other. */
struct picture {
	const char *name; /* of its files */
	struct an_pivot by;
	struct quantity quantities[QUANTITIES];
	const char *title, *what; /* NULL: what all points share */
	const char *x, *alt, *missing;
	size_t panels; /* at most; 0: as many as there is room for */
	bool comparing; /* a panel with one line says nothing */
	char *(*sentence)(const struct an_run *run, const struct an_slice *slice);
	/* One with a form of its own has this alone. */
	void (*own)(struct an_staging *stage, const struct an_run *run, const char *stem,
		    struct an_pictures *list);
};

/* What is drawn of a run beside its families, in this order. */
static const struct picture pictures[] = {
	{ .own = an_plot_fault },
	{
		.name = "kinds-memory",
		.by = { AN_JOURNEYS, .panels = "direction", .rows = "batch", .cols = "memory" },
		.quantities = { { "total/page", NULL } },
		.title = "Cost of a page against batch size, by kind of memory",
		.x = "base pages in a batch",
		.alt = "Cost of a page by kind of memory",
		.missing = "kinds of memory",
		.panels = AN_KINDS_PANELS,
		.comparing = true,
		.sentence = an_kinds_sentence,
	},
	{
		.name = "kinds-page",
		.by = { AN_JOURNEYS, .panels = "direction", .rows = "batch", .cols = "page" },
		.quantities = { { "total/page", NULL } },
		.title = "Cost of a base page against batch size, by size of the pages moved",
		.x = "base pages in a batch",
		.alt = "Cost of a page by page size",
		.missing = "page sizes",
		.panels = AN_KINDS_PANELS,
		.comparing = true,
		.sentence = an_kinds_sentence,
	},
	{ .own = an_plot_numa },
	{
		.name = "tlb",
		.by = { "tlb", .panels = "op", .rows = "pages", .cols = "cpus" },
		.quantities = { { "total", NULL },
				{ "tlb_flushes", "flushes a call" },
				{ "ipi_rounds", "IPI rounds a call" } },
		.title = "TLB flushes: cost and count of a call against its range",
		.what = "a line each number of CPUs that run the process",
		.x = "pages in the range",
		.alt = "Cost, flushes and IPI rounds of a call",
		.missing = "TLB flushes",
		.sentence = an_tlb_sentence,
	},
	{ .own = an_plot_refault },
	{
		.name = "observe-sizes",
		.by = { "observe", .panels = "direction", .rows = "batch", .cols = "driver" },
		.quantities = { { "calls", "calls" } },
		.title = "Calls of each size that drivers were seen to make",
		.x = "base pages that a call asks for",
		.alt = "Calls by size",
		.missing = "sizes of calls",
		.sentence = an_sizes_sentence,
	},
	{
		.name = "observe-phases",
		.by = { "observe", .panels = "direction", .rows = "batch", .cols = "driver" },
		.quantities = { { "setup/page", "setup, ns per page" },
				{ "driver/page", "driver, ns per page" },
				{ "pages/page", "pages, ns per page" },
				{ "between/page", "between, ns per page" },
				{ "finalize/page", "finalize, ns per page" } },
		.title = "Where the time of a driver's call goes",
		.x = "base pages that a call asks for",
		.alt = "Parts of a call by size",
		.missing = "parts of calls",
		.sentence = an_parts_sentence,
	},
};

/* Whether two columns have anything in @panel. */
static bool has_two_lines(const struct an_slice *slice, size_t panel)
{
	size_t lines = 0;

	for (size_t c = 0; c < slice->cols.count; c++) {
		size_t r = 0;

		while (r < slice->rows.count && !an_cell(slice, panel, r, c)->point)
			r++;
		lines += r < slice->rows.count;
	}
	return lines > 1;
}

static bool has(const struct an_slice *slice, const char *metric)
{
	size_t cells = slice->panels.count * slice->rows.count * slice->cols.count;

	for (size_t i = 0; i < cells; i++)
		if (slice->cells[i].point && !isnan(an_value(slice->cells[i].point, metric)))
			return true;
	return false;
}

/* Where row @r is on the x axis: at its number, or at its place where not all rows have one above 0. */
static double x_of(const struct an_axis *rows, size_t r)
{
	if (rows->numbers && strtoul(rows->values[0], NULL, 10))
		return strtod(rows->values[r], NULL);
	return (double)(r + 1);
}

static void add_panel(struct an_grid *grid, const struct an_slice *slice, size_t panel,
		      const struct quantity *quantities)
{
	size_t column = an_grid_column(grid, an_axis_words(&slice->panels, panel));
	size_t row = 0;

	for (size_t q = 0; q < QUANTITIES && quantities[q].metric; q++) {
		if (!has(slice, quantities[q].metric))
			continue;
		for (size_t c = 0; c < grid->line_count; c++)
			for (size_t r = 0; r < slice->rows.count; r++) {
				const struct an_cell *cell = an_cell(slice, panel, r, c);

				if (cell->point)
					an_grid_add(grid, row, column, c, x_of(&slice->rows, r),
						    an_value(cell->point, quantities[q].metric));
			}
		row++;
	}
}

static void add_rows(struct an_grid *grid, const struct an_run *run, const struct an_slice *slice,
		     const struct quantity *quantities)
{
	for (size_t q = 0; q < QUANTITIES && quantities[q].metric; q++) {
		const char *metric = quantities[q].metric, *label = quantities[q].label;

		if (!has(slice, metric))
			continue;
		an_grid_row(grid,
			    label ? mb_strdup(label)
				  : mb_format("%s %s", an_unit(run),
					      strchr(metric, '/') ? "per page" : "a call"),
			    !label);
	}
}

static void draw(struct an_staging *stage, const struct an_run *run, const struct picture *picture,
		 const struct an_slice *slice, const char *name, struct an_pictures *list)
{
	char *words = an_run_words(run), *shared = an_rest_words(slice->rest);
	char *why, *reading;
	size_t most = picture->panels ? picture->panels : AN_GRID_SIDE, left_out,
	       panels_left_out = 0;
	struct an_grid grid = { .title = picture->title,
				.what = picture->what ? picture->what : shared,
				.x = picture->x };

	if (x_of(&slice->rows, 0) == 1 && strcmp(slice->rows.values[0], "1")) {
		grid.places = slice->rows.values;
		grid.place_count = slice->rows.count;
	}
	add_rows(&grid, run, slice, picture->quantities);
	for (size_t c = 0; c < slice->cols.count && c < AN_GRID_LINES; c++)
		an_grid_line(&grid, an_axis_words(&slice->cols, c));
	for (size_t p = 0; p < slice->panels.count; p++) {
		if (picture->comparing && !has_two_lines(slice, p))
			continue;
		if (grid.column_count < most)
			add_panel(&grid, slice, p, picture->quantities);
		else
			panels_left_out++;
	}
	left_out = slice->cols.count - grid.line_count;
	why = an_grid_draw(&grid, stage, name, words);
	reading = picture->sentence(run, slice);
	an_picture_end(list, why, picture->missing, mb_strdup(name),
		       mb_format("%s; %s", picture->alt, words), reading ? reading : mb_strdup(""));
	if (panels_left_out)
		an_picture_add(
			list, NULL,
			mb_format("%zu more of: %s", panels_left_out, slice->panels.key),
			mb_format("this plot has %zu panels at most; the table has all", most));
	if (left_out)
		an_picture_add(
			list, NULL, mb_format("%zu more of: %s", left_out, slice->cols.key),
			mb_format("a plot has %d lines at most; the table has all", AN_GRID_LINES));
	free(words);
	free(shared);
}

static void draw_all(struct an_staging *stage, const struct an_run *run,
		     const struct picture *picture, const char *stem, struct an_pictures *list)
{
	size_t count, drawn = 0, left_out = 0;
	struct an_slice *slices = an_pivot_run(&picture->by, run, &count);

	for (size_t s = 0; s < count; s++) {
		char *name;

		if (picture->comparing && slices[s].cols.count < 2)
			continue;
		if (drawn == MOST_SETS) {
			left_out++;
			continue;
		}
		name = drawn++ ? mb_format("%s-%zu-%s", picture->name, drawn, stem)
			       : mb_format("%s-%s", picture->name, stem);
		draw(stage, run, picture, &slices[s], name, list);
		free(name);
	}
	if (left_out)
		an_picture_add(
			list, NULL, mb_format("%zu more of: %s", left_out, picture->missing),
			mb_format("the report draws %d at most; the table has all", MOST_SETS));
	an_slices_free(slices, count);
}

/* A name that is good for a file, whatever the run file says; malloc'd. */
static char *file_name(const char *benchmark, const char *key)
{
	char *name = mb_format("%s-by-%s", benchmark, key);

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			*p = '-';
	return name;
}

/* A picture of an axis that no row of the table has. */
static void draw_new(struct an_staging *stage, const struct an_run *run, const struct an_pivot *by,
		     const char *stem, struct an_pictures *list)
{
	const char *along = *by->cols ? by->cols : by->rows;
	char *name = file_name(by->benchmark, along);
	char *title = mb_format("%s: cost of a page against %s", by->benchmark, by->rows);
	char *alt = mb_format("%s, cost of a page by %s", by->benchmark, along);
	char *missing = mb_format("%s by %s", by->benchmark, along);
	const struct picture picture = {
		.name = name,
		.by = *by,
		.quantities = { { "total/page", NULL },
				{ "tlb_flushes", "flushes a batch" },
				{ "ipi_rounds", "IPI rounds a batch" } },
		.title = title,
		.x = by->rows,
		.alt = alt,
		.missing = missing,
		.comparing = *by->cols,
		.sentence = an_against_sentence,
	};

	draw_all(stage, run, &picture, stem, list);
	free(name);
	free(title);
	free(alt);
	free(missing);
}

/* Whether a row above has the axis that @by was made for: the columns, or the rows where it is alone. */
static bool has_picture(const struct an_pivot *by)
{
	const char *axis = *by->cols ? by->cols : by->rows;

	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		const struct an_pivot *row = &pictures[i].by;
		const char *const axes[] = { row->rows, row->cols, row->panels };

		for (size_t k = 0; k < 3 && row->benchmark && an_pivot_is_of(row, by->benchmark);
		     k++)
			if (axes[k] && !strcmp(axes[k], axis))
				return true;
	}
	return false;
}

void an_plot_pictures(struct an_staging *stage, const struct an_run *run, const char *stem,
		      struct an_pictures *list)
{
	struct an_pivot *unknown;
	size_t count;

	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
		if (pictures[i].own)
			pictures[i].own(stage, run, stem, list);
		else
			draw_all(stage, run, &pictures[i], stem, list);
	unknown = an_unknown_axes(run, &count);
	for (size_t i = 0; i < count; i++)
		if (!has_picture(&unknown[i]))
			draw_new(stage, run, &unknown[i], stem, list);
	free(unknown);
}
