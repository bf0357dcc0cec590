// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeping A/D bits saves in reclaim: pages swapped in, kept against dropped, side by side. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/draw/draw.h"
#include "analysis/draw/questions.h"
#include "analysis/run/describe.h"

#define MOST_GROUPS 8

static char *sentence(const struct an_slice *slice, const char *order)
{
	double first = an_refault_ratio(slice, false), second = an_refault_ratio(slice, true);
	char *more;
	char *text;

	if (isnan(first))
		return NULL;
	more = isnan(second) ? mb_strdup("")
			     : mb_format(" (%s times in the second pass)", an_number(second));
	text = mb_format(
		"Order of hot and cold pages: %s, %s LRU: %s pages of the hot set were swapped in "
		"with the bits kept, and %s with them dropped: %s times as many%s.",
		order, an_slice_param(slice, "lru"), an_number(an_swapped_in(slice, true, false)),
		an_number(an_swapped_in(slice, false, false)), an_number(first), more);
	free(more);
	return text;
}

/* A row of the data: place, bar, value; for kept and dropped, and both again in the second pass. */
static void write_group(FILE *out, const struct an_slice *slice, size_t at, int bars,
			struct an_range *most)
{
	for (int bar = 0; bar < bars; bar++) {
		double value = an_swapped_in(slice, bar % 2 == 0, bar > 1);

		if (isnan(value))
			continue;
		fprintf(out, "%.17g %d %.17g \"%.0f\"\n",
			(double)at + (bar - (bars - 1) / 2.0) * 0.23, bar + 1, value, value);
		an_range_widen(most, value);
	}
}

void an_plot_refault(struct an_staging *stage, const struct an_run *run, const char *stem,
		     struct an_pictures *pictures)
{
	static const char *const lines[] = { "bits kept", "bits dropped", "kept, second pass",
					     "dropped, second pass" };
	size_t count, group_count, line_count;
	struct an_slice *slices = an_ask_refault(run, &count);
	char *name, *words, *labels[4], *orders[MOST_GROUPS], *lrus[MOST_GROUPS], *why;
	char *reading = mb_strdup("");
	struct an_range most = { 0 };
	struct an_plot plot;
	bool second = false;
	FILE *data;

	if (!count) {
		an_slices_free(slices, count);
		free(reading);
		return;
	}
	name = mb_format("refault-%s", stem);
	words = an_run_words(run);
	plot = an_plot_begin(stage, name, "bars.gp");
	data = an_plot_data(&plot, "bars.dat");
	for (size_t i = 0; i < count; i++)
		second |= !isnan(an_swapped_in(&slices[i], true, true));
	line_count = second ? 4 : 2;
	for (size_t i = 0; i < line_count; i++)
		labels[i] = mb_strdup(lines[i]);
	group_count = count < MOST_GROUPS ? count : MOST_GROUPS;
	for (size_t i = 0; i < group_count; i++) {
		if (data)
			write_group(data, &slices[i], i + 1, (int)line_count, &most);
		orders[i] = an_refault_order(slices, count, i);
		lrus[i] = mb_format("%s LRU", an_slice_param(&slices[i], "lru"));
		reading = an_append(reading, sentence(&slices[i], orders[i]));
	}
	if (data)
		fclose(data);
	an_plot_text(&plot, "TITLE", "Pages of the hot set swapped in after a move and reclaim");
	an_plot_text(&plot, "RUN", words);
	an_plot_text(&plot, "WHAT",
		     "A/D bits of migration entries kept, and dropped by the switch");
	an_plot_text(&plot, "YLABEL", "pages swapped in");
	an_plot_array(&plot, "LABEL", labels, line_count);
	an_plot_number(&plot, "LINES", (double)line_count);
	an_plot_ticks(&plot, "GROUP", orders, group_count);
	an_plot_ticks(&plot, "BELOW", lrus, group_count);
	an_plot_number(&plot, "GROUPS", (double)group_count);
	if (most.high > 0)
		an_plot_axis(&plot, 'y', 0, most.high * 1.12, false);
	why = an_plot_draw_if(&plot, most.high > 0, "nothing was swapped in");
	an_picture_end(pictures, why, "refaults", name,
		       mb_format("Pages swapped in, bits kept against dropped; %s", words),
		       reading);
	if (count > group_count)
		an_picture_add(
			pictures, NULL,
			mb_format("%zu more orders of hot and cold pages", count - group_count),
			mb_format("a plot shows %d at most; the table has all", MOST_GROUPS));
	while (line_count)
		free(labels[--line_count]);
	while (group_count--) {
		free(orders[group_count]);
		free(lrus[group_count]);
	}
	an_slices_free(slices, count);
	free(words);
}
