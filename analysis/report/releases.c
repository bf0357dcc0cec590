// SPDX-License-Identifier: GPL-2.0-or-later
/* What the first page asks, drawn over all kernels: a panel a cost, with the commit beside a change that has one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/plot/plot.h"
#include "analysis/report/answers.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"

#define LEAST_KERNELS 3 /* two are compared better in a table */
#define MOST_PANELS 10
#define COLUMNS 2
#define PANEL_HEIGHT 215 /* pixels, with its title and the kernels' names */
#define AROUND 190 /* above and below all panels */
#define HEADROOM 1.25 /* for the commit, above all points */

/* What is drawn of one row. */
struct panel {
	const struct an_answer *row;
	size_t column; /* where it changed with the commit; 0: nobody knows one */
	char *commit; /* "a30b48bf1b24 (6.19), what it did" */
	char *id; /* "a30b48bf1b24" */
};

/* A change beyond doubt, together with the behaviour that is known to make it. */
static void find_commit(const struct an_answers *answers, struct panel *panel)
{
	const struct an_answer *row = panel->row;

	for (size_t c = 1; row->asked->probe && !panel->commit && c < answers->columns; c++) {
		size_t before = an_answer_before(row, c);

		if (isnan(row->values[c]) || before == c || !(an_answer_size(row, c) > 0))
			continue;
		panel->column = c;
		panel->commit =
			an_behaviour_words(row->runs[before], row->runs[c], row->asked->probe);
	}
	if (!panel->commit)
		panel->column = 0;
	panel->id = panel->commit
			    ? mb_format("%.*s", (int)strcspn(panel->commit, " "), panel->commit)
			    : mb_strdup("");
}

/* The costs that more than one kernel has; *@left of them have no room. */
static size_t find_panels(const struct an_answers *answers, struct panel *panels, size_t *left)
{
	size_t count = 0;

	for (size_t r = 0; r < answers->count; r++) {
		const struct an_answer *row = &answers->rows[r];
		size_t kernels = 0;

		for (size_t c = 0; c < answers->columns; c++)
			kernels += row->values[c] > 0;
		if (row->asked->what > AN_ASKED_CALL || kernels < 2)
			continue;
		if (count == MOST_PANELS) {
			++*left;
			continue;
		}
		panels[count] = (struct panel){ .row = row };
		find_commit(answers, &panels[count++]);
	}
	return count;
}

/* "6.12", or "6.12.117" where there are several of that; malloc'd. */
static char *label_of(const struct an_answers *answers, size_t column)
{
	char *name = an_answers_kernel(answers, column);

	name[strcspn(name, "-")] = '\0';
	return name;
}

static void write_data(struct an_plot *plot, const struct an_answers *answers,
		       const struct panel *panels, size_t count)
{
	struct an_range ranges[MOST_PANELS] = { 0 };
	static const bool linear[MOST_PANELS];
	FILE *out = an_plot_data(plot, "releases.dat");

	for (size_t p = 0; p < count; p++) {
		for (size_t c = 0; c < answers->columns; c++) {
			double value = panels[p].row->values[c];

			if (out)
				fprintf(out, "%zu %.17g\n", c + 1, value);
			an_range_widen(&ranges[p], value);
		}
		if (out)
			fputs("\n\n", out);
		/* From nothing on: a small change looks small. */
		ranges[p].low = 0;
		ranges[p].high *= HEADROOM;
	}
	if (out)
		fclose(out);
	an_plot_axes(plot, "AXIS", ranges, linear, count);
}

static void write_marks(struct an_plot *plot, const struct panel *panels, size_t count)
{
	char **words = mb_alloc(count, sizeof(*words)), **ids = mb_alloc(count, sizeof(*ids));

	if (plot->preamble)
		fprintf(plot->preamble, "array AT[%zu]\n", count);
	for (size_t p = 0; p < count; p++) {
		words[p] = panels[p].row->words;
		ids[p] = panels[p].id;
		/* Between this place and the one before it. */
		if (plot->preamble)
			fprintf(plot->preamble, "AT[%zu] = %zu.5\n", p + 1, panels[p].column);
	}
	an_plot_array(plot, "LABEL", words, count);
	an_plot_array(plot, "COMMIT", ids, count);
	free(words);
	free(ids);
}

/* Whether both changed at the same place with the same commit. */
static bool is_same(const struct panel *a, const struct panel *b)
{
	return a->commit && b->commit && a->column == b->column && !strcmp(a->commit, b->commit);
}

/* "From 6.12 to 7.2, commit …: a page …, −84 %; …." for each commit that is known, once. */
static char *sentences(const struct an_answers *answers, const struct panel *panels, size_t count,
		       char *const *labels)
{
	char *text = mb_strdup("");

	for (size_t p = 0; p < count; p++) {
		const struct panel *first = &panels[p];
		bool told = !first->commit;

		for (size_t before = 0; before < p; before++)
			told |= is_same(&panels[before], first);
		if (told)
			continue;
		an_extend(&text, "%sFrom %s to %s, with commit %s:", *text ? " " : "",
			  labels[an_answer_before(first->row, first->column)],
			  labels[first->column], first->commit);
		for (size_t i = p; i < count; i++) {
			double shift = an_answer_shift(panels[i].row, panels[i].column);

			if (is_same(&panels[i], first))
				an_extend(&text, "%s %s, %s%s", i > p ? ";" : "",
					  panels[i].row->words, shift < 0 ? "−" : "+",
					  an_percent(fabs(expm1(shift))));
		}
		an_extend(&text, ".");
	}
	if (!*text)
		an_extend(&text,
			  "No commit is known that makes a change between these %zu kernels.",
			  answers->columns);
	return text;
}

void an_plot_releases(const struct an_report *report, struct an_staging *stage, bool insns,
		      struct an_pictures *pictures)
{
	struct panel panels[MOST_PANELS];
	struct an_answers answers;
	size_t count = 0, left = 0;

	if (an_answers_of(report->runs, report->run_count, insns, &answers) &&
	    answers.columns >= LEAST_KERNELS)
		count = find_panels(&answers, panels, &left);
	if (count) {
		const char *clock = an_run_clock(answers.runs[0]);
		char *name = mb_format("releases-%s", clock), *what, *why;
		char **labels = mb_alloc(answers.columns, sizeof(*labels));
		size_t rows = (count + COLUMNS - 1) / COLUMNS;
		struct an_plot plot = an_plot_begin(stage, name, "releases.gp");

		for (size_t c = 0; c < answers.columns; c++)
			labels[c] = label_of(&answers, c);
		an_plot_text(&plot, "TITLE", "What it costs, release by release");
		an_plot_text(&plot, "RUN", an_clock_words(answers.runs[0]));
		what = mb_format("%s a page that moved, or a call; dashed: a commit that "
				 "probe saw change with it",
				 an_unit(answers.runs[0]));
		an_plot_text(&plot, "WHAT", what);
		an_plot_number(&plot, "PANELS", (double)count);
		an_plot_number(&plot, "COLS", COLUMNS);
		an_plot_number(&plot, "H", AROUND + PANEL_HEIGHT * (double)rows);
		an_plot_places(&plot, labels, answers.columns);
		write_marks(&plot, panels, count);
		write_data(&plot, &answers, panels, count);
		why = an_plot_draw(&plot);
		an_picture_end(pictures, why, "releases", name,
			       mb_format("Cost of %zu things over %zu kernels, %s", count,
					 answers.columns, an_clock_words(answers.runs[0])),
			       sentences(&answers, panels, count, labels));
		if (left)
			an_picture_add(pictures, NULL,
				       mb_format("%zu more cost%s", left, left > 1 ? "s" : ""),
				       mb_format("a plot shows %d at most; the table has all",
						 MOST_PANELS));
		for (size_t c = 0; c < answers.columns; c++)
			free(labels[c]);
		free(labels);
		free(what);
	}
	for (size_t p = 0; p < count; p++) {
		free(panels[p].commit);
		free(panels[p].id);
	}
	an_answers_free(&answers);
}
