// SPDX-License-Identifier: GPL-2.0-or-later
/* What else differs between points that are set side by side as if one thing did. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/residue.h"

/* A mean over the samples of what the module or the kernel said of each; NAN if it said nothing. */
static double a_value(const struct an_point *point, double sum)
{
	double samples = an_samples(point);

	return point->counted && samples > 0 ? sum / samples : NAN;
}

static double moved(const struct an_point *point)
{
	return a_value(point, point->migrated);
}

static double collected(const struct an_point *point)
{
	return a_value(point, point->collected);
}

static double requested(const struct an_point *point)
{
	return a_value(point, point->requested);
}

/* Base pages that went as parts of whole huge pages: a kernel may have split them before. */
static double whole(const struct an_point *point)
{
	return an_counter(point, "whole");
}

static double swapped_in(const struct an_point *point)
{
	return an_counter(point, "swapped_in");
}

static const struct {
	const char *name, *of_a_fault;
	double (*of)(const struct an_point *point);
} facts[] = {
	{ "pages moved", "pages a fault moves", moved },
	{ "pages collected", "pages a fault collects", collected },
	{ "pages requested", "pages a fault requests", requested },
	{ "pages moved in whole huge pages", NULL, whole },
	{ "pages swapped in", NULL, swapped_in },
};

#define FACTS (sizeof(facts) / sizeof(facts[0]))

/* NAN is like everything: what is not told can't be said to differ. */
static bool all_alike(const double *values, size_t count)
{
	double first = NAN;

	for (size_t i = 0; i < count; i++) {
		if (isnan(values[i]))
			continue;
		if (!isnan(first) && values[i] != first)
			return false;
		first = values[i];
	}
	return true;
}

static bool same(const double *a, const double *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
			return false;
	return true;
}

/* By which function @point was evicted; NULL: by none that is told, though it may be asked for. */
static const char *function_of(const struct an_point *point)
{
	return point && point->evicts_by && *point->evicts_by ? point->evicts_by : NULL;
}

/* What one kernel's module chose another's may not have had; with one kernel nothing is told to differ. */
static bool evicted_alike(const struct an_point *const *points, size_t count, bool kernels)
{
	const char *first = NULL;
	size_t silent = 0, evicted = 0;

	for (size_t i = 0; i < count; i++) {
		const char *by = function_of(points[i]);

		if (by && first && strcmp(by, first) != 0)
			return false;
		first = first ? first : by;
		evicted += points[i] && points[i]->evicts_by;
		silent += points[i] && points[i]->evicts_by && !by;
	}
	return !kernels || !silent || evicted < 2;
}

/*
 * "evicted by: migrate_device_range, migrate_device_range, migrate_device_pfns", one for each of @points as with the
 * counts beside it, or nothing where all did so alike.
 */
static void say_functions(FILE *out, const struct an_point *const *points, size_t count,
			  bool kernels, const char *between)
{
	size_t known = 0;

	if (evicted_alike(points, count, kernels))
		return;
	fprintf(out, "%sevicted by: ", between);
	for (size_t i = 0; i < count; i++)
		known += function_of(points[i]) != NULL;
	if (!known) {
		fputs("not recorded", out);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *by = function_of(points[i]);

		if (!by)
			by = kernels && points[i] && points[i]->evicts_by ? "not recorded" : "–";
		fprintf(out, "%s%s", i ? ", " : "", by);
	}
}

char *an_residue(const struct an_point *const *points, size_t count, bool kernels)
{
	double *values = mb_alloc(2 * count + 1, sizeof(*values)), *told = values + count;
	const char *benchmark = "";
	char *text = NULL;
	size_t size, facts_told = 0;
	FILE *out = mb_text_open(&text, &size);

	for (size_t i = 0; i < count; i++) {
		told[i] = NAN;
		benchmark = points[i] ? points[i]->benchmark : benchmark;
	}
	for (size_t f = 0; f < FACTS; f++) {
		const char *name = strcmp(benchmark, "fault") || !facts[f].of_a_fault
					   ? facts[f].name
					   : facts[f].of_a_fault;

		for (size_t i = 0; i < count; i++)
			values[i] = points[i] ? facts[f].of(points[i]) : NAN;
		/* What was collected is what moved, nearly always: once is enough. */
		if (all_alike(values, count) || same(values, told, count))
			continue;
		memcpy(told, values, count * sizeof(*values));
		fprintf(out, "%s%s: ", facts_told++ ? "; " : "", name);
		for (size_t i = 0; i < count; i++)
			fprintf(out, "%s%s", i ? ", " : "", an_known(values[i]));
	}
	say_functions(out, points, count, kernels, facts_told ? "; " : "");
	mb_text_close(out);
	free(values);
	return text;
}

bool an_copy_hidden(const struct an_run *run, const struct an_point *point)
{
	return run->insns && point->counted && point->migrated > 0 &&
	       an_point_metric(point, "total") && !an_point_metric(point, "copy");
}
