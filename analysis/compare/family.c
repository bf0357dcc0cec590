// SPDX-License-Identifier: GPL-2.0-or-later
/* The points that a change is told of, and how it grows with their size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/meaning.h"
#include "analysis/compare/pairing.h"
#include "analysis/run/describe.h"
#include "analysis/select/groups.h"
#include "analysis/stats/summary.h"
#include "core/record/record.h"

#define ENOUGH 5 /* sizes, of which one may be left out */
/* Of so many sizes one bends no line, and that it is off is said; trying each takes for ever. */
#define PLENTY 200

/* What a point's size goes by. */
static bool is_size(const char *key)
{
	return !strcmp(key, "batch") || !strcmp(key, "pages");
}

static bool changed(const struct an_pair *pair)
{
	return pair->verdict == AN_SLOWER || pair->verdict == AN_FASTER;
}

static double size_of(const struct an_pair *pair)
{
	return isfinite(pair->ratio) && pair->ratio > 0 ? fabs(log(pair->ratio)) : INFINITY;
}

/* Whether @x and @y, of one benchmark, differ in nothing but their size. */
static bool alike(const struct an_point *x, const struct an_point *y)
{
	const char *key;
	json_t *value;

	if (strcmp(x->benchmark, y->benchmark) ||
	    json_object_size(x->params) != json_object_size(y->params))
		return false;
	json_object_foreach(x->params, key, value)
		if (!is_size(key) && !json_equal(value, json_object_get(y->params, key)))
			return false;
	return true;
}

static const struct an_pair *find_worst(const struct an_comparison *c, const char *point)
{
	const struct an_pair *worst = NULL, *asked = NULL;

	for (size_t i = 0; i < c->count && point; i++)
		if (!strcmp(c->pairs[i].point->name, point))
			asked = &c->pairs[i];
	if (point && !asked)
		return NULL;
	for (size_t i = 0; i < c->count; i++) {
		const struct an_pair *pair = &c->pairs[i];

		if (changed(pair) && (!asked || alike(pair->point, asked->point)) &&
		    (!worst || size_of(pair) > size_of(worst)))
			worst = pair;
	}
	return worst;
}

/* The benchmark, and what of its parameters varies among the points compared; a program's name. malloc'd. */
static char *name_of(const struct an_comparison *c, const struct an_point *point)
{
	const struct an_point **points = mb_alloc(c->count, sizeof(*points));
	const char *program = json_string_value(json_object_get(point->params, "program"));
	char *name = program ? mb_format("program %s", program) : mb_strdup(point->benchmark);
	struct an_group *groups;
	size_t count = 0, group_count;

	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->pairs[i].point->benchmark, point->benchmark))
			points[count++] = c->pairs[i].point;
	groups = an_groups(points, count, &group_count);
	for (size_t k = 0; k < groups[0].key_count; k++) {
		char *words = an_param_words(point, groups[0].keys[k]);

		if (!is_size(groups[0].keys[k]) && strcmp(groups[0].keys[k], "program"))
			an_extend(&name, ", %s %s", groups[0].keys[k], words);
		free(words);
	}
	an_groups_free(groups, group_count);
	free(points);
	return name;
}

/* Up to where a change of the whole batch is none. */
static double noise_of(const struct an_comparison *c, const struct an_pair *pair)
{
	double noise = fmax(c->question.margin, isnan(pair->floor) ? 0 : pair->floor);

	if (!isnan(pair->low))
		noise = fmax(noise, (pair->high - pair->low) / 2);
	return noise * pair->a.location;
}

/* One odd size among many bends the line for all: it is found by leaving out each in turn. */
static void leave_out(struct an_family *family, const struct an_change *changes, size_t count)
{
	struct an_change *kept = mb_alloc(count, sizeof(*kept));
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		struct an_change_fit others;
		size_t many = 0;

		for (size_t k = 0; k < count; k++)
			if (changes[k].pages != changes[i].pages)
				kept[many++] = changes[k];
		others = an_change_fit(kept, many);
		if (!others.line || (!others.page && !others.batch) ||
		    (found && others.off >= family->fit.off))
			continue;
		found = true;
		family->fit = others;
		family->without = changes[i].pages;
	}
	free(kept);
}

static void fit(const struct an_comparison *c, struct an_family *family)
{
	struct an_change *changes = mb_alloc(family->count, sizeof(*changes));
	size_t usable = 0;

	for (size_t i = 0; i < family->count; i++) {
		const struct an_pair *pair = family->pairs[i];

		/* Where more differs, or nothing is there on a side, the difference is of another kind. */
		if (pair->a.location > 0 && pair->b.location > 0 && !*pair->differs)
			changes[usable++] = (struct an_change){
				.pages = (double)pair->point->pages,
				.change = pair->b.location - pair->a.location,
				.cost = pair->a.location,
				.noise = noise_of(c, pair),
			};
	}
	family->fit = an_change_fit(changes, usable);
	if (!family->fit.line && family->fit.sizes >= ENOUGH && family->fit.sizes <= PLENTY)
		leave_out(family, changes, usable);
	free(changes);
}

bool an_family_find(const struct an_comparison *c, const char *point, struct an_family *family)
{
	const struct an_pair *worst = find_worst(c, point);

	*family = (struct an_family){ .worst = worst };
	if (!worst)
		return false;
	family->pairs = mb_alloc(c->count, sizeof(*family->pairs));
	for (size_t i = 0; i < c->count; i++) {
		const struct an_pair *pair = &c->pairs[i];

		if (!alike(pair->point, worst->point))
			continue;
		family->pairs[family->count++] = pair;
		family->slower += pair->verdict == AN_SLOWER;
		family->faster += pair->verdict == AN_FASTER;
	}
	family->name = name_of(c, worst->point);
	fit(c, family);
	return true;
}

bool an_family_sized(const struct an_family *family)
{
	return json_object_get(family->worst->point->params, "batch") ||
	       json_object_get(family->worst->point->params, "pages");
}

void an_family_free(struct an_family *family)
{
	free(family->name);
	free(family->pairs);
	*family = (struct an_family){ 0 };
}

/* "+20.0 instructions", or "nothing" where it is not told from it; malloc'd. */
static char *part_words(double value, bool told, const char *unit)
{
	if (!told)
		return mb_strdup("nothing");
	if (fabs(value) >= 99.95)
		return mb_format("%s%s%s%s", value > 0 ? "+" : "", an_count(value),
				 *unit ? " " : "", unit);
	return mb_format(fabs(value) >= 0.05 ? "%+.1f%s%s" : "%+.2g%s%s", value, *unit ? " " : "",
			 unit);
}

char *an_family_fit_words(const struct an_comparison *c, const struct an_family *family)
{
	const struct an_change_fit *fit = &family->fit;
	char *page, *batch, *text, *lead;

	if (!an_family_sized(family))
		return mb_strdup("");
	if (!fit->sizes)
		return mb_strdup(
			"Whether that is once a batch or once a page can't be told: at each "
			"size more than the cost differs.");
	if (fit->sizes < 2)
		return mb_strdup("Whether that is once a batch or once a page can't be told from "
				 "one batch size.");
	if (!fit->line || (!fit->page && !fit->batch)) {
		text = mb_format(
			"Over the %zu batch sizes it does not fit a line with one part for each "
			"batch and one for each page",
			fit->sizes);
		if (isfinite(fit->off) && fit->worst > 0)
			an_extend(&text, ": at %s pages it is off by %s", an_count(fit->worst),
				  an_percent(fit->off));
		an_extend(&text, ".");
		return text;
	}
	page = part_words(fit->per_page, fit->page, an_unit(c->a));
	batch = part_words(fit->per_batch, fit->batch, fit->page ? "" : an_unit(c->a));
	if (family->without > 0)
		lead = mb_format("Except at %s pages, where the change is another one, it",
				 an_count(family->without));
	else
		lead = mb_strdup("It");
	text = mb_format("%s is %s a page and %s a batch (least squares over %zu batch sizes", lead,
			 page, batch, fit->sizes);
	free(lead);
	if (fit->sizes == 2)
		an_extend(&text, "; two sizes always lie on a line");
	else if (fit->off > 0)
		an_extend(&text, "; none is off by more than %s", an_percent(fit->off));
	else
		an_extend(&text, "; none is off by more than its noise");
	an_extend(&text, ").");
	free(page);
	free(batch);
	return text;
}

/* B's median of @metric at the point of @pair minus A's; NAN where a side has none. */
static double part_of(const struct an_comparison *c, const struct an_pair *pair, const char *metric)
{
	const struct an_metric *a = an_measured(pair->point, metric);
	const struct an_metric *b = an_measured(an_run_point(c->b, pair->point->name), metric);
	double sides[2];

	if (!a || !b)
		return NAN;
	for (size_t i = 0; i < 2; i++) {
		const struct an_metric *metric_of = i ? b : a;
		double *boots = mb_alloc(metric_of->count, sizeof(*boots));
		const struct an_column column = { .count = metric_of->count, .values = boots };

		for (size_t k = 0; k < metric_of->count; k++)
			boots[k] = an_column_quantile(&metric_of->columns[k], 0.5);
		sides[i] = an_column_quantile(&column, 0.5);
		free(boots);
	}
	return sides[1] - sides[0];
}

struct phase {
	const char *name;
	double change;
};

static int larger(const void *x, const void *y)
{
	const struct phase *a = x, *b = y;
	double left = fabs(a->change), right = fabs(b->change);

	return (left < right) - (left > right);
}

char *an_family_phase_words(const struct an_comparison *c, const struct an_family *family)
{
	const struct an_pair *worst = family->worst;
	struct phase phases[MB_PHASES + 1];
	double whole = worst->b.location - worst->a.location, inside = 0, told = 0;
	char *text;
	size_t count = 0;

	/* Other metrics than the total have no phases, and only the medians come near to adding up. */
	if (strcmp(c->question.metric, "total") || c->question.quantile != 0.5)
		return mb_strdup("");
	for (size_t i = 0; i < MB_PHASES; i++) {
		double change = part_of(c, worst, mb_phase_names[i]);

		if (isnan(change))
			return mb_strdup("");
		inside += change;
		phases[count++] = (struct phase){ mb_phase_names[i], change };
	}
	phases[count++] = (struct phase){ "none of the phases", whole - inside };
	qsort(phases, count, sizeof(*phases), larger);
	text = mb_strdup("");
	if (an_family_sized(family))
		an_extend(&text, "At %s page%s, ", an_count((double)worst->point->pages),
			  worst->point->pages == 1 ? "" : "s");
	/* Two phases that make up for each other are more than the whole, each. */
	for (size_t i = 0; i < count && (i == 0 || fabs(told - whole) > 0.1 * fabs(whole)) && i < 3;
	     i++) {
		an_extend(&text, "%s%.0f%% %sin %s", i ? ", " : "", 100 * phases[i].change / whole,
			  i ? "" : "of it is ", phases[i].name);
		told += phases[i].change;
	}
	an_extend(&text, ".");
	return text;
}
