// SPDX-License-Identifier: GPL-2.0-or-later
/* Phases and functions that a change is in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/cause.h"
#include "analysis/stats/doubt.h"
#include "core/record/record.h"

#define SHOWN 3 /* parts at most */
#define WORTH 0.05 /* of the change, or a part is not told */

struct part {
	const char *name;
	double change; /* a page */
};

struct parts {
	struct part *at;
	size_t count, capacity;
};

static void add(struct parts *parts, const char *name, double change)
{
	parts->at = mb_grow(parts->at, &parts->capacity, parts->count, sizeof(*parts->at));
	parts->at[parts->count++] = (struct part){ .name = name, .change = change };
}

static int larger(const void *x, const void *y)
{
	double a = fabs(((const struct part *)x)->change);
	double b = fabs(((const struct part *)y)->change);

	return (a < b) - (a > b);
}

/* Those that go the way of the whole @change and are more than @noise: "a (+3) and b (+2)". */
static char *words_of(struct parts *parts, double change, double noise, bool brackets)
{
	char *text = NULL;
	size_t told = 0, good = 0;

	if (parts->count)
		qsort(parts->at, parts->count, sizeof(*parts->at), larger);
	for (size_t i = 0; i < parts->count; i++)
		if (parts->at[i].change * change > 0 && fabs(parts->at[i].change) > noise &&
		    fabs(parts->at[i].change) >= WORTH * fabs(change) && good < SHOWN)
			parts->at[good++] = parts->at[i];
	for (told = 0; told < good; told++) {
		const struct part *part = &parts->at[told];

		if (!text)
			text = mb_strdup("");
		an_extend(&text, "%s%s %s%s%s%s",
			  !told		     ? ""
			  : told + 1 == good ? " and "
					     : ", ",
			  part->name, brackets ? "(" : "", change < 0 ? "−" : "+",
			  an_number(fabs(part->change)), brackets ? ")" : "");
	}
	free(parts->at);
	return text;
}

char *an_cause_phases(const struct an_run *run, const struct an_point *a, const struct an_point *b)
{
	double before = an_per_page(a, "total"), now = an_per_page(b, "total");
	struct parts parts = { 0 };

	if (isnan(an_rest(a)) || isnan(an_rest(b)))
		return NULL;
	for (int i = 0; i < MB_PHASES; i++) {
		double change =
			an_per_page(b, mb_phase_names[i]) - an_per_page(a, mb_phase_names[i]);

		if (!isnan(change))
			add(&parts, mb_phase_names[i], change);
	}
	add(&parts, "what lies outside the phases",
	    an_rest(b) / an_moved(b) - an_rest(a) / an_moved(a));
	return words_of(&parts, now - before, an_doubt(run, a, b) * before, true);
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static bool is_of(const json_t *all, const struct an_run *before, const struct an_run *after,
		  const char *point)
{
	const json_t *kernels = json_object_get(all, "kernels");
	const char *names[] = { json_string_value(json_array_get(kernels, 0)),
				json_string_value(json_array_get(kernels, 1)),
				json_string_value(json_object_get(all, "name")) };

	return names[0] && names[1] && names[2] && !strcmp(names[0], before->kernel) &&
	       !strcmp(names[1], after->kernel) && !strcmp(names[2], point);
}

/* The part of that name but for leading underscores, made if need be. */
static struct part *same_name(struct parts *parts, const char *name)
{
	const char *bare = name + strspn(name, "_");

	for (size_t i = 0; i < parts->count; i++)
		if (!strcmp(parts->at[i].name + strspn(parts->at[i].name, "_"), bare))
			return &parts->at[i];
	add(parts, name, 0);
	return &parts->at[parts->count - 1];
}

/* Functions of the kernel; one that has no match on the other side may be there by another name. */
static void take(struct parts *parts, const json_t *functions, double a, double b)
{
	struct parts unmatched = { 0 };
	json_t *function;
	size_t i, kept = 0;

	json_array_foreach(functions, i, function) {
		const char *name = json_string_value(json_object_get(function, "name"));
		const char *note = json_string_value(json_object_get(function, "note"));
		double change = number(function, "b") / b - number(function, "a") / a;

		if (!name || strstr(name, " [migbench]"))
			continue;
		same_name(parts, name)->change += change;
		if (note && !strncmp(note, "no such function", 16))
			same_name(&unmatched, name)->change += change;
	}
	for (i = 0; i < parts->count; i++)
		if (fabs(same_name(&unmatched, parts->at[i].name)->change - parts->at[i].change) >
		    1e-9)
			parts->at[kept++] = parts->at[i];
	parts->count = kept;
	free(unmatched.at);
}

char *an_cause_functions(const struct an_report *report, const struct an_run *before,
			 const struct an_run *after, const char *point)
{
	char *text = NULL;

	for (size_t i = 0; report->profiles && i < report->profiles->count && !text; i++) {
		json_t *all = json_load_file(report->profiles->at[i], 0, NULL);

		if (all && is_of(all, before, after, point)) {
			const json_t *totals = json_object_get(all, "totals");
			double a = an_profile_moved(report, all, 0);
			double b = an_profile_moved(report, all, 1);
			struct parts parts = { 0 };

			take(&parts, json_object_get(all, "functions"), a, b);
			text = words_of(&parts, number(totals, "b") / b - number(totals, "a") / a,
					0, false);
		}
		json_decref(all);
	}
	return text;
}
