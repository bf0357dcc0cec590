// SPDX-License-Identifier: GPL-2.0-or-later
/* A suite's points, crossed from its lists, and their order in each round. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "bench/plan.h"
#include "bench/scene/sizes.h"
#include "core/base/text.h"
#include "core/record/record.h"
#include "core/status.h"

/* Those of @point's parameters that are neutral, or those that are not. */
static json_t *params_of(const struct mb_point *point, bool neutral)
{
	const struct mb_param *params = point->benchmark->params;
	json_t *object = json_object();

	for (size_t i = 0; params[i].name; i++) {
		const char *text = point->values[i].text;

		if ((params[i].neutral && !strcmp(params[i].neutral, text)) == neutral)
			json_object_set_new(
				object, params[i].name,
				params[i].kind == MB_NUMBER
					? json_integer((json_int_t)point->values[i].number)
					: json_string(text));
	}
	return object;
}

json_t *mb_point_params(const struct mb_point *point)
{
	return params_of(point, false);
}

json_t *mb_point_neutral(const struct mb_point *point)
{
	json_t *object = params_of(point, true);

	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

/* A point that several sections have, as --set can make it, is one: @seen has the names so far. */
static void add_point(struct mb_plan *plan, const struct mb_point *point, const char *only,
		      json_t *seen)
{
	json_t *params = mb_point_params(point);
	char *name = mb_point_name(point->benchmark->name, params);
	struct mb_point *grown;

	json_decref(params);
	if ((only && fnmatch(only, name, 0)) || json_object_get(seen, name)) {
		free(name);
		return;
	}
	json_object_set_new(seen, name, json_true());
	grown = mb_resize(plan->points, plan->count + 1, sizeof(*grown));
	plan->points = grown;
	grown[plan->count] = *point;
	grown[plan->count].id = (int)plan->count;
	grown[plan->count].name = name;
	plan->count++;
}

/* Count through the lists like an odometer, the last parameter fastest. */
static void cross(struct mb_plan *plan, const struct mb_section *section, const char *only,
		  json_t *seen)
{
	const struct mb_param *params = section->benchmark->params;
	size_t digit[MB_MAX_PARAMS] = { 0 }, width = 0;

	while (params[width].name)
		width++;
	for (;;) {
		struct mb_point point = { .benchmark = section->benchmark };
		size_t i;

		for (i = 0; i < width; i++)
			point.values[i] = section->values[i].at[digit[i]];
		add_point(plan, &point, only, seen);

		for (i = width; i > 0; i--) {
			if (++digit[i - 1] < section->values[i - 1].count)
				break;
			digit[i - 1] = 0;
		}
		if (!i)
			return;
	}
}

static const char *keep(struct mb_suite *suite, char *text)
{
	mb_list_add(&suite->texts, "%s", text);
	free(text);
	return suite->texts.at[suite->texts.count - 1];
}

/* Replace @value's word, if it is one for what the machine has, and write a number in one way: 00 is 0. */
static void place_value(struct mb_suite *suite, const struct mb_param *param,
			struct mb_value *value, const struct mb_ground *ground)
{
	char *size;

	if (param->kind == MB_NODES && mb_nodes_is_word(value->text)) {
		value->number = strcmp(value->text, MB_NODES_BACK) ? ground->from : ground->to;
		value->to = strcmp(value->text, MB_NODES_NEAREST) ? ground->from : ground->to;
		value->text = keep(suite, mb_format("%lu>%lu", value->number, value->to));
	} else if (param->kind == MB_NODES) {
		value->text = keep(suite, mb_format("%lu>%lu", value->number, value->to));
	} else if (param->kind == MB_NUMBER) {
		if (!strcmp(value->text, MB_SIZE_PMD))
			value->number = ground->pmd / ground->base;
		value->text = keep(suite, mb_format("%lu", value->number));
	} else if (param->kind == MB_WORD) {
		size = mb_size_placed(value->text, ground->base, ground->pmd);
		if (size)
			value->text = keep(suite, size);
	}
}

/* The same value twice, once by a word, is one. */
static void place(struct mb_suite *suite, const struct mb_param *param, struct mb_values *values,
		  const struct mb_ground *ground)
{
	size_t count = 0;

	for (size_t i = 0; i < values->count; i++) {
		struct mb_value value = values->at[i];
		size_t j = 0;

		place_value(suite, param, &value, ground);
		while (j < count && strcmp(values->at[j].text, value.text))
			j++;
		if (j == count)
			values->at[count++] = value;
	}
	values->count = count;
}

void mb_plan_place(struct mb_suite *suite, const struct mb_ground *ground)
{
	for (struct mb_section *s = suite->sections; s; s = s->next)
		for (size_t i = 0; s->benchmark->params[i].name; i++)
			place(suite, &s->benchmark->params[i], &s->values[i], ground);
}

int mb_plan_make(struct mb_plan *plan, const struct mb_suite *suite, const char *only)
{
	json_t *seen = json_object();

	*plan = (struct mb_plan){ 0 };
	for (const struct mb_section *s = suite->sections; s; s = s->next)
		cross(plan, s, only, seen);
	json_decref(seen);
	if (!plan->count)
		return mb_fail(MB_REQUEST, "no point of suite %s matches '%s'", suite->name, only);
	return 0;
}

void mb_plan_free(struct mb_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->points[i].name);
	free(plan->points);
	*plan = (struct mb_plan){ 0 };
}

size_t *mb_plan_order(const struct mb_plan *plan, unsigned long seed, unsigned long round)
{
	size_t *order = mb_alloc(plan->count, sizeof(*order));
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	if (!rng)
		mb_no_memory();
	/* Odd multiplier: different rounds of one seed, and seeds, never share a stream. */
	gsl_rng_set(rng, seed * 2654435761UL + round);
	for (size_t i = 0; i < plan->count; i++)
		order[i] = i;
	gsl_ran_shuffle(rng, order, plan->count, sizeof(*order));
	gsl_rng_free(rng);
	return order;
}
