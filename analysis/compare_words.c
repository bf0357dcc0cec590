// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>

#include "analysis/compare.h"
#include "analysis/text.h"

char *an_question_words(const struct an_question *question)
{
	if (question->quantile == 0.5)
		return an_strdup(question->metric);
	return an_format("%s:p%.15g", question->metric, question->quantile * 100);
}

char *an_ratio_words(double ratio)
{
	if (isnan(ratio))
		return an_strdup("–");
	/* Four decimals show a change of 0.01 %. */
	return ratio < 9.9995 ? an_format("%.4f", ratio) : an_strdup(an_number(ratio));
}

char *an_interval_words(const struct an_pair *pair)
{
	char *low, *high, *text;

	if (isnan(pair->low))
		return an_strdup("–");
	if (pair->low == pair->high)
		return an_strdup("exact");
	low = an_ratio_words(pair->low);
	high = an_ratio_words(pair->high);
	text = an_format("%s … %s", low, high);
	free(low);
	free(high);
	return text;
}

char *an_verdict_words(const struct an_pair *pair)
{
	const char *name = an_verdict_names[pair->verdict];

	if (pair->boots && *pair->note)
		return an_format("%s: %s; %zu would do", name, pair->note, pair->boots);
	if (pair->boots)
		return an_format("%s: %zu boots a side would decide", name, pair->boots);
	if (*pair->note)
		return an_format("%s: %s", name, pair->note);
	return an_strdup(name);
}

/* How many boots a side would decide most of what is open; 0 if nothing is known. */
static size_t boots_for(const struct an_comparison *c, size_t *decided)
{
	size_t most = 0;

	*decided = 0;
	for (size_t i = 0; i < c->count; i++) {
		if (c->pairs[i].verdict != AN_INCONCLUSIVE || !c->pairs[i].boots)
			continue;
		(*decided)++;
		if (c->pairs[i].boots > most)
			most = c->pairs[i].boots;
	}
	return most;
}

char *an_summary_words(const struct an_comparison *c)
{
	size_t decided, boots = boots_for(c, &decided), open = c->verdicts[AN_INCONCLUSIVE];
	char *counts, *more, *text;

	counts = an_format("%s point%s: %zu slower, %zu faster, %zu equivalent (within ±%s), "
			   "%zu inconclusive",
			   an_count((double)c->count), c->count == 1 ? "" : "s",
			   c->verdicts[AN_SLOWER], c->verdicts[AN_FASTER],
			   c->verdicts[AN_EQUIVALENT], an_percent(c->question.margin), open);
	if (c->lonely_count)
		more = an_format("; %zu more could not be compared", c->lonely_count);
	else
		more = an_strdup("");
	if (boots && decided == open)
		text = an_format("%s%s. %zu boots a side would decide %s.", counts, more, boots,
				 open == 1 ? "it" : "them");
	else if (boots)
		text = an_format("%s%s. %zu boots a side would decide %zu of the %zu.", counts,
				 more, boots, decided, open);
	else
		text = an_format("%s%s.", counts, more);
	free(counts);
	free(more);
	return text;
}
