// SPDX-License-Identifier: GPL-2.0-or-later
/* Which points of two runs can be compared, and why the others can't. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/pairing.h"
#include "core/status.h"

static int check_pair(const struct an_comparison *c, const struct an_point *x,
		      const struct an_point *y, const struct an_metric *a,
		      const struct an_metric *b)
{
	if (strcmp(a->unit, b->unit))
		return mb_fail(MB_REQUEST, "%s: %s is in %s in %s and in %s in %s", x->name,
			       a->name, a->unit, c->a->files[0], b->unit, c->b->files[0]);
	if (x->pages != y->pages)
		return mb_fail(MB_REQUEST,
			       "%s is %lu pages in %s and %lu in %s: there is nothing to compare",
			       x->name, x->pages, c->a->files[0], y->pages, c->b->files[0]);
	return MB_OK;
}

const struct an_metric *an_measured(const struct an_point *point, const char *name)
{
	const struct an_metric *metric = point ? an_point_metric(point, name) : NULL;

	return metric && metric->count ? metric : NULL;
}

/* Why @point has no value of @metric in @run: its skip, or what else is known. */
static char *why_missing(const struct an_run *run, const struct an_point *point, const char *metric)
{
	const struct an_point *mine = an_run_point(run, point->name);

	if (!mine)
		return an_strdup("the run has no such point");
	if (mine->skip_count)
		return an_strdup(mine->skips[0].why);
	if (an_measured(mine, "total"))
		return an_format("no metric %s there", metric);
	return an_strdup(mine->invalid > 0 ? "no valid sample" : "no sample");
}

static void add_lonely(struct an_comparison *c, const struct an_point *point, bool in_a, bool in_b)
{
	c->lonely = an_grow(c->lonely, &c->lonely_capacity, c->lonely_count, sizeof(*c->lonely));
	c->lonely[c->lonely_count++] = (struct an_lonely){
		.point = point,
		.in_a = in_a,
		.in_b = in_b,
		.why = why_missing(in_a ? c->b : c->a, point, c->question.metric),
	};
}

/* A point without the metric although it was measured: it never has such a thing. */
static bool beside_the_question(const struct an_point *point, const char *metric)
{
	return !point || (an_measured(point, "total") && !an_measured(point, metric));
}

static int no_pair(const struct an_comparison *c)
{
	char *known = an_strdup(""), *longer;
	bool any = false;

	for (size_t i = 0; i < c->a->point_count; i++)
		for (size_t m = 0; m < c->a->points[i].metric_count; m++) {
			const char *name = c->a->points[i].metrics[m].name;
			char *word = an_format(" %s,", name);

			any |= !strcmp(name, c->question.metric);
			if (!strstr(known, word)) {
				longer = an_format("%s%s", known, word);
				free(known);
				known = longer;
			}
			free(word);
		}
	if (*known)
		known[strlen(known) - 1] = '\0';
	if (any)
		mb_fail(MB_REQUEST, "%s and %s have no point with %s in common", c->a->files[0],
			c->b->files[0], c->question.metric);
	else
		mb_fail(MB_REQUEST, "no metric '%s' in %s; there:%s", c->question.metric,
			c->a->files[0], known);
	free(known);
	return MB_REQUEST;
}

int an_pair_up(struct an_comparison *c)
{
	const char *name = c->question.metric;

	for (size_t i = 0; i < c->a->point_count; i++) {
		const struct an_point *x = &c->a->points[i], *y = an_run_point(c->b, x->name);
		const struct an_metric *a = an_measured(x, name), *b = an_measured(y, name);
		struct an_pair *pair;
		int status;

		if (!a || !b) {
			if (a || b || !beside_the_question(x, name) ||
			    !beside_the_question(y, name))
				add_lonely(c, x, a != NULL, b != NULL);
			continue;
		}
		status = check_pair(c, x, y, a, b);
		if (status)
			return status;
		c->pairs = an_grow(c->pairs, &c->capacity, c->count, sizeof(*c->pairs));
		pair = &c->pairs[c->count++];
		*pair = (struct an_pair){ .point = x,
					  .unit = a->unit,
					  .ratio = NAN,
					  .low = NAN,
					  .high = NAN,
					  .p = NAN,
					  .adjusted = NAN,
					  .floor = NAN,
					  .note = "" };
	}
	for (size_t i = 0; i < c->b->point_count; i++) {
		const struct an_point *y = &c->b->points[i];

		if (!an_run_point(c->a, y->name) && !beside_the_question(y, name))
			add_lonely(c, y, false, an_measured(y, name) != NULL);
	}
	return c->count ? MB_OK : no_pair(c);
}
