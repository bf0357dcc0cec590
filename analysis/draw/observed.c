// SPDX-License-Identifier: GPL-2.0-or-later
/* What the pictures of an observed run say: how large calls are, and where their time goes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"

/* The row of panel @panel and column @column with the most calls, and with the most pages asked for. */
static bool modes(const struct an_slice *slice, size_t panel, size_t column, size_t *by_calls,
		  size_t *by_pages, double *calls)
{
	double most_calls = 0, most_pages = 0;

	*calls = 0;
	for (size_t r = 0; r < slice->rows.count; r++) {
		const struct an_point *point = an_cell(slice, panel, r, column)->point;
		double here = point ? an_counter(point, "calls") : NAN;

		if (isnan(here))
			continue;
		*calls += here;
		if (here > most_calls)
			*by_calls = r;
		if (here * (double)point->pages > most_pages)
			*by_pages = r;
		most_calls = fmax(most_calls, here);
		most_pages = fmax(most_pages, here * (double)point->pages);
	}
	return *calls > 0;
}

char *an_sizes_sentence(const struct an_run *run, const struct an_slice *slice)
{
	char *text = mb_strdup("");

	(void)run;
	for (size_t p = 0; p < slice->panels.count; p++)
		for (size_t c = 0; c < slice->cols.count; c++) {
			size_t often = 0, many = 0;
			const struct an_point *point, *other;
			double calls;

			if (!modes(slice, p, c, &often, &many, &calls))
				continue;
			point = an_cell(slice, p, often, c)->point;
			other = an_cell(slice, p, many, c)->point;
			an_extend(&text,
				  "%s%s, %s: the most frequent of %s calls ask for %lu page%s (%s "
				  "of them), and the most pages come in calls of %lu.",
				  *text ? " " : "", slice->cols.values[c], slice->panels.values[p],
				  an_count(calls), point->pages, point->pages > 1 ? "s" : "",
				  an_percent(an_counter(point, "calls") / calls), other->pages);
		}
	if (*text)
		return text;
	free(text);
	return NULL;
}

/* The dearest part of @point's total, and its share; NULL: there are no parts. */
static const char *dearest(const struct an_point *point, double *share)
{
	static const char *const parts[] = { "setup", "driver", "pages", "between", "finalize" };
	double total = an_value(point, "total");
	const char *most = NULL;

	*share = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		double value = an_value(point, parts[i]) / total;

		if (!(value > *share))
			continue;
		*share = value;
		most = parts[i];
	}
	return most;
}

char *an_parts_sentence(const struct an_run *run, const struct an_slice *slice)
{
	char *text = mb_strdup("");

	(void)run;
	for (size_t p = 0; p < slice->panels.count; p++)
		for (size_t c = 0; c < slice->cols.count; c++) {
			const struct an_point *last = NULL;
			const char *part;
			double share;

			for (size_t r = 0; r < slice->rows.count; r++)
				if (an_cell(slice, p, r, c)->point)
					last = an_cell(slice, p, r, c)->point;
			part = last ? dearest(last, &share) : NULL;
			if (part)
				an_extend(&text,
					  "%s%s, %s: of a call of %lu page%s, %s is the most "
					  "expensive part, %s of the total.",
					  *text ? " " : "", slice->cols.values[c],
					  slice->panels.values[p], last->pages,
					  last->pages > 1 ? "s" : "", part, an_percent(share));
		}
	if (*text)
		return text;
	free(text);
	return NULL;
}
