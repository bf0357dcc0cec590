// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/refault.h"

double an_swapped_in(const struct an_point *point, bool second)
{
	return an_counter(point, second ? "swapped_in_second" : "swapped_in");
}

/* The headline's case, then what differs from it in less and in more. */
static int rank(const struct an_refault *refault)
{
	return 2 * (strcmp(refault->lru, "classic") != 0) +
	       (strcmp(refault->order, "interleaved") != 0);
}

struct an_refault *an_refaults(const struct an_run *run, size_t *count)
{
	struct an_refault *list = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *kept = &run->points[i], *dropped;
		struct an_refault refault;
		size_t at;

		if (strcmp(kept->benchmark, "refault") || strcmp(an_param(kept, "retention"), "on"))
			continue;
		dropped = an_run_counterpart(run, kept, "retention", "off");
		if (!dropped || isnan(an_swapped_in(kept, false)) ||
		    isnan(an_swapped_in(dropped, false)))
			continue;
		refault = (struct an_refault){ .order = an_param(kept, "order"),
					       .lru = an_param(kept, "lru"),
					       .kept = kept,
					       .dropped = dropped };
		list = an_grow(list, &capacity, *count, sizeof(*list));
		for (at = *count; at && rank(&list[at - 1]) > rank(&refault); at--)
			list[at] = list[at - 1];
		list[at] = refault;
		(*count)++;
	}
	return list;
}

double an_refault_ratio(const struct an_refault *refault, bool second)
{
	double dropped = an_swapped_in(refault->dropped, second);

	return dropped > 0 ? an_swapped_in(refault->kept, second) / dropped : NAN;
}
