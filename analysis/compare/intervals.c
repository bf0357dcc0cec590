// SPDX-License-Identifier: GPL-2.0-or-later
/* The intervals of a comparison: a row a point, what changed first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/plot/plot.h"
#include "analysis/run/describe.h"
#include "analysis/select/groups.h"

#define MOST_ROWS 50 /* that can be read in a minute */
#define ROW_HEIGHT 22
#define FRAME_HEIGHT 260 /* the strips above and below */
#define LOG_FROM 2.5 /* highest over lowest ratio from which the axis is logarithmic */

struct row {
	const struct an_pair *pair;
	char *label;
};

static bool sound(double ratio)
{
	return isfinite(ratio) && ratio > 0;
}

/* Slower, faster, inconclusive, equivalent; in each the largest change first. */
static int by_change(const void *x, const void *y)
{
	static const int order[AN_VERDICTS] = {
		[AN_SLOWER] = 0, [AN_FASTER] = 1, [AN_INCONCLUSIVE] = 2, [AN_EQUIVALENT] = 3
	};
	const struct row *a = x, *b = y;
	double change_a = sound(a->pair->ratio) ? fabs(log(a->pair->ratio)) : INFINITY;
	double change_b = sound(b->pair->ratio) ? fabs(log(b->pair->ratio)) : INFINITY;

	if (a->pair->verdict != b->pair->verdict)
		return order[a->pair->verdict] - order[b->pair->verdict];
	if (change_a != change_b)
		return change_a < change_b ? 1 : -1;
	return strcmp(a->label, b->label);
}

/* The rows in the order of the picture; the caller frees them and their labels. */
static struct row *rows_of(const struct an_comparison *c)
{
	const struct an_point **points = mb_alloc(c->count, sizeof(*points));
	struct row *rows = mb_alloc(c->count, sizeof(*rows));
	char **labels;

	for (size_t i = 0; i < c->count; i++)
		points[i] = c->pairs[i].point;
	labels = an_group_labels(points, c->count);
	for (size_t i = 0; i < c->count; i++)
		rows[i] = (struct row){ &c->pairs[i], labels[i] };
	free(labels);
	free(points);
	qsort(rows, c->count, sizeof(*rows), by_change);
	return rows;
}

/* rows.dat: place, ratio, low, high, floor, verdict; what is missing is NaN. */
static struct an_range write_rows(FILE *out, const struct row *rows, size_t count, double margin)
{
	struct an_range range = { 0 };
	double floors = 0, most;

	an_range_widen(&range, 1 - 1.25 * margin);
	an_range_widen(&range, 1 + 1.25 * margin);
	for (size_t i = 0; i < count; i++) {
		const struct an_pair *pair = rows[i].pair;
		double ratio = sound(pair->ratio) ? pair->ratio : NAN;
		double low = sound(pair->low) ? pair->low : ratio;
		double high = sound(pair->high) ? pair->high : ratio;
		double floor = isfinite(pair->floor) ? pair->floor : NAN;

		fprintf(out, "%zu %.17g %.17g %.17g %.17g %d\n", i + 1, ratio, low, high, floor,
			(int)pair->verdict + 1);
		an_range_widen(&range, ratio);
		/* An interval of two boots may be wider than all else: it is cut off. */
		if (isfinite(ratio)) {
			an_range_widen(&range, fmax(low, ratio / 2));
			an_range_widen(&range, fmin(high, ratio * 2));
		}
		floors = fmax(floors, floor);
	}
	/* A floor far beyond all else is cut off, too. */
	most = 2 * fmax(1 - range.low, range.high - 1);
	an_range_widen(&range, 1 - fmin(fmin(floors, most), 0.5));
	an_range_widen(&range, 1 + fmin(floors, most));
	return range;
}

/* Ticks (format strings, to gnuplot) at ratios that are whole steps of percent: +0.5 %, not 1.005. */
static void percent_axis(struct an_plot *plot, struct an_range range)
{
	double low = (range.low - 1) * 100, high = (range.high - 1) * 100;
	double step = pow(10, floor(log10((high - low) / 4)));
	const char *comma = "";

	if (!plot->preamble)
		return;
	if ((high - low) / step > 20)
		step *= 5;
	else if ((high - low) / step > 8)
		step *= 2;
	fprintf(plot->preamble, "set xrange [%.17g:%.17g]\nset xtics (",
		range.low - 0.02 * (range.high - range.low),
		range.high + 0.02 * (range.high - range.low));
	for (int i = (int)ceil(low / step); i * step <= high; i++) {
		if (i)
			fprintf(plot->preamble, "%s\"%+g %%%%\" %.17g", comma, i * step,
				1 + i * step / 100);
		else
			fprintf(plot->preamble, "%s\"same\" 1", comma);
		comma = ", ";
	}
	fputs(")\n", plot->preamble);
}

static void describe(struct an_plot *plot, const struct an_comparison *c, size_t shown)
{
	char *metric = an_question_words(&c->question), *counts;
	char *title = mb_format("B against A: %s, ratio%s; %s", metric,
				c->a->insns ? "" : " and 95 % interval", an_clock_words(c->a));
	char *run = mb_format("A: %s (%s), B: %s (%s)", c->a->kernel, c->a->files[0], c->b->kernel,
			      c->b->files[0]);
	char *what;

	counts = mb_format("%zu slower, %zu faster, %zu equivalent (within ±%s), %zu inconclusive",
			   c->verdicts[AN_SLOWER], c->verdicts[AN_FASTER],
			   c->verdicts[AN_EQUIVALENT], an_percent(c->question.margin),
			   c->verdicts[AN_INCONCLUSIVE]);
	what = shown < c->count
		       ? mb_format("The %zu that changed most of %s: %s", shown,
				   an_count((double)c->count), counts)
		       : mb_format("%zu point%s: %s", c->count, c->count == 1 ? "" : "s", counts);

	an_plot_text(plot, "TITLE", title);
	an_plot_text(plot, "RUN", run);
	an_plot_text(plot, "WHAT", what);
	free(metric);
	free(counts);
	free(title);
	free(run);
	free(what);
}

/* The labels at both sides; returns how many characters the longest of the left ones has. */
static size_t write_labels(struct an_plot *plot, const struct row *rows, size_t count)
{
	char **left = mb_alloc(count, sizeof(*left)), **right = mb_alloc(count, sizeof(*right));
	size_t longest = 0;

	for (size_t i = 0; i < count; i++) {
		char *ratio = an_ratio_words(rows[i].pair->ratio);

		left[i] = rows[i].label;
		longest = strlen(left[i]) > longest ? strlen(left[i]) : longest;
		right[i] = mb_format("%s %s", ratio, an_verdict_names[rows[i].pair->verdict]);
		free(ratio);
	}
	an_plot_ticks(plot, "LABEL", left, count);
	an_plot_ticks(plot, "SAID", right, count);
	for (size_t i = 0; i < count; i++)
		free(right[i]);
	free(left);
	free(right);
	return longest;
}

static char *draw(struct an_staging *stage, const void *comparison)
{
	const struct an_comparison *c = comparison;
	struct row *rows = rows_of(c);
	size_t shown = c->count < MOST_ROWS ? c->count : MOST_ROWS;
	struct an_plot plot = an_plot_begin(stage, AN_PLOT_FILE, "compare.gp");
	FILE *data = an_plot_data(&plot, "rows.dat");
	struct an_range range = { 0 };
	bool floors = false;
	char *why;

	if (data) {
		range = write_rows(data, rows, shown, c->question.margin);
		fclose(data);
	}
	for (size_t i = 0; i < shown; i++)
		floors |= rows[i].pair->floor > 0;
	describe(&plot, c, shown);
	an_plot_number(&plot, "LONGEST", (double)write_labels(&plot, rows, shown));
	an_plot_number(&plot, "ROWS", (double)shown);
	an_plot_number(&plot, "H", (double)(FRAME_HEIGHT + ROW_HEIGHT * (shown < 6 ? 6 : shown)));
	an_plot_number(&plot, "MARGIN", c->question.margin);
	an_plot_number(&plot, "FLOORS", floors);
	/* A margin of nothing, and no change: still an axis. */
	if (!(range.high - range.low > 1e-9)) {
		an_range_widen(&range, 0.999);
		an_range_widen(&range, 1.001);
	}
	if (range.high / range.low > LOG_FROM)
		an_plot_axis(&plot, 'x', range.low, range.high, true);
	else
		percent_axis(&plot, range);
	why = an_plot_draw(&plot);
	for (size_t i = 0; i < c->count; i++)
		free(rows[i].label);
	free(rows);
	return why;
}

int an_compare_plot(const struct an_comparison *c, const char *path)
{
	return an_plot_file(path, draw, c);
}
