// SPDX-License-Identifier: GPL-2.0-or-later
/* All pictures of one run, in their order. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/draw/draw.h"

void an_plot_all(struct an_staging *stage, const struct an_run *run, const char *stem,
		 struct an_pictures *pictures)
{
	size_t count;
	struct an_family *families = an_families(run, &count);

	if (!count)
		an_picture_add(pictures, NULL, mb_strdup("batch curve and phases"),
			       mb_strdup("the run has no sample of the benchmark migrate"));
	for (size_t f = 0; f < count && f < AN_MAX_FAMILIES; f++) {
		char *name = f ? mb_format("%zu-%s", f + 1, stem) : mb_strdup(stem);

		an_plot_batch(stage, &families[f], name, pictures);
		an_plot_phases(stage, &families[f], name, pictures);
		free(name);
	}
	if (count > AN_MAX_FAMILIES)
		an_picture_add(pictures, NULL,
			       mb_format("%zu more sets of parameters", count - AN_MAX_FAMILIES),
			       mb_format("the report draws %d at most; the table has all",
					 AN_MAX_FAMILIES));
	an_families_free(families, count);
	an_plot_pictures(stage, run, stem, pictures);
}
