// SPDX-License-Identifier: GPL-2.0-or-later
/* What a comparison found, by families of points. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/say.h"
#include "core/base/text.h"
#include "core/record/record.h"
#include "core/status.h"
#include "lab/patch/ab.h"

struct point {
	const char *name, *benchmark, *unit, *verdict;
	const json_t *params;
	double pages, a, b, ratio;
};

/* The name of a point, but for its batch; malloc'd. */
static char *family_name(const struct point *point)
{
	json_t *params = json_copy((json_t *)point->params);
	char *name;

	json_object_del(params, "batch");
	name = mb_point_name(point->benchmark, params);
	json_decref(params);
	return name;
}

static bool read_point(const json_t *object, struct point *point)
{
	json_int_t pages;

	if (json_unpack((json_t *)object, "{s:s, s:s, s:o, s:s, s:s, s:I, s:{s:F}, s:{s:F}}",
			"name", &point->name, "benchmark", &point->benchmark, "params",
			&point->params, "unit", &point->unit, "verdict", &point->verdict, "pages",
			&pages, "a", "location", &point->a, "b", "location", &point->b))
		return false;
	point->pages = (double)pages;
	point->ratio = point->a > 0 ? point->b / point->a : point->b > 0 ? INFINITY : 1;
	return true;
}

static struct lab_ab_family *find(struct lab_ab_changes *changes, const struct point *point)
{
	char *name = family_name(point);
	struct lab_ab_family *family;

	for (size_t i = 0; i < changes->count; i++)
		if (!strcmp(changes->at[i].name, name)) {
			free(name);
			return &changes->at[i];
		}
	changes->at = mb_resize(changes->at, changes->count + 1, sizeof(*changes->at));
	family = &changes->at[changes->count++];
	*family = (struct lab_ab_family){ .name = name,
					  .unit = strcmp(point->unit, "ns") ? "instructions" : "ns",
					  .low = INFINITY,
					  .ratio = 1,
					  .pages = { INFINITY, 0 } };
	return family;
}

static void add(struct lab_ab_changes *changes, const struct point *point)
{
	struct lab_ab_family *family = find(changes, point);
	bool slower = !strcmp(point->verdict, "slower"), faster = !strcmp(point->verdict, "faster");

	changes->points++;
	changes->inconclusive += !strcmp(point->verdict, "inconclusive");
	family->points++;
	family->slower += slower;
	family->faster += faster;
	if (point->pages < family->pages[0]) {
		family->pages[0] = point->pages;
		family->change[0] = point->b - point->a;
	}
	if (point->pages > family->pages[1]) {
		free(family->largest);
		family->largest = mb_strdup(point->name);
		family->pages[1] = point->pages;
		family->change[1] = point->b - point->a;
	}
	if (!slower && !faster)
		return;
	family->low = fmin(family->low, point->ratio);
	family->high = fmax(family->high, point->ratio);
	if (!family->worst || fabs(log(point->ratio)) > fabs(log(family->ratio))) {
		free(family->worst);
		family->worst = mb_strdup(point->name);
		family->ratio = point->ratio;
	}
}

static int by_change(const void *one, const void *other)
{
	const struct lab_ab_family *a = one, *b = other;
	double left = fabs(log(a->ratio)), right = fabs(log(b->ratio));

	return left != right ? (left < right) - (left > right) : strcmp(a->name, b->name);
}

static void free_family(struct lab_ab_family *family)
{
	free(family->name);
	free(family->worst);
	free(family->largest);
}

/* Those of which no point changed go; the others come in order. */
static void sort(struct lab_ab_changes *changes)
{
	size_t kept = 0;

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->at[i].worst) {
			changes->at[kept++] = changes->at[i];
			continue;
		}
		if (changes->at[i].largest)
			mb_list_add(&changes->others, "%s", changes->at[i].largest);
		free_family(&changes->at[i]);
	}
	changes->count = kept;
	if (kept)
		qsort(changes->at, kept, sizeof(*changes->at), by_change);
}

int lab_ab_changes_read(const char *text, struct lab_ab_changes *changes)
{
	json_t *document = json_loads(text, 0, NULL), *points, *object;
	int status = MB_OK;
	size_t i;

	*changes = (struct lab_ab_changes){ 0 };
	points = json_object_get(document, "points");
	if (!json_is_array(points))
		status = mb_fail(MB_MACHINE, "migbench compare: unexpected output");
	json_array_foreach(points, i, object) {
		struct point point;

		if (read_point(object, &point))
			add(changes, &point);
	}
	changes->alone = json_array_size(json_object_get(document, "only_a")) +
			 json_array_size(json_object_get(document, "only_b"));
	sort(changes);
	if (json_is_string(json_object_get(document, "meaning")))
		changes->meaning =
			mb_strdup(json_string_value(json_object_get(document, "meaning")));
	json_decref(document);
	return status;
}

void lab_ab_changes_free(struct lab_ab_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		free_family(&changes->at[i]);
	free(changes->at);
	mb_list_free(&changes->others);
	free(changes->meaning);
	*changes = (struct lab_ab_changes){ 0 };
}

/* Less than what is printed is nothing, and has no sign. */
static double tidy(double value)
{
	return fabs(value) < 0.05 ? 0 : value;
}

static void print_family(const struct lab_ab_family *family)
{
	double span = family->pages[1] - family->pages[0], page;

	putchar('\n');
	mb_say(stdout, "  %s", family->name);
	printf("    %zu of %zu slower", family->slower, family->points);
	if (family->faster)
		printf(", %zu faster", family->faster);
	printf(", B/A %.4f", family->low);
	if (family->high > family->low)
		printf(" to %.4f", family->high);
	if (span > 0) {
		page = (family->change[1] - family->change[0]) / span;
		printf("; %+.1f %s a page, %+.1f a batch\n", tidy(page), family->unit,
		       tidy(family->change[0] - page * family->pages[0]));
	} else {
		printf("; %+.1f %s\n", family->change[0], family->unit);
	}
}

void lab_ab_changes_print(const struct lab_ab_changes *changes)
{
	size_t slower = 0, faster = 0;

	for (size_t i = 0; i < changes->count; i++) {
		slower += changes->at[i].slower;
		faster += changes->at[i].faster;
	}
	printf("%zu points: %zu slower, %zu faster, %zu equivalent, %zu inconclusive",
	       changes->points, slower, faster,
	       changes->points - slower - faster - changes->inconclusive, changes->inconclusive);
	if (changes->alone)
		printf("; %zu more on one side only", changes->alone);
	puts(".");
	if (!changes->count) {
		puts(changes->inconclusive
			     ? "No point is slower or faster; nothing can be said of those that are inconclusive."
			     : "Nothing changed beyond the margin.");
		return;
	}
	puts("\nWhat changed, B - A, from the smallest and the largest batch:");
	for (size_t i = 0; i < changes->count; i++)
		print_family(&changes->at[i]);
}
