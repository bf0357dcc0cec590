// SPDX-License-Identifier: GPL-2.0-or-later
/* All pictures of one run, in their order. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/draw/draw.h"

/* One batch is no curve: what further families have of it stands by their other axes. */
static bool is_curve(const struct an_family *family)
{
	for (int d = 0; d < AN_COPY; d++)
		if (family->series[d].count > 1)
			return true;
	return false;
}

void an_plot_all(struct an_staging *stage, const struct an_run *run, const char *stem,
		 struct an_pictures *pictures)
{
	size_t count, drawn = 0, left_out = 0;
	struct an_family *families = an_families(run, &count);

	if (!count)
		an_picture_add(pictures, NULL, mb_strdup("batch curve and phases"),
			       mb_strdup("the run has no sample of the benchmark migrate"));
	for (size_t f = 0; f < count; f++) {
		char *name;

		if (f && !is_curve(&families[f]))
			continue;
		if (drawn == AN_MAX_FAMILIES) {
			left_out++;
			continue;
		}
		name = drawn++ ? mb_format("%zu-%s", drawn, stem) : mb_strdup(stem);
		an_plot_batch(stage, &families[f], name, pictures);
		an_plot_phases(stage, &families[f], name, pictures);
		free(name);
	}
	if (left_out)
		an_picture_add(pictures, NULL, mb_format("%zu more sets of parameters", left_out),
			       mb_format("the report draws %d at most; the table has all",
					 AN_MAX_FAMILIES));
	an_families_free(families, count);
	an_plot_pictures(stage, run, stem, pictures);
}
