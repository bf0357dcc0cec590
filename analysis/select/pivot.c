// SPDX-License-Identifier: GPL-2.0-or-later
/* The slices of a pivot: points by what they share, then by the values of the axes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/pivot.h"

#define NO_AXIS ""

/* A point that takes part, and the slice that it is in. */
struct entry {
	const struct an_run *run;
	const struct an_point *point;
	size_t slice;
};

struct slices {
	const struct an_pivot *pivot;
	struct an_slice *at;
	size_t count, capacity;
	struct entry *entries;
	size_t entry_count, entry_capacity;
};

/* What @point has on the axis @key; malloc'd. */
static char *value_of(const struct an_run *run, const struct an_point *point, const char *key)
{
	const char *nodes = an_param(point, "nodes"), *between = strchr(nodes, '>');
	const json_t *value = an_param_value(point, key);

	if (!*key)
		return mb_strdup("");
	if (!strcmp(key, "kernel"))
		return mb_strdup(run->kernel);
	if (!strcmp(key, "from") && between)
		return mb_format("%.*s", (int)(between - nodes), nodes);
	if (!strcmp(key, "to") && between)
		return mb_strdup(between + 1);
	if (json_is_integer(value))
		return mb_format("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return mb_strdup(json_is_string(value) ? json_string_value(value) : point->benchmark);
}

/* The parameters of @point that are no axis; a new reference. */
static json_t *rest_of(const struct an_pivot *pivot, const struct an_point *point)
{
	const char *const axes[] = { pivot->panels, pivot->rows, pivot->cols };
	json_t *rest = json_copy(point->params);

	for (size_t i = 0; i < sizeof(axes) / sizeof(axes[0]); i++) {
		bool end = axes[i] && (!strcmp(axes[i], "from") || !strcmp(axes[i], "to"));

		if (axes[i])
			json_object_del(rest, end ? "nodes" : axes[i]);
	}
	return rest;
}

/* Whether all of @part is in @whole. */
static bool is_part(const json_t *part, const json_t *whole)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)part, key, value)
		if (!json_equal(value, json_object_get(whole, key)))
			return false;
	return true;
}

static struct an_axis axis_of(const char *key)
{
	return (struct an_axis){ .key = key ? key : NO_AXIS, .numbers = true };
}

static void enter(struct slices *slices, const struct an_run *run, const struct an_point *point,
		  size_t slice)
{
	slices->entries = mb_grow(slices->entries, &slices->entry_capacity, slices->entry_count,
				  sizeof(*slices->entries));
	slices->entries[slices->entry_count++] =
		(struct entry){ .run = run, .point = point, .slice = slice };
}

/* Take the slice of exactly @rest, made if need be; the reference is taken. */
static size_t slice_of(struct slices *slices, json_t *rest)
{
	size_t s = 0;

	while (s < slices->count && !json_equal(slices->at[s].rest, rest))
		s++;
	if (s < slices->count) {
		json_decref(rest);
		return s;
	}
	slices->at = mb_grow(slices->at, &slices->capacity, slices->count, sizeof(*slices->at));
	slices->at[slices->count++] = (struct an_slice){
		.rest = rest,
		.panels = axis_of(slices->pivot->panels),
		.rows = axis_of(slices->pivot->rows),
		.cols = axis_of(slices->pivot->cols),
	};
	return s;
}

/* Put @point, which stands beside @with slices, into those that it fits, or into its own if @own. */
static void join(struct slices *slices, const struct an_run *run, const struct an_point *point,
		 size_t with, bool own)
{
	json_t *rest = rest_of(slices->pivot, point);
	bool joined = false;

	for (size_t s = 0; s < with; s++)
		if (is_part(rest, slices->at[s].rest)) {
			enter(slices, run, point, s);
			joined = true;
		}
	if (!joined && own)
		enter(slices, run, point, slice_of(slices, json_incref(rest)));
	json_decref(rest);
}

/* All points of one benchmark, whose name ends at @length; @mark is what stands before it. */
static void take(struct slices *slices, const struct an_run *const *runs, size_t run_count,
		 const char *name, size_t length, char mark)
{
	size_t with = slices->count;

	for (size_t r = 0; r < run_count; r++)
		for (size_t i = 0; i < runs[r]->point_count; i++) {
			const struct an_point *point = &runs[r]->points[i];

			if (strlen(point->benchmark) != length ||
			    strncmp(point->benchmark, name, length) || !an_summary(point, "total"))
				continue;
			if (mark)
				join(slices, runs[r], point, with, mark == '+');
			else
				enter(slices, runs[r], point,
				      slice_of(slices, rest_of(slices->pivot, point)));
		}
}

/* Add @value, which is taken. */
static void widen(struct an_axis *axis, char *value)
{
	char *end;

	if (an_axis_find(axis, value) < axis->count) {
		free(value);
		return;
	}
	strtoul(value, &end, 10);
	axis->numbers = axis->numbers && *value && !*end;
	axis->values = mb_grow(axis->values, &axis->capacity, axis->count, sizeof(char *));
	axis->values[axis->count++] = value;
}

static int by_number(const void *a, const void *b)
{
	unsigned long x = strtoul(*(char *const *)a, NULL, 10);
	unsigned long y = strtoul(*(char *const *)b, NULL, 10);

	return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct an_axis *axis)
{
	if (axis->numbers)
		qsort(axis->values, axis->count, sizeof(char *), by_number);
}

static bool are_ends(const struct an_axis *a, const struct an_axis *b)
{
	return !strcmp(a->key, "from") && !strcmp(b->key, "to");
}

/* Give both axes the values of either. */
static void unite(struct an_axis *a, struct an_axis *b)
{
	for (size_t i = 0; i < b->count; i++)
		widen(a, mb_strdup(b->values[i]));
	for (size_t i = 0; i < a->count; i++)
		widen(b, mb_strdup(a->values[i]));
}

static void put(struct an_slice *slice, const struct entry *entry, const char *metric)
{
	const struct an_axis *const axes[] = { &slice->panels, &slice->rows, &slice->cols };
	struct an_cell *cell;
	size_t at[3];

	for (size_t i = 0; i < 3; i++) {
		char *value = value_of(entry->run, entry->point, axes[i]->key);

		at[i] = an_axis_find(axes[i], value);
		free(value);
	}
	cell = &slice->cells[an_place(slice, at[0], at[1], at[2])];
	/* Of two runs of one kernel the first speaks. */
	if (cell->point)
		return;
	*cell = (struct an_cell){ entry->run, entry->point, an_value(entry->point, metric) };
	slice->count++;
}

static void fill(struct slices *slices)
{
	const char *metric = slices->pivot->metric ? slices->pivot->metric : "total";

	for (size_t i = 0; i < slices->entry_count; i++) {
		const struct entry *entry = &slices->entries[i];
		struct an_slice *slice = &slices->at[entry->slice];

		widen(&slice->panels, value_of(entry->run, entry->point, slice->panels.key));
		widen(&slice->rows, value_of(entry->run, entry->point, slice->rows.key));
		widen(&slice->cols, value_of(entry->run, entry->point, slice->cols.key));
	}
	for (size_t s = 0; s < slices->count; s++) {
		struct an_slice *slice = &slices->at[s];
		size_t cells;

		if (are_ends(&slice->rows, &slice->cols))
			unite(&slice->rows, &slice->cols);
		sort(&slice->panels);
		if (!slice->panels.numbers && strcmp(slice->panels.key, "direction"))
			qsort(slice->panels.values, slice->panels.count, sizeof(char *), by_text);
		sort(&slice->rows);
		sort(&slice->cols);
		cells = slice->panels.count * slice->rows.count * slice->cols.count;
		slice->cells = mb_alloc(cells, sizeof(*slice->cells));
		for (size_t c = 0; c < cells; c++)
			slice->cells[c].value = NAN;
	}
	for (size_t i = 0; i < slices->entry_count; i++)
		put(&slices->at[slices->entries[i].slice], &slices->entries[i], metric);
}

bool an_pivot_is_of(const struct an_pivot *pivot, const char *benchmark)
{
	for (const char *name = pivot->benchmark; *name; name += strspn(name, "+/")) {
		size_t length = strcspn(name, "+/");

		if (strlen(benchmark) == length && !strncmp(benchmark, name, length))
			return true;
		name += length;
	}
	return false;
}

struct an_slice *an_pivot(const struct an_pivot *pivot, const struct an_run *const *runs,
			  size_t run_count, size_t *count)
{
	struct slices slices = { .pivot = pivot };
	const char *name = pivot->benchmark;
	char mark = '\0';

	while (*name) {
		size_t length = strcspn(name, "+/");

		take(&slices, runs, run_count, name, length, mark);
		mark = name[length];
		name += length + (mark != '\0');
	}
	fill(&slices);
	free(slices.entries);
	*count = slices.count;
	return slices.at;
}

struct an_slice *an_pivot_run(const struct an_pivot *pivot, const struct an_run *run, size_t *count)
{
	return an_pivot(pivot, &run, 1, count);
}
