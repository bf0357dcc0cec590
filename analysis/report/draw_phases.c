// SPDX-License-Identifier: GPL-2.0-or-later
/* The stacked phases: where the cost of a page goes, batch by batch, a panel each direction. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/report/draw.h"
#include "analysis/run/words.h"
#include "core/record/record.h"

#define PANELS 3

/* Write the panel's rows: batch, the phases a page, the rest a page. Returns the number of rows. */
static size_t write_panel(struct an_plot *plot, const char *name, const struct an_series *series,
			  double *highest)
{
	FILE *out = an_plot_data(plot, name);
	size_t rows = 0;

	for (size_t i = 0; out && i < series->count; i++) {
		const struct an_point *point = series->points[i];
		double rest = an_rest(point) / an_moved(point), sum = rest;

		if (isnan(rest))
			continue;
		fprintf(out, "%lu", an_batch(point));
		for (int p = 0; p < MB_PHASES; p++) {
			double value = an_per_page(point, mb_phase_names[p]);

			value = isnan(value) ? 0 : value;
			fprintf(out, " %.17g", value);
			sum += value;
		}
		fprintf(out, " %.17g\n", rest);
		*highest = fmax(*highest, sum);
		rows++;
	}
	if (out)
		fclose(out);
	return rows;
}

/* "setup 45 %, copy 15 %, …, rest 0.2 %" at the largest batch; NULL without phases. */
static char *shares(const struct an_series *series, const char *direction)
{
	const struct an_point *point = series->count ? series->points[series->count - 1] : NULL;
	const char *comma = "";
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!point || isnan(an_rest(point)))
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	fprintf(out, "At batch %s, %s: ", an_count((double)an_batch(point)), direction);
	for (int i = 0; i < MB_PHASES; i++) {
		const struct an_summary *phase = an_summary(point, mb_phase_names[i]);

		if (!phase)
			continue;
		fprintf(out, "%s%s %s", comma, mb_phase_names[i],
			an_percent(an_share(point, mb_phase_names[i])));
		comma = ", ";
	}
	fprintf(out, ", rest outside the phases %s.", an_percent(an_share(point, AN_REST)));
	fclose(out);
	return text;
}

void an_plot_phases(struct an_stage *stage, const struct an_family *family, const char *stem,
		    struct an_pictures *pictures)
{
	static const struct {
		enum an_direction direction;
		const char *file;
	} panels[] = {
		{ AN_TO_DEVICE, "to-device.dat" },
		{ AN_TO_SYSTEM, "to-system.dat" },
		{ AN_EVICT, "evict.dat" },
	};
	char *name = an_format("phases-%s", stem), *words = an_run_words(family->run);
	struct an_plot plot = an_plot_begin(stage, name, "phases.gp");
	char *why, files[64] = "", *titles[PANELS], *reading = an_strdup("");
	double highest = 0;
	size_t count = 0, rows, bars = 0;

	for (int i = 0; i < PANELS; i++) {
		const char *name_of = an_series_names[panels[i].direction];
		const struct an_series *series = &family->series[panels[i].direction];

		rows = write_panel(&plot, panels[i].file, series, &highest);
		if (!rows)
			continue;
		reading = an_append(reading, shares(series, name_of));
		bars = rows > bars ? rows : bars;
		snprintf(files + strlen(files), sizeof(files) - strlen(files), "%s ",
			 panels[i].file);
		titles[count++] = an_strdup(name_of);
	}
	an_plot_text(&plot, "TITLE", "Where the cost of a page goes, phase by phase");
	an_plot_text(&plot, "RUN", words);
	an_plot_text(&plot, "WHAT", family->title);
	an_plot_text(&plot, "UNIT", an_unit(family->run));
	an_plot_text(&plot, "XLABEL", "pages in a batch");
	an_plot_text(&plot, "FILES", files);
	an_plot_array(&plot, "PANEL", titles, count);
	an_plot_number(&plot, "COUNT", (double)count);
	an_plot_number(&plot, "BARS", (double)bars);
	if (highest > 0) {
		an_plot_axis(&plot, 'y', 0, highest, false);
		why = an_plot_draw(&plot);
	} else {
		an_plot_drop(&plot);
		why = an_strdup("no migration in this run has phases");
	}
	if (why)
		an_picture_add(pictures, NULL, an_strdup("phases"), why);
	else
		an_picture_add(pictures, an_strdup(name),
			       an_format("Phases of a page's migration against batch size, %s; %s",
					 family->title, words),
			       an_strdup(reading));
	while (count)
		free(titles[--count]);
	free(reading);
	free(name);
	free(words);
}
