// SPDX-License-Identifier: GPL-2.0-or-later
/* The cost of a CPU fault on a device page: its distribution, and the handler's phases. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "analysis/draw/draw.h"
#include "analysis/run/describe.h"
#include "core/quantile.h"
#include "core/record/record.h"

#define MAX_FAULTS 4 /* curves in one plot */
#define MAX_STEPS 2000 /* of one curve; more are not seen */

static size_t find_faults(const struct an_run *run, const struct an_point *faults[MAX_FAULTS],
			  size_t *left_out)
{
	size_t count = 0;

	*left_out = 0;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];

		if (strcmp(point->benchmark, "fault") || !an_summary(point, "total"))
			continue;
		if (count < MAX_FAULTS)
			faults[count++] = point;
		else
			(*left_out)++;
	}
	return count;
}

static char *place_of(const struct an_point *point)
{
	return mb_format("%s memory, nodes %s, %s pages", an_param(point, "memory"),
			 an_param(point, "nodes"), an_param(point, "page"));
}

/* What all faults have in common, "" if they differ; malloc'd. */
static char *common_place(const struct an_point *const *faults, size_t count)
{
	char *first = place_of(faults[0]);

	for (size_t i = 1; i < count; i++) {
		char *other = place_of(faults[i]);

		if (strcmp(first, other))
			*first = '\0';
		free(other);
	}
	return first;
}

/* What tells one fault point from another: "read, bystanders=3", and its place unless all share it. */
static char *label_of(const struct an_point *point, const char *common)
{
	const char *access = *an_param(point, "access") ? an_param(point, "access") : "fault";
	char *further = an_further_words(point->params, "access memory nodes page ");
	char *place = *common ? mb_strdup("") : place_of(point);
	char *label = mb_format("%s%s%s%s%s", access, *further ? ", " : "", further,
				*place ? ", " : "", place);

	free(further);
	free(place);
	return label;
}

/* All samples of all boots, sorted; the caller frees. */
static double *all_samples(const struct an_point *point, size_t *count)
{
	const struct an_metric *total = an_point_metric(point, "total");
	double *all = mb_alloc(total->summary.samples, sizeof(double));

	*count = 0;
	for (size_t c = 0; c < total->count; c++) {
		memcpy(all + *count, total->columns[c].values,
		       total->columns[c].count * sizeof(double));
		*count += total->columns[c].count;
	}
	mb_sort(all, *count);
	return all;
}

/* A curve's steps from 0 at @left to 1 at @right: cost, share of the faults at most that dear. */
static void write_steps(FILE *out, const double *sorted, size_t count, double left, double right)
{
	size_t stride = count / MAX_STEPS + 1;

	fprintf(out, "%.17g 0\n", left);
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count || sorted[i + 1] != sorted[i];

		/* The ends of the curve are kept whole. */
		if (last && (i % stride == 0 || i < 50 || i + 50 > count))
			fprintf(out, "%.17g %.17g\n", sorted[i], (double)(i + 1) / (double)count);
	}
	fprintf(out, "%.17g 1\n\n\n", right);
}

static char *quantile_words(const struct an_run *run, const char *label, const struct an_summary *s,
			    double moved)
{
	char *text;

	if (an_shape_only(run))
		return mb_format("A fault (%s): its 99th percentile is %s times its median.", label,
				 an_number(s->median > 0 ? s->p99 / s->median : 0));
	text = mb_format("A fault (%s) costs %s %s at the median and %s at the 99th percentile",
			 label, an_number(s->median), an_unit(run), an_number(s->p99));
	if (!isnan(s->p999))
		an_extend(&text, " (%s at the 99.9th)", an_number(s->p999));
	if (moved > 1)
		an_extend(&text, ", and brings %s pages back: %s a page", an_number(moved),
			  an_number(s->median / moved));
	an_extend(&text, ".");
	return text;
}

static void plot_distribution(struct an_staging *stage, const struct an_run *run,
			      const struct an_point *const *faults, size_t count, const char *stem,
			      struct an_pictures *pictures)
{
	char *name = mb_format("fault-%s", stem), *words = an_run_words(run), *why;
	struct an_plot plot = an_plot_begin(stage, name, "fault.gp");
	FILE *steps = an_plot_data(&plot, "steps.dat"), *marks = an_plot_data(&plot, "marks.dat");
	char *labels[MAX_FAULTS], *reading = mb_strdup("");
	char *common = common_place(faults, count), *what;
	double low = INFINITY, high = 0, right = 0;
	size_t samples = 0, beyond = 0;
	bool log;

	for (size_t i = 0; i < count; i++) {
		const struct an_summary *s = an_summary(faults[i], "total");

		low = fmin(low, s->min);
		high = fmax(high, s->p99);
		right = fmax(right, s->max);
		samples += s->samples;
	}
	/* A long tail is cut some way beyond the dearest 99th percentile; the axis says so. */
	log = low > 0 && high / low > 5;
	right = fmin(right, log ? high * 5 : high + (high - low) * 0.6);
	right += (right - low) * 0.03;
	low -= log ? 0 : (right - low) * 0.03;
	if (right - low < right * 0.02) {
		low *= 0.98;
		right *= 1.02;
	}
	for (size_t i = 0; i < count; i++) {
		const struct an_summary *s = an_summary(faults[i], "total");
		size_t values;
		double *sorted = all_samples(faults[i], &values);
		char *label = label_of(faults[i], common);

		if (steps)
			write_steps(steps, sorted, values, fmax(low, 0), right * 2);
		for (size_t k = values; k && sorted[k - 1] > right; k--)
			beyond++;
		if (marks)
			fprintf(marks, "%.17g 0.5\n\n\n%.17g 0.99\n\n\n",
				mb_quantile(sorted, values, 0.5),
				mb_quantile(sorted, values, 0.99));
		if (an_shape_only(run))
			labels[i] = mb_format("%s: p99 = %s x median", label,
					      an_number(s->median > 0 ? s->p99 / s->median : 0));
		else
			labels[i] = mb_format("%s: median %s, p99 %s", label, an_number(s->median),
					      an_number(s->p99));
		reading = an_append(reading, quantile_words(run, label, s, an_moved(faults[i])));
		free(sorted);
		free(label);
	}
	if (steps)
		fclose(steps);
	if (marks)
		fclose(marks);
	an_plot_text(&plot, "TITLE", "Distribution of the cost of a CPU fault on a device page");
	an_plot_text(&plot, "RUN", words);
	an_plot_text(&plot, "UNIT", an_unit(run));
	an_plot_number(&plot, "COUNT", (double)count);
	what = mb_format("%s%s%s samples%s%s%s; circle: median, square: p99", common,
			 *common ? "; " : "", an_count((double)samples), beyond ? ", " : "",
			 beyond ? an_count((double)beyond) : "", beyond ? " beyond the axis" : "");
	an_plot_text(&plot, "WHAT", what);
	free(what);
	free(common);
	an_plot_array(&plot, "LABEL", labels, count);
	an_plot_axis(&plot, 'x', low, right, log);
	if (plot.preamble && !log && right > low)
		fprintf(plot.preamble, "set xrange [%.17g:%.17g]\n", low, right);
	why = an_plot_draw(&plot);
	an_picture_end(pictures, why, "distribution of the fault cost", name,
		       mb_format("Distribution of the cost of a fault; %s", words), reading);
	while (count)
		free(labels[--count]);
	free(words);
}

/* One bar: its pieces as boxes, and the widths of the larger ones as text. Returns its length. */
static double write_bar(FILE *boxes, FILE *texts, const struct an_point *point, size_t row,
			double widest)
{
	double at = 0;

	for (int i = 0; i <= MB_PHASES; i++) {
		const struct an_summary *phase =
			i < MB_PHASES ? an_summary(point, mb_phase_names[i]) : NULL;
		double value = i == MB_PHASES ? an_rest(point) : phase ? phase->median : NAN;

		if (isnan(value))
			continue;
		if (boxes)
			fprintf(boxes, "%.17g %zu %.17g %.17g %g %g %d\n", at, row + 1, at,
				at + value, (double)row + 0.7, (double)row + 1.3, i + 1);
		if (texts && value > widest * 0.07)
			fprintf(texts, "%.17g %zu \"%s\"\n", at + value / 2, row + 1,
				an_number(value));
		at += value;
	}
	return at;
}

static void plot_handler(struct an_staging *stage, const struct an_run *run,
			 const struct an_point *const *faults, size_t count, const char *stem,
			 struct an_pictures *pictures)
{
	char *name = mb_format("fault-phases-%s", stem), *words = an_run_words(run), *why;
	struct an_plot plot = an_plot_begin(stage, name, "fault_phases.gp");
	FILE *boxes = an_plot_data(&plot, "boxes.dat"), *texts = an_plot_data(&plot, "texts.dat");
	char *labels[MAX_FAULTS], *reading = mb_strdup("");
	char *common = common_place(faults, count);
	double widest = 0;
	size_t bars = 0;

	for (size_t i = 0; i < count; i++)
		widest = fmax(widest, an_summary(faults[i], "total")->median);
	for (size_t i = 0; i < count; i++) {
		double total = an_summary(faults[i], "total")->median;

		if (isnan(an_rest(faults[i])) || total <= 0)
			continue;
		widest = fmax(widest, write_bar(boxes, texts, faults[i], bars, widest));
		labels[bars++] = label_of(faults[i], common);
		reading = an_append(
			reading, mb_format("%s of a fault (%s) lies outside the handler's phases: "
					   "exception entry, page-table walk and return.",
					   an_percent(fmax(an_share(faults[i], AN_REST), 0)),
					   labels[bars - 1]));
	}
	if (boxes)
		fclose(boxes);
	if (texts)
		fclose(texts);
	an_plot_text(&plot, "TITLE", "Where the cost of a fault goes, phase by phase");
	an_plot_text(&plot, "RUN", words);
	an_plot_text(&plot, "WHAT", common);
	an_plot_number(&plot, "H", (double)(290 + 90 * count));
	free(common);
	an_plot_text(&plot, "UNIT", an_unit(run));
	an_plot_number(&plot, "COUNT", (double)bars);
	an_plot_ticks(&plot, "LABEL", labels, bars);
	if (bars)
		an_plot_axis(&plot, 'x', 0, widest, false);
	why = an_plot_draw_if(&plot, bars > 0, "no fault in this run has phases");
	an_picture_end(pictures, why, "phases of a fault", name,
		       mb_format("Phases of a fault; %s", words), reading);
	while (bars)
		free(labels[--bars]);
	free(words);
}

void an_plot_fault(struct an_staging *stage, const struct an_run *run, const char *stem,
		   struct an_pictures *pictures)
{
	const struct an_point *faults[MAX_FAULTS];
	size_t left_out, count = find_faults(run, faults, &left_out);

	if (!count) {
		an_picture_add(pictures, NULL, mb_strdup("distribution of the fault cost"),
			       mb_strdup("the run has no sample of the benchmark fault"));
		return;
	}
	plot_distribution(stage, run, faults, count, stem, pictures);
	plot_handler(stage, run, faults, count, stem, pictures);
	if (left_out)
		an_picture_add(pictures, NULL, mb_format("%zu more faults", left_out),
			       mb_format("a plot shows %d at most; the table has all", MAX_FAULTS));
}
