// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeping accessed bits saves: pages that are swapped in again, and the first touch by kind of CPU. A sentence each. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/headline.h"
#include "analysis/stats/doubt.h"

#define GIB (1UL << 30)

char *an_headline_refaults(const struct an_answers *answers, double *size)
{
	const struct an_answer *row =
		an_answer_find(answers, AN_ASKED_REFAULTS, "refaults, bits kept");
	char *kernel, *commit = NULL, *text = NULL;
	double kept, dropped;
	struct an_slice *pairs;
	size_t column = an_answer_newest(answers, row), count;

	if (column == answers->columns)
		return NULL;
	pairs = an_ask_refault(row->runs[column], &count);
	kept = an_swapped_in(&pairs[0], true, false);
	dropped = an_swapped_in(&pairs[0], false, false);
	*size = fabs(log((kept + 1) / (dropped + 1))) -
		log1p(an_doubt(answers->runs[column], an_cell_of(&pairs[0], NULL, NULL, "on"),
			       an_cell_of(&pairs[0], NULL, NULL, "off")));
	for (size_t before = column; before-- > 0 && !commit;)
		commit = an_behaviour_words(answers->runs[before], answers->runs[column],
					    row->asked->probe);
	if (!commit)
		commit = an_behaviour_words(NULL, answers->runs[column], row->asked->probe);
	kernel = an_answers_kernel(answers, column);
	if (*size > 0)
		text = mb_format(
			"On %s, %s of %s hot pages had to be swapped in again after a move "
			"through system memory and reclaim with accessed and dirty bits kept, "
			"and %s with them dropped (%s, %s LRU).%s%s%s",
			kernel, an_number(kept),
			an_count((double)an_first_cell(&pairs[0])->point->pages),
			an_number(dropped), an_slice_param(&pairs[0], "order"),
			an_slice_param(&pairs[0], "lru"), commit ? " Cause: commit " : "",
			commit ? commit : "", commit ? "." : "");
	free(kernel);
	free(commit);
	an_slices_free(pairs, count);
	return text;
}

/* ", 0 instead of 64 page faults", where the runs counted them. */
static char *faults(const struct an_point *kept, const struct an_point *dropped)
{
	double with = an_counter(kept, "page_faults");
	double without = an_counter(dropped, "page_faults");

	if (isnan(with) || isnan(without))
		return mb_strdup("");
	return mb_format(", with %s instead of %s page faults at %s pages", an_number(with),
			 an_number(without), an_count((double)dropped->pages));
}

/* "1,022 instructions a page on 6.1 (5.2 instead of 1,027, …), 268 million for a GiB" */
static void one_saving(char **text, const struct an_answers *answers, const struct an_answer *kept,
		       const struct an_answer *dropped, size_t column)
{
	const struct an_run *run = dropped->runs[column];
	double saved = dropped->values[column] - kept->values[column];
	char *kernel = an_answers_kernel(answers, column);
	char *unit = an_answer_unit(answers, dropped);
	char *counted = faults(kept->points[column], dropped->points[column]);

	an_extend(text, "%s %s on %s (%s instead of %s%s), %s million for a GiB", an_number(saved),
		  unit, kernel, an_number(kept->values[column]), an_number(dropped->values[column]),
		  counted, an_number(saved * (double)GIB / (double)run->base / 1e6));
	free(counted);
	free(unit);
	free(kernel);
}

/* Is there a later column that says the same of base pages as large? */
static bool is_told_later(const struct an_answer *kept, const struct an_answer *dropped,
			  size_t column, size_t columns)
{
	for (size_t c = column + 1; c < columns; c++)
		if (an_answers_save(kept, dropped, c) &&
		    dropped->runs[c]->base == dropped->runs[column]->base)
			return true;
	return false;
}

/* " On …, whose CPU sets them itself, nothing." */
static void nothing_saved(char **text, const struct an_answers *answers,
			  const struct an_answer *kept, const struct an_answer *dropped)
{
	for (size_t c = answers->columns; c-- > 0;) {
		char *kernel;

		if (!(fabs(dropped->values[c] - kept->values[c]) < 1) ||
		    !dropped->runs[c]->sets_bits)
			continue;
		kernel = an_answers_kernel(answers, c);
		an_extend(text, " On %s, whose CPU sets them itself, it saves nothing there.",
			  kernel);
		free(kernel);
		return;
	}
}

char *an_headline_touches(const struct an_answers *answers, double *size)
{
	const struct an_answer *kept = an_answer_find(answers, AN_ASKED_TOUCH, "bits kept");
	const struct an_answer *dropped = an_answer_find(answers, AN_ASKED_TOUCH, "bits dropped");
	char *text = NULL, *commit;

	for (size_t c = 0; kept && dropped && c < answers->columns; c++) {
		if (!an_answers_save(kept, dropped, c) ||
		    is_told_later(kept, dropped, c, answers->columns))
			continue;
		if (text)
			an_extend(&text, "; ");
		else
			text = mb_strdup("Keeping the accessed bits of pages that are moved saves "
					 "their first read ");
		one_saving(&text, answers, kept, dropped, c);
		*size = fmax(*size, log(dropped->values[c] / kept->values[c]));
	}
	if (!text)
		return NULL;
	an_extend(&text, ".");
	nothing_saved(&text, answers, kept, dropped);
	commit = an_behaviour_words(NULL, answers->runs[0], dropped->asked->probe);
	if (commit)
		an_extend(&text, " Cause: commit %s.", commit);
	free(commit);
	return text;
}
