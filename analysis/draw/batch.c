// SPDX-License-Identifier: GPL-2.0-or-later
/* The batch curve: cost a page against batch size, a line each direction, and the copy ceiling. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/draw/draw.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"

/* One index of the data file: batch, cost a page, low and high end of its doubt. */
static bool write_series(FILE *out, const struct an_series *series, struct an_range *cost,
			 struct an_range *batches)
{
	bool doubt = false;

	for (size_t i = 0; i < series->count; i++) {
		const struct an_point *point = series->points[i];
		const struct an_summary *s = an_summary(point, "total");
		double pages = an_moved(point);
		double low = fmin(s->low, s->boot_low) / pages;
		double high = fmax(s->high, s->boot_high) / pages;

		fprintf(out, "%lu %.17g %.17g %.17g\n", an_batch(point), s->median / pages, low,
			high);
		doubt |= low < high;
		an_range_widen(cost, low);
		an_range_widen(cost, high);
		an_range_widen(batches, (double)an_batch(point));
	}
	fputs("\n\n", out);
	return doubt;
}

/* What the dashed line is, and how far above it the journey to the device lies; malloc'd. */
static char *copy_sentence(const struct an_family *family)
{
	const struct an_series *there = &family->series[AN_TO_DEVICE];
	const struct an_series *copies = &family->series[AN_COPY];

	if (!copies->count)
		return mb_strdup("");
	for (size_t i = there->count; i-- > 0;) {
		unsigned long batch = an_batch(there->points[i]);
		const struct an_point *copy = an_at_batch(copies, batch);

		if (copy && an_per_page(copy, "total") > 0)
			return mb_format("The dashed line is the copy alone; at batch %s a page to "
					 "the device costs %s times that.",
					 an_count((double)batch),
					 an_number(an_per_page(there->points[i], "total") /
						   an_per_page(copy, "total")));
	}
	return mb_strdup("The dashed line is the copy alone.");
}

static char *reading(const struct an_family *family)
{
	char *text = mb_strdup("");

	for (int i = 0; i < AN_COPY; i++)
		if (family->series[i].count)
			text = an_append(text, an_series_sentence(family->run, &family->series[i],
								  (enum an_direction)i));
	return an_append(text, copy_sentence(family));
}

void an_plot_batch(struct an_staging *stage, const struct an_family *family, const char *stem,
		   struct an_pictures *pictures)
{
	char *name = mb_format("batch-%s", stem), *words = an_run_words(family->run);
	char *titles[AN_SERIES], *why;
	struct an_plot plot = an_plot_begin(stage, name, "batch.gp");
	struct an_range cost = { 0 }, batches = { 0 };
	FILE *data = an_plot_data(&plot, "lines.dat");
	char *colours = mb_strdup("");
	size_t count = 0;
	bool doubt = false;

	for (int i = 0; data && i < AN_SERIES; i++) {
		if (!family->series[i].count)
			continue;
		doubt |= write_series(data, &family->series[i], &cost, &batches);
		an_extend(&colours, "%d ", i + 1);
		titles[count] = mb_strdup(an_series_names[i]);
		count++;
	}
	if (data)
		fclose(data);
	an_plot_text(&plot, "TITLE", "Cost of a page against batch size");
	an_plot_text(&plot, "RUN", words);
	an_plot_text(&plot, "WHAT", family->title);
	an_plot_text(&plot, "UNIT", an_unit(family->run));
	an_plot_text(&plot, "STYLES", colours);
	an_plot_number(&plot, "COUNT", (double)count);
	an_plot_number(&plot, "DOUBT", doubt);
	an_plot_array(&plot, "LABEL", titles, count);
	if (cost.high > 0) {
		an_plot_batches(&plot, batches.low, batches.high, 14);
		an_plot_axis(&plot, 'y', cost.low, cost.high, true);
	}
	why = an_plot_draw_if(&plot, cost.high > 0, "every cost is zero");
	while (count)
		free(titles[--count]);
	an_picture_end(pictures, why, "batch curve", name,
		       mb_format("Cost of a page against batch size, %s; %s", family->title, words),
		       reading(family));
	free(words);
	free(colours);
}
