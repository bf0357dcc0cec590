// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions that a change is in, from a profile of both kernels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/profile.h"
#include "analysis/base/text.h"
#include "analysis/compare/meaning.h"
#include "core/status.h"

#define SHOWN 3 /* at most, and no more than hold most of the change */
#define MOST 0.9

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* Base pages that a value of the side @key moved. */
static double pages_of(const json_t *all, const char *key)
{
	double moved = number(json_object_get(all, "moved"), key);

	return moved > 0 ? moved : number(all, "pages");
}

/* One function's phases together. */
static void add(struct an_functions *functions, const char *name, double change)
{
	size_t i = 0;

	while (i < functions->count && strcmp(functions->at[i].name, name))
		i++;
	if (i == functions->count)
		functions->at[functions->count++] = (struct an_function){ .name = mb_strdup(name) };
	functions->at[i].change += change;
}

static int larger(const void *x, const void *y)
{
	const struct an_function *a = x, *b = y;
	double left = fabs(a->change), right = fabs(b->change);

	return left != right ? (left < right) - (left > right) : strcmp(a->name, b->name);
}

int an_functions_read(const char *path, struct an_functions *functions)
{
	json_t *all = an_profile_load("compare", path), *list = json_object_get(all, "functions");
	const json_t *totals = json_object_get(all, "totals"), *function;
	const char *point = json_string_value(json_object_get(all, "name"));
	double a, b;
	size_t i;

	*functions = (struct an_functions){ 0 };
	if (!all)
		return MB_REQUEST;
	if (!point || !json_is_array(list) || !json_is_integer(json_object_get(totals, "b")) ||
	    !(number(all, "pages") > 0)) {
		json_decref(all);
		return mb_fail(
			MB_REQUEST,
			"compare: --profile %s: not what lab profile --kernel A --kernel B --format "
			"json writes",
			path);
	}
	a = pages_of(all, "a");
	b = pages_of(all, "b");
	functions->point = mb_strdup(point);
	functions->per_page = a > 1 || b > 1;
	functions->total = number(totals, "b") / b - number(totals, "a") / a;
	functions->at = mb_alloc(json_array_size(list) + 1, sizeof(*functions->at));
	json_array_foreach(list, i, function) {
		const char *name = json_string_value(json_object_get(function, "name"));

		if (name)
			add(functions, name, number(function, "b") / b - number(function, "a") / a);
	}
	qsort(functions->at, functions->count, sizeof(*functions->at), larger);
	json_decref(all);
	return MB_OK;
}

void an_functions_free(struct an_functions *functions)
{
	for (size_t i = 0; i < functions->count; i++)
		free(functions->at[i].name);
	free(functions->at);
	free(functions->point);
	*functions = (struct an_functions){ 0 };
}

size_t an_functions_main(const struct an_functions *functions)
{
	double all = 0, told = 0;
	size_t count = 0;

	for (size_t i = 0; i < functions->count; i++)
		all += fabs(functions->at[i].change);
	while (count < functions->count && count < SHOWN && functions->at[count].change != 0 &&
	       told < MOST * all)
		told += fabs(functions->at[count++].change);
	return count;
}

char *an_functions_words(const struct an_functions *functions)
{
	size_t count = an_functions_main(functions), others = 0;
	double told = 0;
	char *text;

	if (!count)
		return mb_strdup("In the profile no function differs.");
	text = mb_format("By function, of %+.1f instructions%s:", functions->total,
			 functions->per_page ? " a page" : "");
	for (size_t i = 0; i < functions->count; i++)
		others += i >= count && functions->at[i].change != 0;
	for (size_t i = 0; i < count; i++) {
		an_extend(&text, "%s %s %+.1f", i ? "," : "", functions->at[i].name,
			  functions->at[i].change);
		told += functions->at[i].change;
	}
	if (others && fabs(functions->total - told) >= 0.05)
		an_extend(&text, ", %zu other%s %+.1f", others, others == 1 ? "" : "s",
			  functions->total - told);
	an_extend(&text, ".");
	return text;
}
