// SPDX-License-Identifier: GPL-2.0-or-later
/* What a driver should do about the batches that it was seen to use. */
#include <math.h>
#include <stdlib.h>

#include "analysis/advise/advice.h"
#include "analysis/base/text.h"
#include "analysis/run/describe.h"

static double total(const struct an_point *point)
{
	return an_summary(point, "total")->median;
}

/* What a call costs whatever its size: of the fitted line, or of one through the two ends. */
static double fixed_cost(const struct an_advice *advice)
{
	const struct an_series *series = &advice->series;
	const struct an_point *low = series->points[0], *high = series->points[series->count - 1];
	double a_page;

	if (advice->has_fit && advice->fit.worst <= AN_LINE_HOLDS)
		return advice->fit.fixed;
	a_page = (total(high) - total(low)) / ((double)high->pages - (double)low->pages);
	return total(low) - a_page * (double)low->pages;
}

/* "all its pages move", "87 % of its pages move"; never a rounded 100 % */
static char *moved(const struct an_series *series)
{
	double requested = 0, migrated = 0;

	for (size_t i = 0; i < series->count; i++) {
		requested += series->points[i]->requested;
		migrated += series->points[i]->migrated;
	}
	if (migrated >= requested)
		return mb_strdup("all its pages move");
	if (migrated > 0.995 * requested)
		return mb_strdup("nearly all its pages move");
	return mb_format("%s of its pages move", an_percent(migrated / requested));
}

static char *one_size(const char *driver, const struct an_advice *advice, const char *pages)
{
	return mb_format("%s was seen to ask for %s pages at a time and no other number (%s), so "
			 "nothing says what another batch would cost. Have it ask for a second "
			 "size, or take the advice on a run of migbench's own on this kernel.",
			 driver, an_count((double)advice->series.points[0]->pages), pages);
}

char *an_advice_sentences(const struct an_run *run, const struct an_advice *advice)
{
	const struct an_series *series = &advice->series;
	const struct an_point *low = series->points[0], *chosen;
	const char *driver = json_string_value(json_object_get(advice->params, "driver"));
	char *pages = moved(series), *said;
	double fixed;

	driver = driver ? driver : "the driver";
	chosen = an_at_batch(series, advice->recommended);
	if (series->count < 2 || !chosen) {
		said = series->count < 2
			       ? one_size(driver, advice, pages)
			       : mb_format("No batch that %s was seen to use keeps pages away for "
					   "as short as the budget asks (%s). It needs a smaller "
					   "one than %lu pages.",
					   driver, pages, an_batch(low));
		free(pages);
		return said;
	}
	fixed = fixed_cost(advice);
	if (fixed > 0 && chosen != low)
		said = mb_format(
			"%s should ask for %lu pages at a time, where a page costs %s %s, and %s "
			"at %lu pages (%s). About %s of a call is paid whatever its size, which is "
			"%s of a call of %lu pages and %s of one of %lu.",
			driver, advice->recommended, an_number(an_per_page(chosen, "total")),
			an_unit(run), an_number(an_per_page(low, "total")), an_batch(low), pages,
			an_number(fixed), an_percent(fmin(fixed / total(low), 1)), an_batch(low),
			an_percent(fmin(fixed / total(chosen), 1)), advice->recommended);
	else if (chosen != low)
		said = mb_format(
			"%s should ask for %lu pages at a time, where a page costs %s %s, and %s "
			"at %lu pages (%s).",
			driver, advice->recommended, an_number(an_per_page(chosen, "total")),
			an_unit(run), an_number(an_per_page(low, "total")), an_batch(low), pages);
	else
		said = mb_format(
			"%s should ask for %lu pages at a time, the smallest batch that it was "
			"seen to use, where a page costs %s %s (%s). Larger ones are not cheaper by "
			"more than %s, or are beyond the budget, and keep pages away for longer.",
			driver, advice->recommended, an_number(an_per_page(chosen, "total")),
			an_unit(run), pages, an_percent(AN_GOOD_ENOUGH));
	free(pages);
	return said;
}
