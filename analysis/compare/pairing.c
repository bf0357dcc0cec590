// SPDX-License-Identifier: GPL-2.0-or-later
/* Which points of two runs can be compared, and why the others can't. */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/pairing.h"
#include "analysis/select/residue.h"
#include "core/status.h"

/* Another unit is another question, of all points. */
static int check_units(const struct an_comparison *c, const struct an_point *x,
		       const struct an_metric *a, const struct an_metric *b)
{
	if (strcmp(a->unit, b->unit))
		return mb_fail(MB_REQUEST, "%s: %s is in %s in %s and in %s in %s", x->name,
			       a->name, a->unit, c->a->files[0], b->unit, c->b->files[0]);
	return MB_OK;
}

/*
 * Samples a boot, thrown out or not; 0 if there is none, or if a boot has thrown out all of its own, whose number
 * the others don't tell. What was cut short has them in its fullest boot.
 */
static double samples_of(const struct an_run *run, const struct an_point *point)
{
	const struct an_metric *total = an_point_metric(point, "total");
	double count = point->invalid, most = 0;

	if (!total || !total->count || (point->invalid > 0 && total->count < run->boots))
		return 0;
	for (size_t c = 0; c < total->count; c++) {
		count += (double)total->columns[c].count;
		most = fmax(most, (double)total->columns[c].count);
	}
	return run->ended || point->invalid > 0 ? count / (double)total->count : most;
}

/* Why the two can't be set against each other, malloc'd; NULL if they can. */
static char *why_unlike(const struct an_comparison *c, const struct an_point *x,
			const struct an_point *y)
{
	double p = samples_of(c->a, x), q = samples_of(c->b, y);

	if (x->pages != y->pages)
		return mb_format("%lu pages in %s and %lu in %s", x->pages, c->a->files[0],
				 y->pages, c->b->files[0]);
	/* Under insns the plan fixes them: something else was measured there. */
	if (c->a->insns && p > 0 && q > 0 && p != q)
		return mb_format("%g samples a boot in %s and %g in %s", p, c->a->files[0], q,
				 c->b->files[0]);
	return NULL;
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
		return mb_strdup("the run has no such point");
	if (an_measured(mine, "total"))
		return mb_format("no metric %s there", metric);
	if (mine->skip_count)
		return mb_strdup(mine->skips[0].why);
	return mb_strdup(mine->invalid > 0 ? "no valid sample" : "no sample");
}

/* @why is kept. */
static void add_lonely(struct an_comparison *c, const struct an_point *point, bool in_a, bool in_b,
		       char *why)
{
	c->lonely = mb_grow(c->lonely, &c->lonely_capacity, c->lonely_count, sizeof(*c->lonely));
	c->lonely[c->lonely_count++] =
		(struct an_lonely){ .point = point, .in_a = in_a, .in_b = in_b, .why = why };
}

static void add_missing(struct an_comparison *c, const struct an_point *point, bool in_a, bool in_b)
{
	/* Of a point that was measured in neither, the run that was to measure it knows. */
	bool asks_b = in_a || (!in_b && !an_run_point(c->a, point->name));

	add_lonely(c, point, in_a, in_b,
		   why_missing(asks_b ? c->b : c->a, point, c->question.metric));
}

/* A point without the metric although it was measured: it never has such a thing. */
static bool beside_the_question(const struct an_point *point, const char *metric)
{
	return !point || (an_measured(point, "total") && !an_measured(point, metric));
}

static bool asked_for(const struct an_comparison *c, const struct an_point *point)
{
	return !c->question.only || !fnmatch(c->question.only, point->name, 0);
}

static int no_pair(const struct an_comparison *c)
{
	char *known;
	bool any = false;

	if (c->question.only && !c->lonely_count)
		return mb_fail(MB_REQUEST, "compare: no point with %s matches --only '%s'",
			       c->question.metric, c->question.only);
	for (size_t i = 0; i < c->lonely_count; i++)
		if (c->lonely[i].in_a && c->lonely[i].in_b)
			return mb_fail(MB_REQUEST, "%s: %s: there is nothing to compare",
				       c->lonely[i].point->name, c->lonely[i].why);
	known = mb_strdup("");
	for (size_t i = 0; i < c->a->point_count; i++)
		for (size_t m = 0; m < c->a->points[i].metric_count; m++) {
			const char *name = c->a->points[i].metrics[m].name;
			char *word = mb_format(" %s,", name);

			any |= !strcmp(name, c->question.metric);
			if (!strstr(known, word))
				an_extend(&known, "%s", word);
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
		char *why;
		int status;

		if (!asked_for(c, x))
			continue;
		if (!a || !b) {
			if (a || b || !beside_the_question(x, name) ||
			    !beside_the_question(y, name))
				add_missing(c, x, a != NULL, b != NULL);
			continue;
		}
		status = check_units(c, x, a, b);
		if (status)
			return status;
		why = why_unlike(c, x, y);
		if (why) {
			add_lonely(c, x, true, true, why);
			continue;
		}
		c->pairs = mb_grow(c->pairs, &c->capacity, c->count, sizeof(*c->pairs));
		pair = &c->pairs[c->count++];
		*pair = (struct an_pair){ .point = x,
					  .unit = a->unit,
					  .ratio = NAN,
					  .low = NAN,
					  .high = NAN,
					  .p = NAN,
					  .adjusted = NAN,
					  .floor = NAN,
					  .note = "",
					  .differs = an_residue((const struct an_point *[]){ x, y },
								2, false) };
	}
	for (size_t i = 0; i < c->b->point_count; i++) {
		const struct an_point *y = &c->b->points[i];

		if (asked_for(c, y) && !an_run_point(c->a, y->name) &&
		    !beside_the_question(y, name))
			add_missing(c, y, false, an_measured(y, name) != NULL);
	}
	return c->count ? MB_OK : no_pair(c);
}
