// SPDX-License-Identifier: GPL-2.0-or-later
/* Families: the batch curves of all directions, and questions to one curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/series.h"

const char *const an_series_names[AN_SERIES] = { "to the device", "to the system", "round trip",
						 "eviction", "copy alone" };

const char *const an_directions[AN_SERIES] = { "to-device", "to-system", "round-trip", "evict",
					       "copy" };

unsigned long an_batch(const struct an_point *point)
{
	unsigned long batch = an_param_number(point, "batch");

	if (batch || strcmp(point->benchmark, AN_FAULT))
		return batch;
	batch = an_param_number(point, "around");
	return batch ? batch : 1;
}

static bool measured(const struct an_point *point, const char *benchmark)
{
	return !strcmp(point->benchmark, benchmark) && an_summary(point, "total");
}

static size_t size_of(const struct an_family *family)
{
	return family->series[AN_TO_DEVICE].count + family->series[AN_TO_SYSTEM].count +
	       family->series[AN_ROUND_TRIP].count;
}

/* The points of one direction, by batch. */
static struct an_series series_of(const struct an_slice *slice, const char *direction)
{
	struct an_series series = { .points = mb_alloc(slice->rows.count, sizeof(*series.points)) };
	size_t col = an_axis_find(&slice->cols, direction);

	for (size_t r = 0; r < slice->rows.count && col < slice->cols.count; r++) {
		const struct an_point *point = an_cell(slice, 0, r, col)->point;

		if (point && an_batch(point))
			series.points[series.count++] = point;
	}
	return series;
}

static struct an_family family_of(const struct an_run *run, const struct an_slice *slice)
{
	struct an_family family = { .run = run, .title = an_rest_words(slice->rest) };

	for (int d = 0; d < AN_SERIES; d++)
		family.series[d] = series_of(slice, an_directions[d]);
	return family;
}

static void family_free(struct an_family *family)
{
	for (int d = 0; d < AN_SERIES; d++)
		free(family->series[d].points);
	free(family->title);
}

struct an_family *an_families(const struct an_run *run, size_t *family_count)
{
	static const struct an_pivot curve = { AN_JOURNEYS "/copy", .rows = "batch",
					       .cols = "direction" };
	size_t slice_count, count = 0;
	struct an_slice *slices = an_pivot_run(&curve, run, &slice_count);
	struct an_family *families = mb_alloc(slice_count, sizeof(*families));

	for (size_t s = 0; s < slice_count; s++) {
		struct an_family family = family_of(run, &slices[s]);
		size_t f = count;

		if (!size_of(&family) && !family.series[AN_EVICT].count) {
			family_free(&family);
			continue;
		}
		/* The fullest first, the others in the file's order. */
		for (; f && size_of(&family) > size_of(&families[f - 1]); f--)
			families[f] = families[f - 1];
		families[f] = family;
		count++;
	}
	an_slices_free(slices, slice_count);
	*family_count = count;
	return families;
}

void an_families_free(struct an_family *families, size_t count)
{
	for (size_t f = 0; f < count; f++)
		family_free(&families[f]);
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
	double *pages = mb_alloc(series->count, sizeof(double));
	double *totals = mb_alloc(series->count, sizeof(double));
	bool done;

	for (size_t i = 0; i < series->count; i++) {
		pages[i] = an_moved(series->points[i]);
		totals[i] = an_summary(series->points[i], "total")->median;
	}
	done = an_fit(pages, totals, series->count, fit);
	free(pages);
	free(totals);
	return done;
}

/* Reading comes first; then the plain one: each further axis (process, bystanders, around) is a parameter more. */
static bool plainer(const struct an_point *point, const struct an_point *than)
{
	bool reads = !strcmp(an_param(point, "access"), "read");
	bool other_reads = !strcmp(an_param(than, "access"), "read");

	if (reads != other_reads)
		return reads;
	return json_object_size(point->params) < json_object_size(than->params);
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
		if (match && (!found || plainer(point, found)))
			found = point;
	}
	return found;
}
