// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeping A/D bits saves in reclaim: pages swapped in, kept against dropped, side by side. */
#include <math.h>
#include <stdlib.h>

#include "analysis/plot.h"
#include "analysis/refault.h"
#include "analysis/text.h"
#include "analysis/words.h"

#define MOST_GROUPS 8

static char *sentence(const struct an_refault *refault)
{
	double first = an_refault_ratio(refault, false), second = an_refault_ratio(refault, true);
	char *more;
	char *text;

	if (isnan(first))
		return NULL;
	more = isnan(second) ? an_strdup("")
			     : an_format(" (%s times in the second walk)", an_number(second));
	text = an_format("Hot and cold pages %s, %s LRU: with the bits kept %s pages of the hot "
			 "set were swapped in, with them dropped %s: %s times%s.",
			 refault->order, refault->lru,
			 an_number(an_swapped_in(refault->kept, false)),
			 an_number(an_swapped_in(refault->dropped, false)), an_number(first), more);
	free(more);
	return text;
}

/* A row of the data: label, kept, dropped, and both again for the second walk. */
static void write_row(FILE *out, const struct an_refault *refault, bool second,
		      struct an_range *most)
{
	fprintf(out, "\"%s, %s\"", refault->order, refault->lru);
	for (int pass = 0; pass < (second ? 2 : 1); pass++)
		for (int side = 0; side < 2; side++) {
			double value =
				an_swapped_in(side ? refault->dropped : refault->kept, pass == 1);

			fprintf(out, " %.17g", isnan(value) ? 0 : value);
			an_range_widen(most, value);
		}
	putc('\n', out);
}

void an_plot_refault(struct an_stage *stage, const struct an_run *run, const char *stem,
		     struct an_pictures *pictures)
{
	static const char *const lines[] = { "bits kept", "bits dropped", "kept, second walk",
					     "dropped, second walk" };
	size_t count, line_count;
	struct an_refault *refaults = an_refaults(run, &count);
	char *name, *words, *labels[4], *why, *reading = an_strdup("");
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
	for (size_t i = 0; i < count && i < MOST_GROUPS; i++) {
		if (data)
			write_row(data, &refaults[i], second, &most);
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
	if (most.high > 0) {
		an_plot_axis(&plot, 'y', 0, most.high * 1.05, false);
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
	free(refaults);
	free(reading);
	free(words);
	free(name);
}
