// SPDX-License-Identifier: GPL-2.0-or-later
/* The node matrix as a heatmap: cost of a page from node to node, a panel each system call. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/draw/draw.h"
#include "analysis/draw/questions.h"
#include "analysis/run/describe.h"

#define MOST_PANELS 2 /* of one page size */

/* Rows of a panel's file: to, from (places, from 1), cost a page, and the same as text. */
static void write_panel(struct an_plot *plot, const char *name, const struct an_slice *slice,
			struct an_range *cost)
{
	FILE *out = an_plot_data(plot, name);

	for (size_t a = 0; out && a < slice->rows.count; a++)
		for (size_t b = 0; b < slice->cols.count; b++) {
			double value = an_cell(slice, 0, a, b)->value;

			if (isnan(value))
				continue;
			fprintf(out, "%zu %zu %.17g \"%s\"\n", b + 1, a + 1, value,
				an_number(value));
			an_range_widen(cost, value);
		}
	if (out)
		fclose(out);
}

static void node_ticks(struct an_plot *plot, size_t at, const struct an_slice *slice)
{
	if (!plot->preamble)
		return;
	fprintf(plot->preamble, "TICKS_OF[%zu] = '(", at);
	for (size_t i = 0; i < slice->rows.count; i++)
		fprintf(plot->preamble, "%s\"%s\" %zu", i ? ", " : "", slice->rows.values[i],
			i + 1);
	fprintf(plot->preamble, ")'\nNODES[%zu] = %zu\n", at, slice->rows.count);
}

static char *sentence(const struct an_run *run, const struct an_slice *slice)
{
	const struct an_point *low, *high;
	double cheap, dear;
	char *words, *text;

	if (!an_nodes_extremes(slice, &low, &high))
		return NULL;
	cheap = an_per_page(low, "total");
	dear = an_per_page(high, "total");
	if (cheap <= 0)
		return NULL;
	words = an_nodes_words(slice);
	if (dear / cheap < 1 + AN_FLAT)
		text = mb_format("%s: all pairs of nodes cost the same, within %s.", words,
				 an_percent(dear / cheap - 1));
	else if (an_shape_only(run))
		text = mb_format(
			"%s: the most expensive pair, %s, costs %s times the cheapest, %s.", words,
			an_param(high, "nodes"), an_number(dear / cheap), an_param(low, "nodes"));
	else
		text = mb_format(
			"%s: the most expensive pair, %s, costs %s %s a page, %s times the "
			"cheapest, %s.",
			words, an_param(high, "nodes"), an_number(dear), an_unit(run),
			an_number(dear / cheap), an_param(low, "nodes"));
	free(words);
	return text;
}

/* One picture: up to MOST_PANELS slices of one page size. */
static void draw(struct an_staging *stage, const struct an_run *run,
		 const struct an_slice *const *panels, size_t count, const char *name,
		 struct an_pictures *pictures)
{
	struct an_plot plot = an_plot_begin(stage, name, "numa.gp");
	char *words = an_run_words(run), *titles[MOST_PANELS], *why, *what;
	char *reading = mb_strdup("");
	struct an_range cost = { 0 };
	size_t nodes = 0;

	if (plot.preamble)
		fprintf(plot.preamble, "array TICKS_OF[%zu]\narray NODES[%zu]\n", count, count);
	for (size_t i = 0; i < count; i++) {
		char *file = mb_format("matrix%zu.dat", i + 1);

		write_panel(&plot, file, panels[i], &cost);
		node_ticks(&plot, i + 1, panels[i]);
		titles[i] = an_nodes_words(panels[i]);
		reading = an_append(reading, sentence(run, panels[i]));
		nodes = panels[i]->rows.count > nodes ? panels[i]->rows.count : nodes;
		free(file);
	}
	an_plot_text(&plot, "TITLE", "Cost of moving a page from node to node");
	an_plot_text(&plot, "RUN", words);
	what = mb_format("%s per page", an_unit(run));
	an_plot_text(&plot, "WHAT", what);
	free(what);
	an_plot_array(&plot, "PANEL", titles, count);
	an_plot_number(&plot, "COUNT", (double)count);
	an_plot_number(&plot, "HIGH", cost.high);
	an_plot_number(&plot, "H", (double)(260 + 60 * (nodes < 4 ? 4 : nodes)));
	why = an_plot_draw_if(&plot, cost.high > 0, "every cost is zero");
	an_picture_end(pictures, why, "node matrix", mb_strdup(name),
		       mb_format("Cost of a page from node to node; %s", words), reading);
	while (count)
		free(titles[--count]);
	free(words);
}

void an_plot_numa(struct an_staging *stage, const struct an_run *run, const char *stem,
		  struct an_pictures *pictures)
{
	size_t count;
	struct an_slice *slices = an_ask_nodes(run, &count);
	bool *drawn = mb_alloc(count, sizeof(*drawn));
	size_t picture = 0;

	for (size_t i = 0; i < count; i++) {
		const struct an_slice *panels[MOST_PANELS];
		size_t panel_count = 0;
		char *name;

		/* A slice of one cell is a number; the tables have it. */
		for (size_t k = i; k < count && panel_count < MOST_PANELS; k++)
			if (!drawn[k] && slices[k].count > 1 &&
			    !strcmp(an_slice_param(&slices[k], "page"),
				    an_slice_param(&slices[i], "page"))) {
				panels[panel_count++] = &slices[k];
				drawn[k] = true;
			}
		if (!panel_count)
			continue;
		name = picture++ ? mb_format("numa-%zu-%s", picture, stem)
				 : mb_format("numa-%s", stem);
		draw(stage, run, panels, panel_count, name, pictures);
		free(name);
	}
	free(drawn);
	an_slices_free(slices, count);
}
