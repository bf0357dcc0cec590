// SPDX-License-Identifier: GPL-2.0-or-later
/* What an axis that has no sentence of its own does: each of its values against the plain one. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"
#include "analysis/select/axes.h"
#include "analysis/stats/doubt.h"

/* The axis, and where on the other two the sentence stands. */
struct line {
	const struct an_slice *slice;
	const struct an_axis *axis;
	size_t panel, row, col; /* row: where the axis is the columns; col: where it is the rows */
	size_t plain; /* the value that the others are held against */
};

static const struct an_point *point_at(const struct line *line, size_t value)
{
	if (line->axis == &line->slice->cols)
		return an_cell(line->slice, line->panel, line->row, value)->point;
	return an_cell(line->slice, line->panel, value, line->col)->point;
}

/* The value at which names leave the axis out; the first where none is. */
static size_t plain_of(const struct an_slice *slice, const struct an_axis *axis)
{
	size_t cells = slice->panels.count * slice->rows.count * slice->cols.count;

	for (size_t i = 0; i < cells; i++) {
		const struct an_point *point = slice->cells[i].point;

		if (point && json_object_get(point->neutral, axis->key))
			return axis == &slice->cols ? i % slice->cols.count
						    : i / slice->cols.count % slice->rows.count;
	}
	return 0;
}

static size_t values_at(const struct line *line)
{
	size_t values = 0;

	for (size_t v = 0; v < line->axis->count; v++)
		values += point_at(line, v) != NULL;
	return values;
}

/* The last row that has the most values, the plain one among them; false if none has two. */
static bool find_row(struct line *line)
{
	size_t rows = line->axis == &line->slice->cols ? line->slice->rows.count : 1;
	size_t best = rows, most = 1;

	for (line->row = 0; line->row < rows; line->row++)
		if (point_at(line, line->plain) && values_at(line) > 1 && values_at(line) >= most) {
			most = values_at(line);
			best = line->row;
		}
	line->row = best;
	return best < rows;
}

/* "28 % more", "the same", "within the noise"; @doubt is a fraction. malloc'd. */
static char *change_words(double from, double to, double doubt)
{
	double change = from > 0 ? to / from - 1 : NAN;

	if (isnan(change))
		return mb_strdup("no ratio");
	if (change == 0)
		return mb_strdup("the same");
	if (isfinite(doubt) && fabs(log1p(change)) <= log1p(doubt))
		return mb_strdup("within the noise");
	/* What one boot would differ by from another nobody knows. */
	if (!isfinite(doubt) && fabs(change) < AN_FLAT / 10)
		return mb_format("within %s", an_percent(AN_FLAT / 10));
	if (change >= 1)
		return mb_format("%s times that", an_number(to / from));
	return mb_format("%s %s", an_percent(fabs(change)), change < 0 ? "less" : "more");
}

/* Whether there is a value at which some pages stay. */
static bool is_partial(const struct line *line)
{
	for (size_t v = 0; v < line->axis->count; v++) {
		const struct an_point *point = point_at(line, v);

		if (point && (point->uneven || point->migrated < point->requested))
			return true;
	}
	return false;
}

/*
 * "a page costs 3,200 instructions (0 CPUs), 28 % more (1 CPU)"; of a page that was to move where not all did at
 * each value: what half of a batch costs is not what a page costs that came.
 */
static void costs(char **text, const struct an_run *run, const struct line *line)
{
	const struct an_point *like = point_at(line, line->plain);
	bool asked = is_partial(line);
	double plain = asked ? an_per_page_asked(like) : an_per_page(like, "total");
	char *words = an_axis_words(line->axis, line->plain);

	an_extend(text, "a page %scosts ", asked ? "that was to move " : "");
	if (an_shape_only(run))
		an_extend(text, "1 (%s)", words);
	else
		an_extend(text, "%s %s (%s)", an_number(plain), an_unit(run), words);
	free(words);
	for (size_t v = 0; v < line->axis->count; v++) {
		const struct an_point *point = v == line->plain ? NULL : point_at(line, v);
		char *change;

		if (!point)
			continue;
		words = an_axis_words(line->axis, v);
		change = change_words(
			plain, asked ? an_per_page_asked(point) : an_per_page(point, "total"),
			an_doubt(run, like, point));
		an_extend(text, ", %s (%s)", change, words);
		free(change);
		free(words);
	}
	an_extend(text, ".");
}

static double counter_of(const struct an_point *point, const char *name)
{
	if (!strcmp(name, "migrated"))
		return point->counted && an_samples(point) > 0 ? point->migrated / an_samples(point)
							       : NAN;
	return an_counter(point, name);
}

/* " IPI rounds a batch: 0, 512, 512." where the axis makes a difference to them. */
static void counts(char **text, const struct line *line, const char *name, const char *words)
{
	double plain = counter_of(point_at(line, line->plain), name);
	char *list = mb_strdup("");
	bool differs = false;

	for (size_t v = 0; v < line->axis->count; v++) {
		const struct an_point *point = point_at(line, v);
		double value = point ? counter_of(point, name) : NAN;
		char *at;

		if (!point)
			continue;
		at = an_axis_words(line->axis, v);
		an_extend(&list, "%s %s (%s)", *list ? "," : "", an_known(value), at);
		free(at);
		differs |= !isnan(value) && fabs(value - plain) > 0;
	}
	if (differs)
		an_extend(text, " %s:%s.", words, list);
	free(list);
}

/* One panel's part; NULL if nothing can be held against anything. */
static char *panel_sentence(const struct an_run *run, struct line *line)
{
	bool cols = line->axis == &line->slice->cols;
	char *text = mb_strdup(""), *words;

	if (!find_row(line)) {
		free(text);
		return NULL;
	}
	if (line->slice->panels.count > 1) {
		words = an_axis_words(&line->slice->panels, line->panel);
		an_extend(&text, "%s, ", words);
		free(words);
	}
	if (cols && line->slice->rows.count > 1) {
		words = an_axis_words(&line->slice->rows, line->row);
		an_extend(&text, "%s%s, ", strcmp(line->slice->rows.key, "batch") ? "" : "at ",
			  words);
		free(words);
	}
	costs(&text, run, line);
	if (is_partial(line))
		counts(&text, line, "migrated", "Pages that move");
	counts(&text, line, "tlb_flushes", "TLB flushes a batch");
	counts(&text, line, "ipi_rounds", "IPI rounds a batch");
	text[0] = (char)toupper((unsigned char)text[0]);
	return text;
}

char *an_against_sentence(const struct an_run *run, const struct an_slice *slice)
{
	bool cols = *slice->cols.key, rows = !cols || strcmp(slice->rows.key, "batch");
	struct line line = { .slice = slice };
	char *text = mb_strdup("");

	for (line.panel = 0; line.panel < slice->panels.count && line.panel < AN_KINDS_PANELS;
	     line.panel++)
		for (int along = 0; along < 2; along++) {
			if (along ? !rows : !cols)
				continue;
			line.axis = along ? &slice->rows : &slice->cols;
			line.col = along && cols ? plain_of(slice, &slice->cols) : 0;
			line.plain = plain_of(slice, line.axis);
			text = an_append(text, panel_sentence(run, &line));
		}
	if (*text)
		return text;
	free(text);
	return NULL;
}
