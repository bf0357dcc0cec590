// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/series.h"
#include "core/record/record.h"

const char *const an_series_names[AN_SERIES] = { "to the device", "to the system", "round trip",
						 "eviction", "copy alone" };

static const char *const directions[] = { "to-device", "to-system", "round-trip" };

unsigned long an_batch(const struct an_point *point)
{
	return an_param_number(point, "batch");
}

static bool measured(const struct an_point *point, const char *benchmark)
{
	return !strcmp(point->benchmark, benchmark) && an_summary(point, "total");
}

static int direction_of(const struct an_point *point)
{
	for (int i = 0; i < AN_EVICT; i++)
		if (!strcmp(an_param(point, "direction"), directions[i]))
			return i;
	return -1;
}

static char *key_of(const struct an_point *point)
{
	json_t *rest = json_copy(point->params);
	char *key;

	json_object_del(rest, "batch");
	json_object_del(rest, "direction");
	key = mb_point_name(point->benchmark, rest);
	json_decref(rest);
	return key ? key : an_strdup("");
}

/* Known parameters as words, in a fixed order; then others as key=value. */
static char *title_of(const struct an_point *point)
{
	static const char *const known[][3] = { { "memory", "", " memory" },
						{ "nodes", "nodes ", "" },
						{ "page", "", " pages" },
						{ "state", "", "" } };
	unsigned long threads = an_param_number(point, "threads");
	json_t *rest = json_copy(point->params), *value;
	const char *key, *comma = "";
	char *title = NULL;
	size_t size;
	FILE *out = open_memstream(&title, &size);

	if (!out)
		return an_strdup("");
	json_object_del(rest, "batch");
	json_object_del(rest, "direction");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!*an_param(point, known[i][0]))
			continue;
		fprintf(out, "%s%s%s%s", comma, known[i][1], an_param(point, known[i][0]),
			known[i][2]);
		json_object_del(rest, known[i][0]);
		comma = ", ";
	}
	if (threads) {
		fprintf(out, "%s%lu thread%s", comma, threads, threads == 1 ? "" : "s");
		json_object_del(rest, "threads");
		comma = ", ";
	}
	json_object_foreach(rest, key, value) {
		fprintf(out, "%s%s=", comma, key);
		if (json_is_string(value))
			fputs(json_string_value(value), out);
		else
			fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		comma = ", ";
	}
	fclose(out);
	json_decref(rest);
	return title ? title : an_strdup("");
}

static void insert(struct an_series *series, const struct an_point *point)
{
	size_t at = series->count;

	series->points =
		an_grow(series->points, &series->capacity, series->count, sizeof(*series->points));
	for (; at && an_batch(series->points[at - 1]) > an_batch(point); at--)
		series->points[at] = series->points[at - 1];
	series->points[at] = point;
	series->count++;
}

/* Points of another benchmark that have @keys in common with the family's. */
static void find_others(struct an_family *family, const struct an_point *like,
			enum an_direction series, const char *benchmark, const char *const *keys)
{
	const struct an_run *run = family->run;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		bool match = measured(point, benchmark) && an_batch(point) &&
			     !an_at_batch(&family->series[series], an_batch(point));

		for (size_t k = 0; keys[k] && match; k++)
			match = !strcmp(an_param(point, keys[k]), an_param(like, keys[k]));
		if (match)
			insert(&family->series[series], point);
	}
}

static size_t size_of(const struct an_family *family)
{
	return family->series[AN_TO_DEVICE].count + family->series[AN_TO_SYSTEM].count +
	       family->series[AN_ROUND_TRIP].count;
}

struct families {
	struct an_family *at;
	size_t count, capacity;
};

/* The family of @point, made if need be. */
static struct an_family *family_of(struct families *families, const struct an_run *run,
				   const struct an_point *point)
{
	static const char *const evict_keys[] = { "memory", "nodes", "page", NULL };
	static const char *const copy_keys[] = { "nodes", "page", NULL };
	char *key = key_of(point);
	struct an_family *family;

	for (size_t f = 0; f < families->count; f++)
		if (!strcmp(families->at[f].key, key)) {
			free(key);
			return &families->at[f];
		}
	families->at =
		an_grow(families->at, &families->capacity, families->count, sizeof(*families->at));
	family = &families->at[families->count++];
	*family = (struct an_family){ .run = run, .key = key, .title = title_of(point) };
	find_others(family, point, AN_EVICT, "evict", evict_keys);
	find_others(family, point, AN_COPY, "copy", copy_keys);
	return family;
}

static bool in_a_family(const struct families *families, const struct an_point *eviction)
{
	for (size_t f = 0; f < families->count; f++)
		for (size_t i = 0; i < families->at[f].series[AN_EVICT].count; i++)
			if (families->at[f].series[AN_EVICT].points[i] == eviction)
				return true;
	return false;
}

struct an_family *an_families(const struct an_run *run, size_t *family_count)
{
	struct families families = { 0 };

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		int direction = direction_of(point);

		if (measured(point, "migrate") && direction >= 0 && an_batch(point))
			insert(&family_of(&families, run, point)->series[direction], point);
	}
	/* Evictions without migrations beside them stand for themselves. */
	for (size_t i = 0; i < run->point_count; i++)
		if (measured(&run->points[i], "evict") && an_batch(&run->points[i]) &&
		    !in_a_family(&families, &run->points[i]))
			family_of(&families, run, &run->points[i]);
	/* The fullest first, the others in the file's order. */
	for (size_t f = 1; f < families.count; f++)
		for (size_t g = f; g && size_of(&families.at[g]) > size_of(&families.at[g - 1]);
		     g--) {
			struct an_family swap = families.at[g];

			families.at[g] = families.at[g - 1];
			families.at[g - 1] = swap;
		}
	*family_count = families.count;
	return families.at;
}

void an_families_free(struct an_family *families, size_t count)
{
	for (size_t f = 0; f < count; f++) {
		for (int i = 0; i < AN_SERIES; i++)
			free(families[f].series[i].points);
		free(families[f].key);
		free(families[f].title);
	}
	free(families);
}

const struct an_point *an_at_batch(const struct an_series *series, unsigned long batch)
{
	for (size_t i = 0; i < series->count; i++)
		if (an_batch(series->points[i]) == batch)
			return series->points[i];
	return NULL;
}

const struct an_point *an_cheapest(const struct an_series *series)
{
	const struct an_point *best = NULL;

	for (size_t i = 0; i < series->count; i++)
		if (!best || an_per_page(series->points[i], "total") < an_per_page(best, "total"))
			best = series->points[i];
	return best;
}

const struct an_point *an_knee(const struct an_series *series, double margin)
{
	const struct an_point *best = an_cheapest(series);

	for (size_t i = 0; i < series->count; i++)
		if (an_per_page(series->points[i], "total") <=
		    an_per_page(best, "total") * (1 + margin))
			return series->points[i];
	return best;
}

bool an_series_fit(const struct an_series *series, struct an_fit *fit)
{
	double *pages = an_alloc(series->count, sizeof(double));
	double *totals = an_alloc(series->count, sizeof(double));
	bool done;

	for (size_t i = 0; i < series->count; i++) {
		pages[i] = (double)series->points[i]->pages;
		totals[i] = an_summary(series->points[i], "total")->median;
	}
	done = an_fit(pages, totals, series->count, fit);
	free(pages);
	free(totals);
	return done;
}

const struct an_point *an_family_fault(const struct an_family *family)
{
	static const char *const same[] = { "memory", "nodes", "page" };
	const struct an_point *like = NULL, *found = NULL;

	for (int i = 0; i < AN_COPY && !like; i++)
		if (family->series[i].count)
			like = family->series[i].points[0];
	for (size_t i = 0; like && i < family->run->point_count; i++) {
		const struct an_point *point = &family->run->points[i];
		bool match = measured(point, "fault");

		for (size_t k = 0; k < sizeof(same) / sizeof(same[0]) && match; k++)
			match = !strcmp(an_param(point, same[k]), an_param(like, same[k]));
		if (match && (!found || !strcmp(an_param(point, "access"), "read")))
			found = point;
	}
	return found;
}
