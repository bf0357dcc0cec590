/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing through gnuplot: a template in analysis/plots/, a preamble of
 * variables and ticks that this makes, and data files. Texts from a run file
 * reach gnuplot only as single-quoted strings; no shell is involved.
 */
#ifndef MIGBENCH_ANALYSIS_PLOT_PLOT_H
#define MIGBENCH_ANALYSIS_PLOT_PLOT_H

#include "analysis/plot/staging.h"

struct an_plot {
	struct an_staging *stage;
	char *name; /* "batch-insns" */
	char *template; /* "batch.gp" */
	FILE *preamble;
};

/* Begin a plot; NULL in preamble if its file could not be made (the rest then does nothing). */
struct an_plot an_plot_begin(struct an_staging *stage, const char *name, const char *template);

/* Variables for the template. */
void an_plot_text(struct an_plot *plot, const char *variable, const char *text);
void an_plot_number(struct an_plot *plot, const char *variable, double value);

/* "array VARIABLE[n]" and its elements, from 1. */
void an_plot_array(struct an_plot *plot, const char *variable, char *const *texts, size_t count);

/* The same for what becomes labels of ticks, which gnuplot takes for formats: a percent sign is two. */
void an_plot_ticks(struct an_plot *plot, const char *variable, char *const *labels, size_t count);

/* What an axis must show: the smallest and the largest value above 0. */
struct an_range {
	double low, high;
};

/* Widen @range to @value, if that is above 0. */
void an_range_widen(struct an_range *range, double value);

/*
 * Ticks and range of an axis ("x" or "y") that shows low…high, with thousands
 * separators: 1-2-5 steps when linear, 1-2-5 a decade when @log. The variable
 * BARE holds the command for the same ticks without figures.
 */
void an_plot_axis(struct an_plot *plot, char axis, double low, double high, bool log);

/* The x axis for batches: powers of two, @most of them; again in BATCHES and BATCHES_BARE. */
void an_plot_batches(struct an_plot *plot, double low, double high, int most);

/* The x axis for @count things at 1, 2, …; in BATCHES and BATCHES_BARE, as for batches. */
void an_plot_places(struct an_plot *plot, char *const *labels, size_t count);

/* The y axes of several rows of panels: commands in VARIABLE[i] and VARIABLE_BARE[i], from 1. */
void an_plot_axes(struct an_plot *plot, const char *variable, const struct an_range *ranges,
		  const bool *log, size_t count);

/* Open a data file, which the template finds as NAME in its working folder; NULL on error. */
FILE *an_plot_data(struct an_plot *plot, const char *name);

/*
 * Draw as NAME.svg and NAME.png into the stage's plots/, and free the plot.
 * Returns NULL, or why there is no picture (malloc'd).
 */
char *an_plot_draw(struct an_plot *plot);

/* The same if there is @any thing to see; else @why_not is why there is no picture. */
char *an_plot_draw_if(struct an_plot *plot, bool any, const char *why_not);

/*
 * Draw one picture into @path, which an_plot_file_name() finds good: FILE.svg or FILE.png. One that
 * is there is replaced, also where a link leads to it. @draw gets @what, draws a plot named
 * AN_PLOT_FILE and returns what an_plot_draw() does. Returns an exit status, after one line on
 * stderr if it is not MB_OK; a signal that came meanwhile ends the program, with nothing left
 * behind.
 */
#define AN_PLOT_FILE "picture"
bool an_plot_file_name(const char *path);
int an_plot_file(const char *path, char *(*draw)(struct an_staging *stage, const void *what),
		 const void *what);

/* Free the plot without drawing it. */
void an_plot_drop(struct an_plot *plot);

#endif
