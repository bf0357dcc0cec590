// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeping A/D bits saves in reclaim: pages swapped in, kept against dropped, side by side. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/report/draw.h"
#include "analysis/run/words.h"
#include "analysis/select/refault.h"

#define MOST_GROUPS 8

static char *sentence(const struct an_refault *refault)
{
	double first = an_refault_ratio(refault, false), second = an_refault_ratio(refault, true);
	char *more;
	char *text;

	if (isnan(first))
		return NULL;
	more = isnan(second) ? an_strdup("")
			     : an_format(" (%s times in the second pass)", an_number(second));
	text = an_format("Hot and cold pages %s, %s LRU: with the bits kept %s pages of the hot "
			 "set were swapped in, with them dropped %s: %s times%s.",
			 refault->order, refault->lru,
			 an_number(an_swapped_in(refault->kept, false)),
			 an_number(an_swapped_in(refault->dropped, false)), an_number(first), more);
	free(more);
	return text;
}

/* A row of the data: place, bar, value; for kept and dropped, and both again in the second pass. */
static void write_group(FILE *out, const struct an_refault *refault, size_t at, int bars,
			struct an_range *most)
{
	for (int bar = 0; bar < bars; bar++) {
		const struct an_point *point = bar % 2 ? refault->dropped : refault->kept;
		double value = an_swapped_in(point, bar > 1);

		if (isnan(value))
			continue;
		fprintf(out, "%.17g %d %.17g \"%.0f\"\n",
			(double)at + (bar - (bars - 1) / 2.0) * 0.23, bar + 1, value, value);
		an_range_widen(most, value);
	}
}

void an_plot_refault(struct an_stage *stage, const struct an_run *run, const char *stem,
		     struct an_pictures *pictures)
{
	static const char *const lines[] = { "bits kept", "bits dropped", "kept, second pass",
					     "dropped, second pass" };
	size_t count, line_count;
	struct an_refault *refaults = an_refaults(run, &count);
	char *name, *words, *labels[4], *orders[MOST_GROUPS], *lrus[MOST_GROUPS], *why;
	char *reading = an_strdup("");
	struct an_range most = { 0 };
	struct an_plot plot;
	bool second = false;
	FILE *data;

	if (!count) {
		free(refaults);
		free(reading);
		return;
	}
	name = an_format("refault-%s", stem);
	words = an_run_words(run);
	plot = an_plot_begin(stage, name, "bars.gp");
	data = an_plot_data(&plot, "bars.dat");
	for (size_t i = 0; i < count; i++)
		second |= !isnan(an_swapped_in(refaults[i].kept, true));
	line_count = second ? 4 : 2;
	for (size_t i = 0; i < line_count; i++)
		labels[i] = an_strdup(lines[i]);
	count = count < MOST_GROUPS ? count : MOST_GROUPS;
	for (size_t i = 0; i < count; i++) {
		if (data)
			write_group(data, &refaults[i], i + 1, (int)line_count, &most);
		orders[i] = an_strdup(refaults[i].order);
		lrus[i] = an_format("%s LRU", refaults[i].lru);
		reading = an_append(reading, sentence(&refaults[i]));
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
	an_plot_array(&plot, "GROUP", orders, count);
	an_plot_array(&plot, "BELOW", lrus, count);
	an_plot_number(&plot, "GROUPS", (double)count);
	if (most.high > 0) {
		an_plot_axis(&plot, 'y', 0, most.high * 1.12, false);
		why = an_plot_draw(&plot);
	} else {
		an_plot_drop(&plot);
		why = an_strdup("nothing was swapped in");
	}
	if (why)
		an_picture_add(pictures, NULL, an_strdup("refaults"), why);
	else
		an_picture_add(pictures, an_strdup(name),
			       an_format("Pages swapped in, bits kept against dropped; %s", words),
			       an_strdup(reading));
	while (line_count)
		free(labels[--line_count]);
	while (count--) {
		free(orders[count]);
		free(lrus[count]);
	}
	free(refaults);
	free(reading);
	free(words);
	free(name);
}
