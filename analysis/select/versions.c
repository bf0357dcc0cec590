// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/versions.h"

/* A batch that drivers use, large enough that what a batch costs once hardly shows. */
#define BATCH 512

bool an_versions(struct an_run *const *runs, size_t count, bool insns, struct an_versions *versions)
{
	*versions = (struct an_versions){ 0 };
	for (size_t i = 0; i < count && versions->count < AN_MAX_VERSIONS; i++) {
		bool known = runs[i]->insns != insns;

		for (size_t v = 0; v < versions->count; v++)
			known |= !strcmp(versions->runs[v]->kernel, runs[i]->kernel);
		if (!known)
			versions->runs[versions->count++] = runs[i];
	}
	return versions->count > 1;
}

static const struct an_point *counterpart(const struct an_run *run, const struct an_point *point)
{
	const struct an_point *found = an_run_point(run, point->name);

	return found && an_summary(found, "total") ? found : NULL;
}

static size_t kernels_with(const struct an_versions *versions, const struct an_point *point)
{
	size_t with = 0;

	for (size_t v = 0; v < versions->count; v++)
		with += counterpart(versions->runs[v], point) != NULL;
	return with;
}

static unsigned long choose_batch(const struct an_versions *versions,
				  const struct an_family *family)
{
	unsigned long batch = 0;
	size_t most = 0;

	for (int d = 0; d < AN_COPY; d++)
		for (size_t i = 0; i < family->series[d].count; i++) {
			const struct an_point *point = family->series[d].points[i];
			size_t with = kernels_with(versions, point);

			if (an_batch(point) > BATCH || with < most ||
			    (with == most && an_batch(point) < batch))
				continue;
			most = with;
			batch = an_batch(point);
		}
	return most > 1 ? batch : 0;
}

static void fill(struct an_slice *slice, const struct an_versions *versions,
		 const struct an_family *family)
{
	for (int d = 0; d < AN_SERIES; d++) {
		const struct an_point *point = an_at_batch(&family->series[d], slice->batch);

		for (size_t v = 0; point && v < versions->count; v++)
			slice->points[d][v] = counterpart(versions->runs[v], point);
	}
}

struct an_slice *an_slices(const struct an_versions *versions, size_t *count)
{
	size_t family_count;
	struct an_family *families = an_families(versions->runs[0], &family_count);
	struct an_slice *slices = an_alloc(family_count + 1, sizeof(*slices));

	*count = 0;
	for (size_t f = 0; f < family_count; f++) {
		struct an_slice *slice = &slices[*count];

		slice->batch = choose_batch(versions, &families[f]);
		if (!slice->batch)
			continue;
		slice->title = an_strdup(families[f].title);
		fill(slice, versions, &families[f]);
		(*count)++;
	}
	an_families_free(families, family_count);
	return slices;
}

void an_slices_free(struct an_slice *slices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(slices[i].title);
	free(slices);
}
