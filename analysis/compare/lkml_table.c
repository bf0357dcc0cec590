// SPDX-License-Identifier: GPL-2.0-or-later
/* One table for a mail: narrow, whatever the points are called. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "analysis/compare/lkml.h"
#include "analysis/select/groups.h"

#define NARROWEST 8 /* columns of the first one, whatever the others take */

/* What is shown beside A, B and the change. */
struct shown {
	bool interval, floor;
	size_t figures; /* columns that the figures take, with what is between */
	size_t label; /* and that are left for a point's name */
};

/* Notes that stand below the table, each once. */
struct notes {
	char **at;
	size_t count, capacity;
};

char *an_change_words(double ratio)
{
	double percent = 100 * (ratio - 1), size = fabs(percent);

	if (isnan(ratio))
		return mb_strdup("-");
	if (ratio >= 10)
		return mb_format("x%.*f", ratio < 99.95 ? 1 : 0, ratio);
	/* 99.995 % less would round to nothing at all. */
	if (ratio > 0 && ratio < 0.0001)
		return mb_format("/%.3g", 1 / ratio);
	return mb_format("%+.*f%%",
			 size < 99.995	 ? 2
			 : size < 999.95 ? 1
					 : 0,
			 size < 0.005 ? 0 : percent);
}

static char *interval_words(double from, double to)
{
	char *low = an_change_words(from), *high = an_change_words(to);
	/* One sign of percent for both. */
	int length = (int)strlen(low) - (low[strlen(low) - 1] == '%' && strchr(high, '%'));
	char *text = isnan(from) ? mb_strdup("-") : mb_format("%.*s..%s", length, low, high);

	free(low);
	free(high);
	return text;
}

/* Nanoseconds in four digits with their unit, counts in full unless they are huge. */
static char *figure_words(double value, const char *unit)
{
	static const struct {
		double least;
		const char *time, *other;
	} scales[] = { { 1e9, "s", "G" }, { 1e6, "ms", "M" }, { 1e3, "us", "k" }, { 0, "ns", "" } };
	bool time = !strcmp(unit, "ns");
	size_t i = 0;

	if (!isfinite(value))
		return mb_strdup("-");
	if (value >= 1e15 || (value > 0 && value < 0.01))
		return mb_format("%.3g%s", value, time ? "ns" : "");
	if (!time && value < 1e9)
		return mb_strdup(an_number(value));
	while (value < scales[i].least)
		i++;
	if (i < 3)
		value /= scales[i].least;
	return mb_format("%.*f%s",
			 value < 9.9995	  ? 3
			 : value < 99.995 ? 2
					  : value < 999.95,
			 value, time ? scales[i].time : scales[i].other);
}

/* The number of a note, from 1; the same text has the same. */
static size_t number_of(struct notes *notes, char *text)
{
	for (size_t i = 0; i < notes->count; i++)
		if (!strcmp(notes->at[i], text)) {
			free(text);
			return i + 1;
		}
	notes->at = mb_grow(notes->at, &notes->capacity, notes->count, sizeof(*notes->at));
	notes->at[notes->count++] = text;
	return notes->count;
}

static char *mark_words(const struct an_pair *pair, struct notes *notes)
{
	static const char *const marks[AN_VERDICTS] = { "slower", "faster", "=", "?" };
	char *note = an_note_words(pair);

	if (*note)
		return mb_format("%s [%zu]", marks[pair->verdict], number_of(notes, note));
	free(note);
	return mb_strdup(marks[pair->verdict]);
}

static void begin_table(struct an_table *table, const char *first, const struct shown *shown)
{
	an_table_column(table, first, false);
	an_table_column(table, "A", true);
	an_table_column(table, "B", true);
	an_table_column(table, "change", true);
	if (shown->interval)
		an_table_column(table, "95% interval", true);
	if (shown->floor)
		an_table_column(table, "floor", true);
	an_table_column(table, "", false);
}

static void add_figures(struct an_table *table, const struct an_pair *pair,
			const struct shown *shown, struct notes *notes)
{
	an_table_take(table, figure_words(pair->a.location, pair->unit));
	an_table_take(table, figure_words(pair->b.location, pair->unit));
	an_table_take(table, an_change_words(pair->ratio));
	if (shown->interval)
		an_table_take(table, interval_words(pair->low, pair->high));
	if (shown->floor)
		an_table_take(table, isnan(pair->floor) ? mb_strdup("none")
							: mb_format("%.2g%%", 100 * pair->floor));
	an_table_take(table, mark_words(pair, notes));
}

/* What the figures of all points take, and so what is left for their names. */
static void find_widths(const struct an_comparison *c, struct shown *shown)
{
	struct an_table table = { 0 };
	struct notes notes = { 0 };

	for (size_t i = 0; i < c->count; i++) {
		shown->interval |= !c->a->insns && !isnan(c->pairs[i].low);
		shown->floor |= !isnan(c->pairs[i].floor);
	}
	begin_table(&table, "", shown);
	for (size_t i = 0; i < c->count; i++) {
		an_table_add(&table, "");
		add_figures(&table, &c->pairs[i], shown, &notes);
	}
	shown->figures = an_table_width(&table);
	shown->label = shown->figures + NARROWEST < AN_LKML_WIDTH ? AN_LKML_WIDTH - shown->figures
								  : NARROWEST;
	an_table_free(&table);
	for (size_t i = 0; i < notes.count; i++)
		free(notes.at[i]);
	free(notes.at);
}

/* Columns that the values of each key take; malloc'd. */
static size_t *key_widths(const struct an_group *group)
{
	size_t *widths = mb_alloc(group->key_count, sizeof(*widths));

	for (size_t k = 0; k < group->key_count; k++)
		for (size_t i = 0; i < group->count; i++) {
			char *words = an_param_words(group->rows[i].point, group->keys[k]);

			if (an_width(words) > widths[k])
				widths[k] = an_width(words);
			free(words);
		}
	return widths;
}

/* The name of a number that a row begins with: a blank must not be there. */
static const char *name_of(const struct an_group *group, size_t k, size_t from)
{
	return k == from && an_group_number(group, group->keys[k]) ? group->keys[k] : "";
}

/* A row's values of the keys from @from on, in columns; malloc'd. */
static char *label_of(const struct an_group *group, const struct an_row *row, size_t from,
		      const size_t *widths)
{
	char *text = mb_strdup("");

	for (size_t k = from; k < group->key_count; k++) {
		const char *name = name_of(group, k, from);
		bool number = an_group_number(group, group->keys[k]);
		char *words = an_param_words(row->point, group->keys[k]);
		int pad = (int)(widths[k] - an_width(words));

		an_extend(&text, "%s%s%s%*s%s%*s", k > from ? "  " : "", name, *name ? " " : "",
			  number ? pad : 0, "", words, number ? 0 : pad, "");
		free(words);
	}
	return text;
}

/* How many of the keys go into headings, so that the others fit into a row. */
static size_t keys_above(const struct an_group *group, const size_t *widths, size_t room)
{
	size_t from = 0;

	for (; from < group->key_count; from++) {
		size_t name = an_width(name_of(group, from, from)), wide = name + (name > 0);

		for (size_t k = from; k < group->key_count; k++)
			wide += widths[k] + (k > from ? 2 : 0);
		if (wide <= room)
			break;
	}
	return from;
}

/* @text over the whole table, in as many lines as it takes; frees it. */
static void add_heading(struct an_table *table, char *text)
{
	char *lines, *rest, *line;
	size_t size;
	FILE *out = mb_text_open(&lines, &size);

	an_wrap(out, text, AN_LKML_WIDTH, "", true);
	mb_text_close(out);
	rest = lines;
	while ((line = strsep(&rest, "\n")) && rest)
		an_table_span(table, line, table->columns);
	free(lines);
	free(text);
}

static bool all_equivalent(const struct an_comparison *c, const struct an_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct an_pair *pair = &c->pairs[group->rows[i].at];

		if (pair->verdict != AN_EQUIVALENT || *pair->note || *pair->differs)
			return false;
	}
	return true;
}

/* "migrate by memory, batch: state exclusive, threads 1": what its rows are, and what they share. */
static char *title_of(const struct an_group *group)
{
	char *shared = an_group_words(group), *title = mb_strdup(group->benchmark);

	for (size_t k = 0; k < group->key_count; k++)
		an_extend(&title, "%s%s", k ? ", " : " by ", group->keys[k]);
	an_extend(&title, "%s%s", *shared ? ": " : "", shared);
	free(shared);
	return title;
}

static void add_mean(struct an_table *table, const struct an_comparison *c,
		     const struct an_group *group, const struct shown *shown)
{
	const struct an_pair **pairs = mb_alloc(group->count, sizeof(*pairs));
	struct an_mean mean;
	char *label;

	for (size_t i = 0; i < group->count; i++)
		pairs[i] = &c->pairs[group->rows[i].at];
	mean = an_geomean(c, pairs, group->count);
	free(pairs);
	if (mean.points < 2)
		return;
	label = mean.points == mean.of ? mb_format("geomean of %zu", mean.points)
				       : mb_format("geomean of %zu/%zu", mean.points, mean.of);
	an_table_span(table, label, 3);
	free(label);
	an_table_take(table, an_change_words(mean.ratio));
	if (shown->interval)
		an_table_take(table, interval_words(mean.low, mean.high));
	an_table_span(table, "", 1 + shown->floor);
}

static void add_group(struct an_table *table, const struct an_comparison *c,
		      const struct an_group *group, const struct shown *shown, struct notes *notes)
{
	size_t *widths = key_widths(group), above = keys_above(group, widths, shown->label);
	char *last = NULL, *words;

	an_table_span(table, "", table->columns);
	if (all_equivalent(c, group)) {
		words = title_of(group);
		add_heading(table, group->count > 1
					   ? mb_format("%s; %zu points, all =", words, group->count)
					   : mb_format("%s; =", words));
		free(words);
		free(widths);
		return;
	}
	add_heading(table, title_of(group));
	for (size_t i = 0; i < group->count; i++) {
		words = an_row_words(&group->rows[i], above);
		if (*words && (!last || strcmp(words, last)))
			add_heading(table, mb_format("- %s", words));
		free(last);
		last = words;
		an_table_take(table, above < group->key_count
					     ? label_of(group, &group->rows[i], above, widths)
					     : mb_strdup(c->question.metric));
		add_figures(table, &c->pairs[group->rows[i].at], shown, notes);
	}
	free(last);
	free(widths);
	add_mean(table, c, group, shown);
}

void an_lkml_table(FILE *out, const struct an_comparison *c)
{
	const struct an_point **points = mb_alloc(c->count, sizeof(*points));
	char *metric = an_question_words(&c->question);
	struct an_table table = { 0 };
	struct notes notes = { 0 };
	struct shown shown = { 0 };
	struct an_group *groups;
	size_t count;

	for (size_t i = 0; i < c->count; i++)
		points[i] = c->pairs[i].point;
	groups = an_groups(points, c->count, &count);
	find_widths(c, &shown);
	begin_table(&table, metric, &shown);
	for (size_t g = 0; g < count; g++)
		add_group(&table, c, &groups[g], &shown, &notes);
	an_table_text(out, &table, "");
	if (notes.count)
		putc('\n', out);
	for (size_t i = 0; i < notes.count; i++) {
		char *line = mb_format("[%zu] %s", i + 1, notes.at[i]);

		an_wrap(out, line, AN_LKML_WIDTH, "", true);
		free(line);
		free(notes.at[i]);
	}
	free(notes.at);
	an_groups_free(groups, count);
	an_table_free(&table);
	free(metric);
	free(points);
}
