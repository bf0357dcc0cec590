// SPDX-License-Identifier: GPL-2.0-or-later
/* The benchmark tlb: cost, flushes and IPI rounds of a call against range size and CPUs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/grid.h"
#include "analysis/report/draw.h"
#include "analysis/report/findings.h"
#include "analysis/run/words.h"
#include "analysis/select/groups.h"

/* What a row shows: the total, or a counter. */
static const struct {
	const char *counter, *label;
} quantities[] = {
	{ NULL, NULL },
	{ "tlb_flushes", "flushes a call" },
	{ "ipi_rounds", "IPI rounds a call" },
};

#define QUANTITIES (sizeof(quantities) / sizeof(quantities[0]))

static double value_of(const struct an_point *point, size_t quantity)
{
	const struct an_summary *total = an_summary(point, "total");

	if (quantity)
		return an_counter(point, quantities[quantity].counter);
	return total ? total->median : NAN;
}

/* The place of @label among @labels, which holds @count; @count if it is not there. */
static size_t find(char *const *labels, size_t count, const char *label)
{
	size_t i = 0;

	while (i < count && strcmp(labels[i], label))
		i++;
	return i;
}

static void add_point(struct an_grid *grid, const struct an_point *point, const size_t *rows)
{
	unsigned long cpus = an_param_number(point, "cpus");
	char *label = an_format("%lu CPU%s", cpus, cpus == 1 ? "" : "s");
	const char *op = *an_param(point, "op") ? an_param(point, "op") : "tlb";
	size_t line = find(grid->lines, grid->line_count, label);
	size_t column = find(grid->columns, grid->column_count, op);

	if (line == grid->line_count && line < AN_GRID_LINES)
		an_grid_line(grid, an_strdup(label));
	if (column == grid->column_count && column < AN_GRID_SIDE)
		an_grid_column(grid, an_strdup(op));
	free(label);
	for (size_t q = 0; q < QUANTITIES; q++)
		if (rows[q] < AN_GRID_SIDE && line < grid->line_count &&
		    column < grid->column_count)
			an_grid_add(grid, rows[q], column, line, (double)point->pages,
				    value_of(point, q));
}

static bool is_tlb(const struct an_point *point)
{
	return !strcmp(point->benchmark, "tlb") && an_summary(point, "total");
}

static bool counted(const struct an_run *run, const char *counter)
{
	for (size_t i = 0; i < run->point_count; i++)
		if (is_tlb(&run->points[i]) && !isnan(an_counter(&run->points[i], counter)))
			return true;
	return false;
}

void an_plot_tlb(struct an_stage *stage, const struct an_run *run, const char *stem,
		 struct an_pictures *pictures)
{
	struct an_grid grid = { .title = "TLB flushes: cost and count of a call against its range",
				.what = "a line each number of CPUs that run the process",
				.x = "pages in the range" };
	char *name, *words, *text, *why;
	const struct an_point **points = an_all_points(run);
	size_t rows[QUANTITIES], count, tlb = 0;
	struct an_group *groups;

	for (size_t i = 0; i < run->point_count; i++)
		if (is_tlb(points[i]))
			points[tlb++] = points[i];
	if (!tlb) {
		free(points);
		return;
	}
	for (size_t q = 0; q < QUANTITIES; q++) {
		rows[q] = AN_GRID_SIDE;
		if (!q)
			rows[q] = an_grid_row(&grid, an_format("%s a call", an_unit(run)), true);
		else if (counted(run, quantities[q].counter))
			rows[q] = an_grid_row(&grid, an_strdup(quantities[q].label), false);
	}
	/* In the groups' order every line goes from the smallest range to the largest. */
	groups = an_groups(points, tlb, &count);
	for (size_t i = 0; i < groups[0].count; i++)
		add_point(&grid, groups[0].rows[i].point, rows);
	an_groups_free(groups, count);
	free(points);
	name = an_format("tlb-%s", stem);
	words = an_run_words(run);
	text = an_tlb_words(run);
	why = an_grid_draw(&grid, stage, name, words);
	if (why)
		an_picture_add(pictures, NULL, an_strdup("TLB flushes"), why);
	else
		an_picture_add(pictures, an_strdup(name),
			       an_format("Cost, flushes and IPI rounds of a call; %s", words),
			       an_strdup(text ? text : ""));
	free(name);
	free(words);
	free(text);
}
