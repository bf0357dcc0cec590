// SPDX-License-Identifier: GPL-2.0-or-later
/* Stacked phases of what a page costs, a panel each direction: against the batch, or the kernel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/draw/draw.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"
#include "core/record/record.h"

static const enum an_direction panels[] = { AN_TO_DEVICE, AN_TO_SYSTEM, AN_EVICT };

#define PANELS (sizeof(panels) / sizeof(panels[0]))

struct stacks {
	struct an_plot plot;
	char *titles[PANELS], *files, *reading;
	size_t count, bars; /* panels; bars of the fullest */
	double highest;
	size_t longest; /* bytes of a label */
};

/* A bar: its label, the phases a page, the rest a page. What the point does not have is a gap. */
static double write_bar(FILE *out, const char *label, const struct an_point *point)
{
	double rest = point ? an_rest(point) / an_moved(point) : NAN, sum = 0;

	/* Quoted, as it may have spaces, and with no quote of its own. */
	putc('"', out);
	for (const char *c = label; *c; c++)
		putc(*c == '"' || *c == '\\' ? '_' : *c, out);
	putc('"', out);
	for (int p = 0; p <= MB_PHASES; p++) {
		double value = p == MB_PHASES ? rest
			       : point	      ? an_per_page(point, mb_phase_names[p])
					      : NAN;

		value = isnan(value) ? 0 : value;
		fprintf(out, " %.17g", value);
		sum += value;
	}
	putc('\n', out);
	return sum;
}

/* A panel with a bar for each of @count points, unless none has phases; @reading is taken. */
static void add_panel(struct stacks *stacks, enum an_direction direction, char *const *labels,
		      const struct an_point *const *points, size_t count, char *reading)
{
	char *file = mb_format("%s.dat", an_directions[direction]);
	FILE *out;
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= points[i] && !isnan(an_rest(points[i]));
	out = any ? an_plot_data(&stacks->plot, file) : NULL;
	for (size_t i = 0; out && i < count; i++) {
		stacks->highest = fmax(stacks->highest, write_bar(out, labels[i], points[i]));
		stacks->longest =
			strlen(labels[i]) > stacks->longest ? strlen(labels[i]) : stacks->longest;
	}
	if (out)
		fclose(out);
	if (any) {
		an_extend(&stacks->files, "%s ", file);
		stacks->titles[stacks->count++] = mb_strdup(an_series_names[direction]);
		stacks->bars = count > stacks->bars ? count : stacks->bars;
		stacks->reading = an_append(stacks->reading, reading);
	} else {
		free(reading);
	}
	free(file);
}

static struct stacks begin(struct an_staging *stage, const char *name, const char *title,
			   const char *x)
{
	struct stacks stacks = { .plot = an_plot_begin(stage, name, "phases.gp"),
				 .files = mb_strdup(""),
				 .reading = mb_strdup("") };

	an_plot_text(&stacks.plot, "TITLE", title);
	an_plot_text(&stacks.plot, "XLABEL", x);
	return stacks;
}

/* Draw, and put the picture on the list; @name and @alt are taken. */
static void finish(struct stacks *stacks, const char *missing, const char *without, char *name,
		   char *alt, struct an_pictures *list)
{
	struct an_plot *plot = &stacks->plot;
	char *why;

	an_plot_text(plot, "FILES", stacks->files);
	an_plot_array(plot, "PANEL", stacks->titles, stacks->count);
	an_plot_number(plot, "COUNT", (double)stacks->count);
	an_plot_number(plot, "BARS", (double)stacks->bars);
	an_plot_number(plot, "LONGEST", (double)stacks->longest);
	if (stacks->highest > 0)
		an_plot_axis(plot, 'y', 0, stacks->highest, false);
	why = an_plot_draw_if(plot, stacks->highest > 0, without);
	an_picture_end(list, why, missing, name, alt, stacks->reading);
	while (stacks->count)
		free(stacks->titles[--stacks->count]);
	free(stacks->files);
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
	out = mb_text_open(&text, &size);
	/* What costs nothing has no shares: 0 of it each. */
	fprintf(out, "At batch %s, %s: ", an_count((double)an_batch(point)), direction);
	for (int i = 0; i < MB_PHASES; i++) {
		const struct an_summary *phase = an_summary(point, mb_phase_names[i]);

		if (!phase)
			continue;
		fprintf(out, "%s%s %s", comma, mb_phase_names[i],
			an_percent(fmax(an_share(point, mb_phase_names[i]), 0)));
		comma = ", ";
	}
	fprintf(out, ", rest outside the phases %s.",
		an_percent(fmax(an_share(point, AN_REST), 0)));
	mb_text_close(out);
	return text;
}

void an_plot_phases(struct an_staging *stage, const struct an_family *family, const char *stem,
		    struct an_pictures *pictures)
{
	char *name = mb_format("phases-%s", stem), *words = an_run_words(family->run), *alt;
	struct stacks stacks = begin(stage, name, "Where the cost of a page goes, phase by phase",
				     "pages in a batch");

	for (size_t p = 0; p < PANELS; p++) {
		const struct an_series *series = &family->series[panels[p]];
		const struct an_point **points = mb_alloc(series->count, sizeof(*points));
		char **labels = mb_alloc(series->count, sizeof(*labels));
		size_t count = 0;

		for (size_t i = 0; i < series->count; i++) {
			if (isnan(an_rest(series->points[i])))
				continue;
			labels[count] = mb_format("%lu", an_batch(series->points[i]));
			points[count++] = series->points[i];
		}
		add_panel(&stacks, panels[p], labels, points, count,
			  shares(series, an_series_names[panels[p]]));
		while (count)
			free(labels[--count]);
		free(labels);
		free(points);
	}
	an_plot_text(&stacks.plot, "RUN", words);
	an_plot_text(&stacks.plot, "WHAT", family->title);
	an_plot_text(&stacks.plot, "UNIT", an_unit(family->run));
	alt = mb_format("Phases of a page's migration against batch size, %s; %s", family->title,
			words);
	finish(&stacks, "phases", "no migration in this run has phases", name, alt, pictures);
	free(words);
}

/* What all labels end with from their first space on, taken off them; "" if they differ. malloc'd. */
static char *take_common_end(char **labels, size_t count)
{
	const char *end = count ? strchr(labels[0], ' ') : NULL;
	char *common;

	for (size_t i = 1; end && i < count; i++) {
		const char *other = strchr(labels[i], ' ');

		if (!other || strcmp(end, other))
			end = NULL;
	}
	if (!end)
		return mb_strdup("");
	common = mb_strdup(end);
	for (size_t i = 0; i < count; i++)
		labels[i][strcspn(labels[i], " ")] = '\0';
	return common;
}

/*
 * Marks in @show those of @versions of which a panel has a point, and those that are compared with
 * one of them, whose gap says something. Returns how many they are.
 */
static size_t shown(const struct an_versions *versions, const struct an_slice *slice, bool *show)
{
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	size_t count = 0;

	for (size_t p = 0; p < PANELS; p++) {
		an_version_points(versions, slice, panels[p], points);
		for (size_t v = 0; v < versions->count; v++)
			show[v] |= points[v] != NULL;
	}
	for (size_t v = 0; v < versions->count; v++)
		for (size_t u = 0; u < versions->count && !show[v]; u++)
			show[v] = show[u] && an_run_alike(versions->runs[u], versions->runs[v]);
	for (size_t v = 0; v < versions->count; v++)
		count += show[v];
	free(points);
	return count;
}

void an_plot_versions(struct an_staging *stage, const struct an_versions *versions,
		      const struct an_slice *slice, const char *stem, struct an_pictures *pictures)
{
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	char **labels = mb_alloc(versions->count, sizeof(*labels));
	bool *show = mb_alloc(versions->count, sizeof(*show));
	char *name = mb_format("versions-%s", stem), *title = an_slice_title(slice), *alt, *x, *end;
	size_t count = shown(versions, slice, show), at = 0;
	struct stacks stacks;

	for (size_t v = 0; v < versions->count; v++)
		if (show[v])
			labels[at++] = an_version_among(versions->runs, versions->count, v);
	end = take_common_end(labels, count);
	x = mb_format("kernel%s", end);
	stacks = begin(stage, name, "What a page costs, kernel by kernel, phase by phase", x);
	for (size_t p = 0; p < PANELS; p++) {
		an_version_points(versions, slice, panels[p], points);
		at = 0;
		for (size_t v = 0; v < versions->count; v++)
			if (show[v])
				points[at++] = points[v];
		add_panel(&stacks, panels[p], labels, points, count,
			  an_versions_sentence(versions, slice, panels[p], NULL));
	}
	an_plot_text(&stacks.plot, "RUN", an_clock_words(versions->runs[0]));
	an_plot_text(&stacks.plot, "WHAT", title);
	an_plot_text(&stacks.plot, "UNIT", an_unit(versions->runs[0]));
	alt = mb_format("Phases of a page's migration, kernel by kernel, %s", title);
	finish(&stacks, "kernels", "no migration has phases on two kernels", name, alt, pictures);
	while (count)
		free(labels[--count]);
	free(labels);
	free(points);
	free(show);
	free(end);
	free(x);
	free(title);
}
