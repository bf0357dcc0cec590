// SPDX-License-Identifier: GPL-2.0-or-later
/* The cost of a page over kernel versions: stacked phases, a panel each direction. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/report/draw.h"
#include "analysis/report/sentence.h"
#include "analysis/run/words.h"
#include "analysis/select/versions.h"
#include "core/record/record.h"

static const enum an_direction panels[] = { AN_TO_DEVICE, AN_TO_SYSTEM, AN_EVICT };

#define PANELS (sizeof(panels) / sizeof(panels[0]))

static bool write_panel(struct an_plot *plot, const char *name, const struct an_versions *versions,
			const struct an_point *const *points, double *highest)
{
	FILE *out = an_plot_data(plot, name);
	size_t rows = 0;

	for (size_t v = 0; out && v < versions->count; v++) {
		char *version = an_version_of(versions->runs[v]);
		double rest = points[v] ? an_rest(points[v]) / an_moved(points[v]) : NAN, sum;

		fprintf(out, "%s", version);
		free(version);
		sum = isnan(rest) ? 0 : rest;
		for (int p = 0; p < MB_PHASES; p++) {
			double value = points[v] ? an_per_page(points[v], mb_phase_names[p]) : NAN;

			/* What the kernel does not have leaves a gap. */
			value = isnan(value) ? 0 : value;
			fprintf(out, " %.17g", value);
			sum += value;
		}
		fprintf(out, " %.17g\n", isnan(rest) ? 0 : rest);
		*highest = fmax(*highest, sum);
		rows += !isnan(rest);
	}
	if (out)
		fclose(out);
	return rows > 0;
}

void an_plot_versions(struct an_stage *stage, const struct an_versions *versions,
		      const struct an_slice *slice, const char *stem, struct an_pictures *pictures)
{
	char *name = an_format("versions-%s", stem), *title;
	struct an_plot plot = an_plot_begin(stage, name, "phases.gp");
	char files[64] = "", *titles[PANELS], *words = an_strdup(""), *why;
	const struct an_point **points = an_alloc(versions->count, sizeof(*points));
	double highest = 0;
	size_t count = 0;

	for (size_t i = 0; i < PANELS; i++) {
		const char *direction = an_series_names[panels[i]];
		char *file = an_format("panel-%zu.dat", i);

		an_version_points(versions, slice, panels[i], points);
		if (write_panel(&plot, file, versions, points, &highest)) {
			snprintf(files + strlen(files), sizeof(files) - strlen(files), "%s ", file);
			titles[count++] = an_strdup(direction);
			words = an_append(words, an_versions_sentence(versions, slice, panels[i]));
		}
		free(file);
	}
	free(points);
	title = an_slice_title(slice);
	an_plot_text(&plot, "TITLE", "What a page costs, kernel by kernel, phase by phase");
	an_plot_text(&plot, "RUN", an_clock_words(versions->runs[0]));
	an_plot_text(&plot, "WHAT", title);
	an_plot_text(&plot, "UNIT", an_unit(versions->runs[0]));
	an_plot_text(&plot, "XLABEL", "kernel");
	an_plot_text(&plot, "FILES", files);
	an_plot_array(&plot, "PANEL", titles, count);
	an_plot_number(&plot, "COUNT", (double)count);
	an_plot_number(&plot, "BARS", (double)versions->count);
	if (highest > 0) {
		an_plot_axis(&plot, 'y', 0, highest, false);
		why = an_plot_draw(&plot);
	} else {
		an_plot_drop(&plot);
		why = an_strdup("no migration has phases on two kernels");
	}
	if (why)
		an_picture_add(pictures, NULL, an_strdup("kernels"), why);
	else
		an_picture_add(
			pictures, an_strdup(name),
			an_format("Phases of a page's migration, kernel by kernel, %s", title),
			an_strdup(words));
	while (count)
		free(titles[--count]);
	free(words);
	free(title);
	free(name);
}
