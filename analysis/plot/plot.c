// SPDX-License-Identifier: GPL-2.0-or-later
/* What gnuplot is given: variables, ticks and data. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "core/datadir.h"
#include "core/status.h"

struct an_plot an_plot_begin(struct an_staging *stage, const char *name, const char *template)
{
	struct an_plot plot = { .stage = stage,
				.name = mb_strdup(name),
				.template = mb_strdup(template) };
	char *path = an_staging_path(stage, "work", "preamble.gp");

	plot.preamble = fopen(path, "we");
	free(path);
	an_plot_text(&plot, "NAME", name);
	return plot;
}

void an_plot_text(struct an_plot *plot, const char *variable, const char *text)
{
	if (!plot->preamble)
		return;
	fprintf(plot->preamble, "%s = ", variable);
	an_gnuplot_quote(plot->preamble, text);
	putc('\n', plot->preamble);
}

void an_plot_number(struct an_plot *plot, const char *variable, double value)
{
	if (plot->preamble)
		fprintf(plot->preamble, "%s = %.17g\n", variable, value);
}

void an_plot_array(struct an_plot *plot, const char *variable, char *const *texts, size_t count)
{
	if (!plot->preamble)
		return;
	fprintf(plot->preamble, "array %s[%zu]\n", variable, count ? count : 1);
	for (size_t i = 0; i < count; i++) {
		char *element = mb_format("%s[%zu]", variable, i + 1);

		an_plot_text(plot, element, texts[i]);
		free(element);
	}
}

void an_plot_ticks(struct an_plot *plot, const char *variable, char *const *labels, size_t count)
{
	char **texts = mb_alloc(count + 1, sizeof(*texts));

	for (size_t i = 0; i < count; i++) {
		char *to = texts[i] = mb_alloc(2 * strlen(labels[i]) + 1, 1);

		for (const char *from = labels[i]; *from; *to++ = *from++)
			if (*from == '%')
				*to++ = '%';
	}
	an_plot_array(plot, variable, texts, count);
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

/* "set ytics ('0' 0, '2,000' 2000)"; without their figures if @bare. */
static void linear_ticks(FILE *out, char axis, double low, double high, double step, bool bare)
{
	fprintf(out, "set %ctics (", axis);
	for (int i = 0; low + i * step <= high * (1 + 1e-9) && i < 64; i++)
		fprintf(out, "%s\"%s\" %.17g", i ? ", " : "",
			bare	   ? ""
			: step < 1 ? an_number(low + i * step)
				   : an_count(low + i * step),
			low + i * step);
	fputs(")", out);
}

static void linear_axis(FILE *out, char axis, double low, double high, bool bare)
{
	double span = high - low, step = pow(10, floor(log10(span / 4)));

	if (span / step > 24)
		step *= 5;
	else if (span / step > 9)
		step *= 2;
	low = floor(low / step) * step;
	high = ceil(high / step * (1 - 1e-9)) * step;
	fprintf(out, "unset logscale %c; set %crange [%.17g:%.17g]; ", axis, axis, low, high);
	linear_ticks(out, axis, low, high, step, bare);
}

static void log_axis(FILE *out, char axis, double low, double high, bool bare)
{
	static const double few[] = { 1, 2, 5 }, many[] = { 1, 1.5, 2, 3, 4, 5, 7 };
	/* A range within a decade needs more of them to be read. */
	const double *steps = high / low < 8 ? many : few;
	int step_count = high / low < 8 ? 7 : 3;
	const char *comma = "";

	low /= 1.3;
	high *= 1.3;
	fprintf(out, "set logscale %c 10; set %crange [%.17g:%.17g]; set %ctics (", axis, axis, low,
		high, axis);
	for (int decade = (int)floor(log10(low)); decade <= (int)ceil(log10(high)); decade++)
		for (int i = 0; i < step_count; i++) {
			double value = steps[i] * pow(10, decade);

			/* Over many decades the powers of ten are enough. */
			if (value < low || value > high || (i && high / low > 1e4))
				continue;
			fprintf(out, "%s\"%s\" %.17g", comma, bare ? "" : an_number(value), value);
			comma = ", ";
		}
	fputs(")", out);
}

static void batch_axis(FILE *out, double low, double high, int most, bool bare)
{
	int first = (int)floor(log2(low)), last = (int)ceil(log2(high)), step = 1;
	const char *comma = "";

	while ((last - first) / step >= most)
		step++;
	fprintf(out, "set logscale x 2; set xrange [%.17g:%.17g]; set xtics (", low / 1.25,
		high * 1.25);
	for (int i = first; i <= last; i += step) {
		fprintf(out, "%s\"%s\" %.17g", comma, bare ? "" : an_count(exp2(i)), exp2(i));
		comma = ", ";
	}
	fputs(")", out);
}

static void value_axis(FILE *out, char axis, double low, double high, bool log, bool bare)
{
	if (log && low > 0)
		log_axis(out, axis, low, high, bare);
	else
		linear_axis(out, axis, low, high > low ? high : low + 1, bare);
}

void an_plot_axis(struct an_plot *plot, char axis, double low, double high, bool log)
{
	if (!plot->preamble)
		return;
	value_axis(plot->preamble, axis, low, high, log, false);
	fputs("\nBARE = '", plot->preamble);
	value_axis(plot->preamble, axis, low, high, log, true);
	fputs("'\n", plot->preamble);
}

void an_plot_batches(struct an_plot *plot, double low, double high, int most)
{
	if (!plot->preamble)
		return;
	for (int bare = 0; bare < 2; bare++) {
		fputs(bare ? "BATCHES_BARE = '" : "BATCHES = '", plot->preamble);
		batch_axis(plot->preamble, low, high, most, bare);
		fputs("'\n", plot->preamble);
	}
	fputs("eval BATCHES\n", plot->preamble);
}

void an_plot_places(struct an_plot *plot, char *const *labels, size_t count)
{
	if (!plot->preamble)
		return;
	an_plot_ticks(plot, "PLACE", labels, count);
	fprintf(plot->preamble,
		"BATCHES_BARE = 'unset logscale x; set xrange [0.5:%zu.5]; set xtics ()'\n"
		"BATCHES = BATCHES_BARE.'; do for [i = 1:%zu] { set xtics add (PLACE[i] i) }'\n"
		"eval BATCHES\n",
		count, count);
}

void an_plot_axes(struct an_plot *plot, const char *variable, const struct an_range *ranges,
		  const bool *log, size_t count)
{
	for (int bare = 0; bare < 2 && plot->preamble; bare++) {
		fprintf(plot->preamble, "array %s%s[%zu]\n", variable, bare ? "_BARE" : "", count);
		for (size_t i = 0; i < count; i++) {
			fprintf(plot->preamble, "%s%s[%zu] = '", variable, bare ? "_BARE" : "",
				i + 1);
			value_axis(plot->preamble, 'y', ranges[i].low, ranges[i].high, log[i],
				   bare);
			fputs("'\n", plot->preamble);
		}
	}
}

void an_range_widen(struct an_range *range, double value)
{
	if (!(value > 0))
		return;
	range->low = range->low > 0 ? fmin(range->low, value) : value;
	range->high = fmax(range->high, value);
}

FILE *an_plot_data(struct an_plot *plot, const char *name)
{
	char *path = an_staging_path(plot->stage, "work", name);
	FILE *out = fopen(path, "we");

	free(path);
	return out;
}

/* The first line that gnuplot complained with; malloc'd. */
static char *complaint(const char *log)
{
	char line[256] = "", *text = NULL;
	FILE *in = fopen(log, "re");

	while (in && !text && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		/* It repeats the command and points at the place before it says why. */
		if (line[strspn(line, " \t^")] && strstr(line, "line "))
			text = mb_strdup(line);
	}
	if (in)
		fclose(in);
	return text ? text : mb_strdup("it gave no reason");
}

static char *draw_as(struct an_plot *plot, const char *format, const char *folder)
{
	char *style = mb_data_path("analysis/plots/style.gp"), *why = NULL;
	char *relative = mb_format("analysis/plots/%s", plot->template);
	char *body = mb_data_path(relative);
	char *style_full = realpath(style, NULL);
	char *body_full = realpath(body, NULL);
	int error;

	if (!style_full || !body_full) {
		why = mb_format("the template %s is missing", relative);
		if (!plot->stage->missing)
			plot->stage->missing = mb_strdup(style_full ? body : style);
	} else {
		error = an_gnuplot_draw(&plot->stage->gnuplot, folder, format, "preamble.gp",
					style_full, body_full);
		if (error == ENOENT) {
			plot->stage->no_gnuplot = true;
			why = mb_strdup("gnuplot is not installed");
		} else if (error > 0) {
			why = mb_format("gnuplot could not be started: %s", strerror(error));
		} else if (error) {
			char *log = an_staging_path(plot->stage, "work", "log");
			char *text = complaint(log);

			why = mb_format("gnuplot failed: %s", text);
			free(log);
			free(text);
		}
	}
	free(style);
	free(relative);
	free(body);
	free(style_full);
	free(body_full);
	return why;
}

char *an_plot_draw(struct an_plot *plot)
{
	char *folder = an_staging_path(plot->stage, "work", "."), *why = NULL;

	if (!plot->preamble || fclose(plot->preamble))
		why = mb_format("its data could not be written: %s", strerror(errno));
	else if (an_staging_interrupted())
		why = mb_strdup("the report was interrupted");
	else if (plot->stage->no_gnuplot)
		why = mb_strdup("gnuplot is not installed");
	if (!why)
		why = draw_as(plot, "svg", folder);
	if (!why && !plot->stage->svg_only)
		why = draw_as(plot, "png", folder);
	if (why)
		for (int i = 0; i < 2; i++) {
			char *name = mb_format("%s.%s", plot->name, i ? "png" : "svg");
			char *path = an_staging_path(plot->stage, "plots", name);

			unlink(path);
			free(name);
			free(path);
		}
	free(folder);
	free(plot->name);
	free(plot->template);
	return why;
}

char *an_plot_draw_if(struct an_plot *plot, bool any, const char *why_not)
{
	if (any)
		return an_plot_draw(plot);
	an_plot_drop(plot);
	return mb_strdup(why_not);
}

void an_plot_drop(struct an_plot *plot)
{
	if (plot->preamble)
		fclose(plot->preamble);
	free(plot->name);
	free(plot->template);
}
