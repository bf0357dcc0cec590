// SPDX-License-Identifier: GPL-2.0-or-later
/* Floors, boots and margins: how large a difference must be. */
#include <math.h>

#include "analysis/stats/doubt.h"

/* How far two boots of one side are apart, as a fraction. */
static double spread_of(const struct an_summary *total)
{
	return total->median > 0 ? (total->boot_high - total->boot_low) / total->median : 0;
}

/* fmax() skips NAN: what was not measured is no floor. */
double an_doubt(const struct an_run *run, const struct an_point *a, const struct an_point *b)
{
	const struct an_summary *x = an_summary(a, "total"), *y = an_summary(b, "total");
	double floor = fmax(an_point_floor(a, "total"), an_point_floor(b, "total"));

	if (!x || !y || (!run->insns && (x->boots < 2 || y->boots < 2)))
		return INFINITY;
	return fmax(fmax(floor, fmax(spread_of(x), spread_of(y))),
		    run->insns ? AN_MARGIN_INSNS : AN_MARGIN_TIME);
}

bool an_has_floor(const struct an_run *run)
{
	for (size_t i = 0; i < run->point_count; i++)
		if (!isnan(an_point_floor(&run->points[i], "total")))
			return true;
	return false;
}
