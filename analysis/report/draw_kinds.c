// SPDX-License-Identifier: GPL-2.0-or-later
/* Kinds of memory, and page sizes, side by side: cost of a base page against batch size. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/grid.h"
#include "analysis/report/draw.h"
#include "analysis/run/words.h"
#include "analysis/select/kinds.h"

#define MOST_SETS 2 /* pictures of one key */

/* Whether two of the kinds have the direction; a panel with one line compares nothing. */
static bool has_direction(const struct an_kinds *kinds, enum an_direction direction)
{
	size_t have = 0;

	for (size_t k = 0; k < kinds->count; k++)
		have += kinds->families[k]->series[direction].count > 0;
	return have > 1;
}

/* "At batch 512 to the device a base page costs 3,180 … (4k) and 40 (2m)." malloc'd. */
static char *sentence(const struct an_kinds *kinds, enum an_direction direction)
{
	const struct an_point *points[AN_MAX_KINDS];
	const struct an_run *run = kinds->families[0]->run;
	char *text, *longer;
	double first;

	if (!an_kinds_meet(kinds, direction, points))
		return NULL;
	first = an_per_page(points[0], "total");
	if (an_shape_only(run) && first <= 0)
		return NULL;
	text = an_format("At batch %s, %s, a page costs", an_count((double)an_batch(points[0])),
			 an_series_names[direction]);
	for (size_t k = 0; k < kinds->count; k++) {
		double cost = an_per_page(points[k], "total");
		const char *value = an_family_param(kinds->families[k], kinds->key);

		if (an_shape_only(run))
			longer = an_format("%s%s %s times (%s)", text, k ? "," : "",
					   an_number(cost / first), value);
		else
			longer = an_format("%s%s %s%s%s (%s)", text, k ? "," : "", an_number(cost),
					   k ? "" : " ", k ? "" : an_unit(run), value);
		free(text);
		text = longer;
	}
	longer = an_format("%s%s.", text, an_shape_only(run) ? " that of the first" : "");
	free(text);
	return longer;
}

static void plot_set(struct an_stage *stage, const struct an_kinds *kinds, const char *name,
		     struct an_pictures *pictures)
{
	const struct an_run *run = kinds->families[0]->run;
	bool pages = !strcmp(kinds->key, "page");
	char *words = an_run_words(run), *reading = an_strdup(""), *why;
	struct an_grid grid = {
		.title =
			pages ? "Cost of a base page against batch size, by size of the pages moved"
			      : "Cost of a page against batch size, by kind of memory",
		.what = kinds->title,
		.x = "base pages in a batch",
	};
	size_t row = an_grid_row(&grid, an_format("%s per page", an_unit(run)), true);

	for (size_t k = 0; k < kinds->count; k++)
		an_grid_line(&grid,
			     an_format("%s%s", an_family_param(kinds->families[k], kinds->key),
				       pages ? " pages" : ""));
	for (int d = 0; d < AN_COPY && grid.column_count < 3; d++) {
		size_t column;

		if (!has_direction(kinds, (enum an_direction)d))
			continue;
		column = an_grid_column(&grid, an_strdup(an_series_names[d]));
		reading = an_append(reading, sentence(kinds, (enum an_direction)d));
		for (size_t k = 0; k < kinds->count; k++) {
			const struct an_series *series = &kinds->families[k]->series[d];

			for (size_t i = 0; i < series->count; i++)
				an_grid_add(&grid, row, column, k, (double)series->points[i]->pages,
					    an_per_page(series->points[i], "total"));
		}
	}
	why = an_grid_draw(&grid, stage, name, words);
	if (why)
		an_picture_add(pictures, NULL, an_strdup(pages ? "page sizes" : "kinds of memory"),
			       why);
	else
		an_picture_add(pictures, an_strdup(name),
			       an_format("Cost of a page by %s; %s",
					 pages ? "page size" : "kind of memory", words),
			       an_strdup(reading));
	free(reading);
	free(words);
}

void an_plot_kinds(struct an_stage *stage, const struct an_run *run, const char *stem,
		   struct an_pictures *pictures)
{
	static const char *const keys[] = { "memory", "page" };
	size_t family_count;
	struct an_family *families = an_families(run, &family_count);

	for (size_t k = 0; k < 2; k++) {
		size_t count;
		struct an_kinds *kinds = an_kinds(families, family_count, keys[k], &count);

		for (size_t i = 0; i < count && i < MOST_SETS; i++) {
			char *name = i ? an_format("kinds-%s-%s-%zu", keys[k], stem, i + 1)
				       : an_format("kinds-%s-%s", keys[k], stem);

			plot_set(stage, &kinds[i], name, pictures);
			free(name);
		}
		an_kinds_free(kinds, count);
	}
	an_families_free(families, family_count);
}
