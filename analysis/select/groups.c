// SPDX-License-Identifier: GPL-2.0-or-later
/* Points by benchmark, and which of their parameters vary. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/groups.h"

static int by_params(const void *left, const void *right)
{
	const struct an_row *a = left, *b = right;

	for (size_t i = 0; i < a->key_count; i++) {
		const json_t *x = an_param_value(a->point, a->keys[i]);
		const json_t *y = an_param_value(b->point, a->keys[i]);
		int order;

		if (json_is_integer(x) && json_is_integer(y))
			order = (json_integer_value(x) > json_integer_value(y)) -
				(json_integer_value(x) < json_integer_value(y));
		else
			order = strcmp(an_param(a->point, a->keys[i]),
				       an_param(b->point, a->keys[i]));
		if (order)
			return order;
	}
	return strcmp(a->point->name, b->point->name);
}

static int by_text(const void *a, const void *b)
{
	/* The batch is what the eye follows: it comes last. */
	bool x = !strcmp(*(char *const *)a, "batch"), y = !strcmp(*(char *const *)b, "batch");

	return x != y ? x - y : strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_keys(struct an_group *group)
{
	json_t *varying = json_object(), *value, *known;
	const char *key;

	group->constant = json_object();
	json_object_update(group->constant, group->rows[0].point->params);
	for (size_t i = 1; i < group->count; i++) {
		json_object_foreach(group->rows[i].point->params, key, value) {
			known = json_object_get(group->constant, key);
			if (!known || !json_equal(known, value))
				json_object_set_new(varying, key, json_true());
		}
		json_object_foreach(group->constant, key, value)
			if (!json_object_get(group->rows[i].point->params, key))
				json_object_set_new(varying, key, json_true());
	}
	json_object_foreach(varying, key, value) {
		group->keys = mb_grow(group->keys, &group->key_capacity, group->key_count,
				      sizeof(char *));
		group->keys[group->key_count++] = mb_strdup(key);
		json_object_del(group->constant, key);
	}
	json_decref(varying);
	if (group->key_count)
		qsort(group->keys, group->key_count, sizeof(char *), by_text);
	for (size_t i = 0; i < group->count; i++) {
		group->rows[i].keys = group->keys;
		group->rows[i].key_count = group->key_count;
	}
	qsort(group->rows, group->count, sizeof(*group->rows), by_params);
}

struct an_group *an_groups(const struct an_point *const *points, size_t count, size_t *group_count)
{
	struct an_group *groups = NULL, *group;
	size_t capacity = 0;

	*group_count = 0;
	for (size_t i = 0; i < count; i++) {
		size_t g = 0;

		while (g < *group_count && strcmp(groups[g].benchmark, points[i]->benchmark))
			g++;
		if (g == *group_count) {
			groups = mb_grow(groups, &capacity, *group_count, sizeof(*groups));
			groups[(*group_count)++] =
				(struct an_group){ .benchmark = points[i]->benchmark };
		}
		group = &groups[g];
		group->rows =
			mb_grow(group->rows, &group->capacity, group->count, sizeof(*group->rows));
		group->rows[group->count++] = (struct an_row){ .point = points[i], .at = i };
	}
	for (size_t g = 0; g < *group_count; g++)
		find_keys(&groups[g]);
	return groups;
}

void an_groups_free(struct an_group *groups, size_t count)
{
	for (size_t g = 0; g < count; g++) {
		for (size_t i = 0; i < groups[g].key_count; i++)
			free(groups[g].keys[i]);
		free(groups[g].keys);
		free(groups[g].rows);
		json_decref(groups[g].constant);
	}
	free(groups);
}

const struct an_point **an_all_points(const struct an_run *run)
{
	const struct an_point **points = mb_alloc(run->point_count, sizeof(*points));

	for (size_t i = 0; i < run->point_count; i++)
		points[i] = &run->points[i];
	return points;
}

static char *words_of(const json_t *value)
{
	if (json_is_integer(value))
		return mb_strdup(an_count((double)json_integer_value(value)));
	return mb_strdup(value ? json_string_value(value) : "–");
}

char *an_group_words(const struct an_group *group)
{
	char *text = mb_strdup(""), *words;
	const char *key;
	json_t *value;

	json_object_foreach(group->constant, key, value) {
		words = words_of(value);
		an_extend(&text, "%s%s %s", *text ? ", " : "", key, words);
		free(words);
	}
	return text;
}

char *an_row_words(const struct an_row *row, size_t count)
{
	char *text = mb_strdup("");

	for (size_t k = 0; k < count; k++) {
		char *words = an_param_words(row->point, row->keys[k]);

		an_extend(&text, "%s%s %s", k ? ", " : "", row->keys[k], words);
		free(words);
	}
	return text;
}

char *an_param_words(const struct an_point *point, const char *key)
{
	return words_of(an_param_value(point, key));
}

bool an_group_number(const struct an_group *group, const char *key)
{
	return json_is_integer(an_param_value(group->rows[0].point, key));
}

/* "migrate: batch 64, to-device": what tells it from the others of its benchmark; malloc'd. */
static char *label_of(const struct an_group *group, const struct an_row *row)
{
	char *text = mb_strdup(group->benchmark);
	const char *comma = ": ";

	for (size_t k = 0; k < group->key_count; k++) {
		const char *key = group->keys[k];
		const json_t *value = json_object_get(row->point->params, key);
		char *words;

		if (!value)
			continue;
		words = an_param_words(row->point, key);
		an_extend(&text, "%s%s%s%s", comma, json_is_string(value) ? "" : key,
			  json_is_string(value) ? "" : " ", words);
		free(words);
		comma = ", ";
	}
	return text;
}

char **an_group_labels(const struct an_point *const *points, size_t count)
{
	char **labels = mb_alloc(count, sizeof(*labels));
	struct an_group *groups;
	size_t group_count;

	groups = an_groups(points, count, &group_count);
	for (size_t g = 0; g < group_count; g++)
		for (size_t i = 0; i < groups[g].count; i++)
			labels[groups[g].rows[i].at] = label_of(&groups[g], &groups[g].rows[i]);
	an_groups_free(groups, group_count);
	return labels;
}
