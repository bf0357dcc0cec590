// SPDX-License-Identifier: GPL-2.0-or-later
/* The runs of several kernels, and slices whose columns are kernels. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/describe.h"
#include "analysis/select/versions.h"
#include "core/record/read.h"

/* A batch that drivers use, large enough that what a batch costs once hardly shows. */
#define BATCH 512

const char *an_suite(const struct an_run *run)
{
	return mb_record_text(run->config, "suite");
}

static bool same_suite(const struct an_run *a, const struct an_run *b)
{
	return a->insns == b->insns && !strcmp(an_suite(a), an_suite(b));
}

static bool same_kernel(const struct an_run *a, const struct an_run *b)
{
	return a->insns == b->insns && !strcmp(a->kernel, b->kernel);
}

/* More kernels with the suite of run @at rank higher; of as many the suite that was given first. */
static size_t rank_of(struct an_run *const *runs, size_t count, size_t at)
{
	size_t kernels = 0, first = count;

	for (size_t i = 0; i < count; i++) {
		size_t before = 0;

		if (!same_suite(runs[i], runs[at]))
			continue;
		first = first == count ? i : first;
		while (!same_suite(runs[before], runs[at]) || !same_kernel(runs[before], runs[i]))
			before++;
		kernels += before == i;
	}
	return kernels * (count + 1) + count - first;
}

void an_common_suites_first(struct an_run **runs, size_t count)
{
	size_t *ranks = mb_alloc(count, sizeof(*ranks));

	for (size_t i = 0; i < count; i++)
		ranks[i] = rank_of(runs, count, i);
	/* An insertion sort of each kernel's runs, in the places that they have. */
	for (size_t i = 0; i < count; i++)
		for (size_t j = i, at = i; j-- > 0;) {
			struct an_run *run = runs[at];
			size_t rank = ranks[at];

			if (!same_kernel(runs[j], run))
				continue;
			if (ranks[j] >= rank)
				break;
			runs[at] = runs[j];
			ranks[at] = ranks[j];
			runs[j] = run;
			ranks[j] = rank;
			at = j;
		}
	free(ranks);
}

bool an_version_is_first(struct an_run *const *runs, size_t count, size_t at)
{
	const struct an_run *run = runs[at];
	bool shape = an_shape_only(run);

	for (size_t i = 0; i < count; i++) {
		bool other_shape = an_shape_only(runs[i]);

		if (runs[i]->insns != run->insns)
			continue;
		if ((shape && !other_shape) ||
		    (i < at && shape == other_shape && same_kernel(runs[i], run)))
			return false;
	}
	return true;
}

bool an_versions(struct an_run *const *runs, size_t count, bool insns, struct an_versions *versions)
{
	*versions = (struct an_versions){ .runs = mb_alloc(count, sizeof(*versions->runs)) };
	for (size_t i = 0; i < count; i++) {
		if (runs[i]->insns != insns)
			continue;
		if (an_version_is_first(runs, count, i))
			versions->runs[versions->count++] = runs[i];
		else
			versions->left_out++;
	}
	/* What is left out for that is no further run of a kernel that is there. */
	for (size_t i = 0; versions->count && i < count; i++)
		versions->shapes += runs[i]->insns == insns && an_shape_only(runs[i]) &&
				    !an_shape_only(versions->runs[0]);
	versions->left_out -= versions->shapes;
	if (versions->count > 1)
		return true;
	an_versions_free(versions);
	return false;
}

void an_versions_free(struct an_versions *versions)
{
	free(versions->runs);
	*versions = (struct an_versions){ 0 };
}

/* Whether two kernels have points of one direction. */
static bool compares(const struct an_slice *slice)
{
	for (int d = 0; d < AN_COPY; d++) {
		size_t row = an_axis_find(&slice->rows, an_directions[d]), kernels = 0;

		for (size_t c = 0; row < slice->rows.count && c < slice->cols.count; c++)
			kernels += an_cell(slice, 0, row, c)->point != NULL;
		if (kernels > 1)
			return true;
	}
	return false;
}

struct an_slice *an_version_slices(const struct an_versions *versions, size_t *count)
{
	static const struct an_pivot by = { AN_JOURNEYS "/copy", .rows = "direction",
					    .cols = "kernel" };
	struct an_slice *slices = an_pivot(&by, versions->runs, versions->count, count);
	size_t kept = 0;

	an_slices_pick(slices, count, "batch", BATCH, true);
	for (size_t s = 0; s < *count; s++) {
		if (compares(&slices[s]))
			slices[kept++] = slices[s];
		else
			an_slice_free(&slices[s]);
	}
	*count = kept;
	return slices;
}

void an_version_points(const struct an_versions *versions, const struct an_slice *slice,
		       enum an_direction direction, const struct an_point **points)
{
	for (size_t v = 0; v < versions->count; v++)
		points[v] = an_cell_of(slice, NULL, an_directions[direction],
				       versions->runs[v]->kernel);
}

char *an_slice_title(const struct an_slice *slice)
{
	json_t *rest = json_copy(slice->rest);
	char *words, *title;

	json_object_del(rest, "batch");
	words = an_rest_words(rest);
	title = mb_format("%s, batch of %lu", words,
			  (unsigned long)json_integer_value(json_object_get(slice->rest, "batch")));
	free(words);
	json_decref(rest);
	return title;
}
