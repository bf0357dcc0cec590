// SPDX-License-Identifier: GPL-2.0-or-later
/* What a curve says, in one sentence. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/sentence.h"
#include "analysis/run/words.h"

char *an_series_sentence(const struct an_run *run, const struct an_series *series,
			 enum an_direction direction)
{
	const struct an_point *first = series->points[0];
	const struct an_point *last = series->points[series->count - 1];
	const struct an_point *best = an_cheapest(series);
	double from = an_per_page(first, "total"), to = an_per_page(last, "total");
	const char *a = an_count((double)an_batch(first)), *b = an_count((double)an_batch(last));
	char *text, *lowest = NULL;

	if (series->count > 1 && best != last &&
	    !strcmp(an_trend(an_per_page(best, "total"), to), "rises"))
		lowest = an_format("; it is lowest at batch %s, and %s of that at batch %s",
				   an_count((double)an_batch(best)),
				   an_percent(to / an_per_page(best, "total")), b);
	if (series->count == 1 && an_shape_only(run))
		text = an_format("%s: only batch %s was measured.", an_series_names[direction], a);
	else if (series->count == 1)
		text = an_format("%s: %s %s a page at batch %s, the only one measured.",
				 an_series_names[direction], an_number(from), an_unit(run), a);
	else if (an_shape_only(run))
		text = an_format("%s: the cost a page %s from batch %s to %s, to %s of it%s.",
				 an_series_names[direction], an_trend(from, to), a, b,
				 an_percent(from > 0 ? to / from : 0), lowest ? lowest : "");
	else
		text = an_format("%s: the cost a page %s from %s %s at batch %s to %s at batch "
				 "%s%s.",
				 an_series_names[direction], an_trend(from, to), an_number(from),
				 an_unit(run), a, an_number(to), b, lowest ? lowest : "");
	free(lowest);
	text[0] = (char)toupper((unsigned char)text[0]);
	return text;
}
