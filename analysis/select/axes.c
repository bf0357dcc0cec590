// SPDX-License-Identifier: GPL-2.0-or-later
/* Axes that no table or picture is made for, and how values of an axis are spoken of. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/axes.h"
#include "analysis/select/groups.h"
#include "analysis/select/series.h"

/* The parameters that have a place of their own in the report's tables and pictures. */
static const struct {
	const char *benchmark;
	const char *keys[8];
} known[] = {
	{ "migrate", { "batch", "direction", "memory", "page" } },
	{ "evict", { "batch", "memory", "nodes", "page" } },
	{ "copy", { "batch", "nodes", "page" } },
	{ "fault", { "access", "memory", "nodes", "page" } },
	{ "numa", { "batch", "mode", "nodes", "page" } },
	{ "tlb", { "cpus", "op", "pages" } },
	{ "ad", { "access", "batch", "journey", "nodes", "page", "retention" } },
	{ "null", { "part" } },
	{ "refault", { "lru", "nodes", "order", "pages", "retention" } },
};

static bool is_known(const char *benchmark, const char *key)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		for (size_t k = 0; k < 8 && known[i].keys[k]; k++)
			if (!strcmp(known[i].benchmark, benchmark) &&
			    !strcmp(known[i].keys[k], key))
				return true;
	return false;
}

/* How many values @key has among the group's rows. */
static size_t values_of(const struct an_group *group, const char *key)
{
	json_t *seen = json_object();
	size_t values;

	for (size_t i = 0; i < group->count; i++) {
		const json_t *value = an_param_value(group->rows[i].point, key);
		char *name = value ? json_dumps(value, JSON_ENCODE_ANY) : mb_strdup("");

		json_object_set_new(seen, name, json_true());
		free(name);
	}
	values = json_object_size(seen);
	json_decref(seen);
	return values;
}

/* The key that varies most, numbers before texts, but for @a and @b; "" if there is none. */
static const char *widest(const struct an_group *group, const char *a, const char *b)
{
	const char *best = "";

	for (size_t k = 0; k < group->key_count; k++) {
		const char *key = group->keys[k];
		bool number = an_group_number(group, key);
		bool best_number = *best && an_group_number(group, best);

		if (!strcmp(key, a) || !strcmp(key, b))
			continue;
		if (!*best || number > best_number ||
		    (number == best_number && values_of(group, key) > values_of(group, best)))
			best = key;
	}
	return best;
}

static bool varies(const struct an_group *group, const char *key)
{
	for (size_t k = 0; k < group->key_count; k++)
		if (!strcmp(group->keys[k], key))
			return true;
	return false;
}

/* @key in the words of a parameter of @group's points, which outlive the group. */
static const char *lasting(const struct an_group *group, const char *key)
{
	const char *name;
	json_t *value;

	for (size_t i = 0; i < group->count; i++)
		json_object_foreach(group->rows[i].point->params, name, value)
			if (!strcmp(name, key))
				return name;
	return "";
}

/* Whether points leave @key out of their names: those that do not stand apart by themselves. */
static bool is_left_out(const struct an_group *group, const char *key)
{
	for (size_t i = 0; i < group->count; i++)
		if (json_object_get(group->rows[i].point->neutral, key))
			return true;
	return false;
}

static struct an_pivot pivot_of(const struct an_group *group, const char *rows, const char *cols)
{
	const char *panels = widest(group, rows, cols);

	if (varies(group, "direction") && strcmp(rows, "direction") && strcmp(cols, "direction"))
		panels = "direction";
	else if (is_left_out(group, panels))
		panels = "";
	return (struct an_pivot){ .benchmark = group->rows[0].point->benchmark,
				  .rows = lasting(group, rows),
				  .cols = lasting(group, cols),
				  .panels = lasting(group, panels) };
}

static bool shown(const struct an_pivot *pivots, size_t count, const char *benchmark,
		  const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(pivots[i].benchmark, benchmark) &&
		    (!strcmp(pivots[i].rows, key) || !strcmp(pivots[i].cols, key)))
			return true;
	return false;
}

struct an_pivot *an_unknown_axes(const struct an_run *run, size_t *count)
{
	const struct an_point **points = an_all_points(run);
	struct an_pivot *pivots = NULL;
	size_t measured = 0, group_count, capacity = 0;
	struct an_group *groups;

	for (size_t i = 0; i < run->point_count; i++)
		if (an_summary(points[i], "total"))
			points[measured++] = points[i];
	groups = an_groups(points, measured, &group_count);
	free(points);
	*count = 0;
	for (size_t g = 0; g < group_count; g++)
		for (size_t k = 0; k < groups[g].key_count; k++) {
			const struct an_group *group = &groups[g];
			const char *key = group->keys[k];
			const char *rows = varies(group, "batch") ? "batch" : widest(group, "", "");
			bool itself = !strcmp(rows, key);

			if (is_known(group->benchmark, key) ||
			    shown(pivots, *count, group->benchmark, key) ||
			    (itself && group->key_count > 1 &&
			     is_known(group->benchmark, widest(group, key, ""))))
				continue;
			pivots = mb_grow(pivots, &capacity, *count, sizeof(*pivots));
			pivots[(*count)++] =
				pivot_of(group, rows, itself ? widest(group, rows, "") : key);
		}
	an_groups_free(groups, group_count);
	return pivots;
}

char *an_axis_words(const struct an_axis *axis, size_t at)
{
	const char *key = axis->key, *value = axis->values[at];
	bool one = !strcmp(value, "1");
	size_t length = strlen(key);

	for (int d = 0; d < AN_SERIES && !strcmp(key, "direction"); d++)
		if (!strcmp(an_directions[d], value))
			return mb_strdup(an_series_names[d]);
	if (!strcmp(key, "page"))
		return mb_format("%s pages", value);
	if (!strcmp(key, "cpus"))
		return mb_format("%s CPU%s", value, one ? "" : "s");
	if (axis->numbers && length > 1 && key[length - 1] == 's')
		return mb_format("%s %.*s", value, (int)(one ? length - 1 : length), key);
	return axis->numbers && *key ? mb_format("%s %s", key, value) : mb_strdup(value);
}
