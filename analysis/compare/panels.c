// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs beside each other, a panel a point: as a trend, or the samples of all of them. */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/plot/plot.h"
#include "analysis/run/describe.h"
#include "analysis/select/groups.h"
#include "core/quantile.h"
#include "core/status.h"

#define MOST_PANELS 12 /* that can still be read on one page */
#define MOST_STEPS 400 /* of one curve */
#define RUN_WORDS 100 /* characters on the line that names the runs */

struct panel {
	const struct an_point *point; /* A's */
	char *label;
	double change; /* the largest |log ratio| of any run; one that was called counts more */
};

struct panels {
	const struct an_comparisons *all;
	const char *pattern;
	struct panel *at;
	size_t count, shown;
};

static const struct an_pair *pair_at(const struct an_comparison *c, const struct an_point *point)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->pairs[i].point == point)
			return &c->pairs[i];
	return NULL;
}

static int by_change(const void *x, const void *y)
{
	const struct panel *a = x, *b = y;

	if (a->change != b->change)
		return a->change < b->change ? 1 : -1;
	return strcmp(a->label, b->label);
}

/* How much this run makes of a point: what was called comes before all that was not. */
static double weight(const struct an_pair *pair)
{
	double change = pair->ratio > 0 ? fmin(fabs(log(pair->ratio)), 1e3) : 1e3;

	return change + (pair->verdict == AN_SLOWER || pair->verdict == AN_FASTER ? 1e6 : 0);
}

/* Every compared point that the pattern takes, what changed most first. */
static void choose(struct panels *panels)
{
	const struct an_comparisons *all = panels->all;
	const struct an_run *a = all->runs[0];
	double *change = mb_alloc(a->point_count, sizeof(*change));
	const struct an_point **points = mb_alloc(a->point_count, sizeof(*points));
	char **labels;

	for (size_t p = 0; p < a->point_count; p++)
		change[p] = -1;
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->at[i].count; k++) {
			const struct an_pair *pair = &all->at[i].pairs[k];
			size_t p = (size_t)(pair->point - a->points);

			change[p] = fmax(change[p], weight(pair));
		}
	for (size_t p = 0; p < a->point_count; p++)
		if (change[p] >= 0 &&
		    (!panels->pattern || !fnmatch(panels->pattern, a->points[p].name, 0)))
			points[panels->count++] = &a->points[p];
	labels = an_group_labels(points, panels->count);
	if (panels->count == 1) {
		free(labels[0]);
		labels[0] = mb_strdup(points[0]->name);
	}
	panels->at = mb_alloc(panels->count, sizeof(*panels->at));
	for (size_t i = 0; i < panels->count; i++)
		panels->at[i] =
			(struct panel){ points[i], labels[i], change[points[i] - a->points] };
	qsort(panels->at, panels->count, sizeof(*panels->at), by_change);
	panels->shown = panels->count < MOST_PANELS ? panels->count : MOST_PANELS;
	free(labels);
	free(points);
	free(change);
}

/* "A 6.1.0, B 6.2.0": as many as the line holds. malloc'd. */
static char *name_runs(const struct an_comparisons *all)
{
	char *text = mb_strdup(""), *longer;

	for (size_t i = 0; i <= all->count; i++) {
		const struct an_run *run = all->runs[i];

		longer = mb_format("%s%s%s %s (%s)", text, i ? ", " : "", an_run_letter(i),
				   run->kernel, run->files[0]);
		if (i && strlen(longer) > RUN_WORDS) {
			free(longer);
			longer = mb_format("%s … %s %s", text, an_run_letter(all->count),
					   all->runs[all->count]->kernel);
			i = all->count;
		}
		free(text);
		text = longer;
	}
	return text;
}

/* 40, 40 k or 40 M, whichever shows steps of this length shortest; malloc'd. */
static char *tick_words(double at, double step)
{
	if (step >= 1e6)
		return mb_format("%s M", an_count(at / 1e6));
	if (step >= 1e3 && at >= 1e5)
		return mb_format("%s k", an_count(at / 1e3));
	return mb_strdup(step < 1 ? an_number(at) : an_count(at));
}

/* A few ticks from @low to @high at whole steps of 1, 2 or 5, none so close to the end that it is cut. */
static void write_ticks(FILE *out, size_t panel, double low, double high)
{
	double step = pow(10, floor(log10((high - low) / 2)));
	const char *comma = "";
	enum { MOST_TICKS = 12 };

	if ((high - low) / step > 10)
		step *= 5;
	else if ((high - low) / step > 4)
		step *= 2;
	fprintf(out, "XTICS[%zu] = 'set xrange [%.17g:%.17g]; set xtics (", panel, low, high);
	/* By number: where values are so large that a step is none, there are at most as many. */
	for (int i = 0; i < MOST_TICKS; i++) {
		double at = (ceil(low / step) + i) * step;
		char *words;

		/* Nor is there one where the range is none, and the step is 0. */
		if (!(at <= low + 0.97 * (high - low)))
			break;
		words = tick_words(at, step);
		fprintf(out, "%s\"%s\" %.17g", comma, words, at);
		free(words);
		comma = ", ";
	}
	fputs(")'\n", out);
}

/* trend.dat, an index a panel: place, change, low, high (all %), floor (%), verdict; A has none. */
static void write_trend(FILE *out, struct an_plot *plot, const struct panels *panels)
{
	double margin = panels->all->at[0].question.margin;

	for (size_t p = 0; p < panels->shown; p++) {
		double low = -1.6 * margin, high = 1.6 * margin;

		fputs("1 0 0 0 NaN 0\n", out);
		for (size_t i = 0; i < panels->all->count; i++) {
			const struct an_pair *pair =
				pair_at(&panels->all->at[i], panels->at[p].point);
			double ratio, from, to;

			if (!pair || !(pair->ratio > 0))
				continue;
			ratio = pair->ratio - 1;
			from = isfinite(pair->low) ? pair->low - 1 : ratio;
			to = isfinite(pair->high) ? pair->high - 1 : ratio;
			fprintf(out, "%zu %.17g %.17g %.17g %.17g %d\n", i + 2, 100 * ratio,
				100 * from, 100 * to, 100 * pair->floor, (int)pair->verdict + 1);
			/* An interval of two boots may be wider than all else: it is cut off. */
			low = fmin(low, fmin(ratio, fmax(from, 2 * ratio - 0.25)));
			high = fmax(high, fmax(ratio, fmin(to, 2 * ratio + 0.25)));
		}
		fputs("\n\n", out);
		if (plot->preamble)
			fprintf(plot->preamble, "YRANGE[%zu] = 'set yrange [%.17g:%.17g]'\n", p + 1,
				100 * (low - 0.08 * (high - low)),
				100 * (high + 0.08 * (high - low)));
	}
}

/* The share of samples up to each value, in steps of one sample or a 400th. */
static void write_steps(FILE *out, const double *sorted, size_t count)
{
	size_t steps = count < MOST_STEPS ? count : MOST_STEPS;

	fprintf(out, "%.17g 0\n", sorted[0]);
	for (size_t i = 1; i <= steps; i++) {
		size_t upto = i * count / steps;

		fprintf(out, "%.17g %.17g\n", sorted[upto - 1], (double)upto / (double)count);
	}
	putc('\n', out);
}

/* One run's boots, a curve each; *@low and *@high are widened to where nearly all samples are. */
static void write_boots(FILE *out, const struct an_metric *metric, double *low, double *high)
{
	for (size_t c = 0; metric && c < metric->count; c++) {
		const struct an_column *column = &metric->columns[c];
		double *sorted = mb_sorted(column->values, column->count);

		write_steps(out, sorted, column->count);
		*low = fmin(*low, sorted[0]);
		*high = fmax(*high, mb_quantile(sorted, column->count, 0.95));
		free(sorted);
	}
	fputs("NaN NaN\n\n\n", out);
}

/* ecdf.dat, an index for each run of each panel. */
static void write_ecdf(FILE *out, struct an_plot *plot, const struct panels *panels)
{
	const char *metric = panels->all->at[0].question.metric;

	for (size_t p = 0; p < panels->shown; p++) {
		double low = INFINITY, high = -INFINITY;

		for (size_t i = 0; i <= panels->all->count; i++) {
			const struct an_point *point =
				an_run_point(panels->all->runs[i], panels->at[p].point->name);

			write_boots(out, point ? an_point_metric(point, metric) : NULL, &low,
				    &high);
		}
		if (!(high > low)) {
			double middle = isfinite(low) ? low : 0;

			low = middle - 1;
			high = middle + 1;
		}
		if (plot->preamble)
			write_ticks(plot->preamble, p + 1, low - 0.04 * (high - low),
				    high + 0.1 * (high - low));
	}
}

static void describe(struct an_plot *plot, const struct panels *panels, bool ecdf)
{
	const struct an_run *a = panels->all->runs[0];
	char *metric = an_question_words(&panels->all->at[0].question);
	char *title = ecdf ? mb_format("Samples of %s, a curve a boot",
				       panels->all->at[0].question.metric)
			   : mb_format("Run after run against A: %s%s; %s", metric,
				       a->insns ? "" : ", with 95 % intervals", an_clock_words(a));
	char *runs = name_runs(panels->all);
	char *shown = panels->shown < panels->count
			      ? mb_format("the %zu points that changed most of %zu", panels->shown,
					  panels->count)
		      : panels->count == 1
			      ? mb_strdup("1 point")
			      : mb_format("%zu points, what changed most first", panels->count);
	char *what = ecdf ? mb_format("%s; share of samples, over %s for the whole batch", shown,
				      an_unit(a))
			  : mb_format("%s; above 0 a run costs more than A", shown);

	an_plot_text(plot, "TITLE", title);
	an_plot_text(plot, "RUN", runs);
	an_plot_text(plot, "WHAT", what);
	free(metric);
	free(title);
	free(runs);
	free(shown);
	free(what);
}

/* As many as the labels leave room for. */
static size_t columns_of(const struct panels *panels)
{
	size_t longest = 0, columns = panels->shown < 2 ? 1 : panels->shown < 5 ? 2 : 3;

	for (size_t i = 0; i < panels->shown; i++)
		longest = strlen(panels->at[i].label) > longest ? strlen(panels->at[i].label)
								: longest;
	return longest > 42 && columns > 2 ? 2 : columns;
}

static char *draw_panels(struct an_staging *stage, const struct panels *panels, bool ecdf)
{
	struct an_plot plot = an_plot_begin(stage, AN_PLOT_FILE, "panels.gp");
	FILE *data = an_plot_data(&plot, ecdf ? "ecdf.dat" : "trend.dat");
	size_t columns = columns_of(panels);
	size_t rows = (panels->shown + columns - 1) / columns, runs = panels->all->count + 1;
	char **labels = mb_alloc(panels->shown, sizeof(*labels));
	char **letters = mb_alloc(runs, sizeof(*letters));
	bool floors = false;

	for (size_t i = 0; i < panels->shown; i++)
		labels[i] = panels->at[i].label;
	for (size_t i = 0; i < runs; i++)
		letters[i] = mb_strdup(an_run_letter(i));
	for (size_t i = 0; i < panels->all->count; i++)
		for (size_t k = 0; k < panels->all->at[i].count; k++)
			floors |= panels->all->at[i].pairs[k].floor > 0;
	if (plot.preamble)
		fprintf(plot.preamble, "array %s[%zu]\n", ecdf ? "XTICS" : "YRANGE", panels->shown);
	if (data) {
		(ecdf ? write_ecdf : write_trend)(data, &plot, panels);
		fclose(data);
	}
	describe(&plot, panels, ecdf);
	an_plot_array(&plot, "LABEL", labels, panels->shown);
	an_plot_array(&plot, "LETTER", letters, runs);
	an_plot_number(&plot, "RUNS", (double)runs);
	an_plot_number(&plot, "PANELS", (double)panels->shown);
	an_plot_number(&plot, "COLS", (double)columns);
	an_plot_number(&plot, "ROWS", (double)rows);
	an_plot_number(&plot, "H", 240 + (double)rows * (columns == 1 ? 360 : 220));
	an_plot_number(&plot, "ECDF", ecdf);
	an_plot_number(&plot, "MARGIN", 100 * panels->all->at[0].question.margin);
	an_plot_number(&plot, "FLOORS", floors);
	for (size_t i = 0; i < runs; i++)
		free(letters[i]);
	free(letters);
	free(labels);
	return an_plot_draw(&plot);
}

static char *draw(struct an_staging *stage, const void *what)
{
	return draw_panels(stage, what, false);
}

static char *draw_ecdf(struct an_staging *stage, const void *what)
{
	return draw_panels(stage, what, true);
}

static int draw_file(const struct an_comparisons *all, const char *pattern, const char *path,
		     bool ecdf)
{
	struct panels panels = { .all = all, .pattern = pattern };
	int status;

	choose(&panels);
	if (panels.count)
		status = an_plot_file(path, ecdf ? draw_ecdf : draw, &panels);
	else
		status = mb_fail(MB_REQUEST, "compare: --draw: no compared point matches '%s'",
				 pattern);
	for (size_t i = 0; i < panels.count; i++)
		free(panels.at[i].label);
	free(panels.at);
	return status;
}

int an_compare_trend_plot(const struct an_comparisons *all, const char *pattern, const char *path)
{
	return draw_file(all, pattern, path, false);
}

int an_compare_ecdf(const struct an_comparisons *all, const char *pattern, const char *path)
{
	return draw_file(all, pattern, path, true);
}
