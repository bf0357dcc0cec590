// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a comparison that all formats share. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/stats/shared.h"
#include "core/quantile.h"

const char *const an_verdict_names[AN_VERDICTS] = { "slower", "faster", "equivalent",
						    "inconclusive" };

const char *an_run_letter(size_t at)
{
	static const char letters[] = "A\0B\0C\0D\0E\0F\0G\0H\0I\0J\0K\0L\0M\0"
				      "N\0O\0P\0Q\0R\0S\0T\0U\0V\0W\0X\0Y\0Z";

	return &letters[2 * (at % 26)];
}

char *an_question_words(const struct an_question *question)
{
	if (question->quantile == 0.5)
		return mb_strdup(question->metric);
	return mb_format("%s:p%.15g", question->metric, question->quantile * 100);
}

char *an_ratio_words(double ratio)
{
	if (isnan(ratio))
		return mb_strdup("–");
	if (ratio > 0 && ratio < 0.0005)
		return mb_format("%.3g", ratio);
	/* Four decimals show a change of 0.01 %. */
	return ratio < 9.9995 ? mb_format("%.4f", ratio) : mb_strdup(an_number(ratio));
}

static char *interval_words(double from, double to, const char *unit)
{
	char *low, *high, *text;

	if (isnan(from))
		return mb_strdup("–");
	if (from == to)
		return mb_strdup(strcmp(unit, "insns") ? "no spread" : "exact");
	low = an_ratio_words(from);
	high = an_ratio_words(to);
	text = mb_format("%s … %s", low, high);
	free(low);
	free(high);
	return text;
}

char *an_interval_words(const struct an_pair *pair)
{
	return interval_words(pair->low, pair->high, pair->unit);
}

char *an_mean_interval_words(const struct an_mean *mean)
{
	return interval_words(mean->low, mean->high, mean->unit);
}

char *an_mean_over_words(const struct an_mean *mean)
{
	if (mean->points == mean->of)
		return mb_format("over %zu points", mean->points);
	return mb_format("over %zu of %zu points", mean->points, mean->of);
}

char *an_note_words(const struct an_pair *pair)
{
	return mb_format("%s%s%s", pair->note, *pair->note && *pair->differs ? "; " : "",
			 pair->differs);
}

char *an_verdict_words(const struct an_pair *pair)
{
	const char *name = an_verdict_names[pair->verdict];
	char *note = an_note_words(pair), *text;

	if (pair->boots && *note)
		text = mb_format("%s: %s; %zu would do", name, note, pair->boots);
	else if (pair->boots)
		text = mb_format("%s: %zu boots a side would decide", name, pair->boots);
	else if (*note)
		text = mb_format("%s: %s", name, note);
	else
		text = mb_strdup(name);
	free(note);
	return text;
}

/* What more boots would do about the points that are open. malloc'd, "" if nothing is known. */
static char *boots_words(const struct an_comparison *c)
{
	double *wanted = mb_alloc(c->count, sizeof(*wanted)), most, half;
	size_t open = c->verdicts[AN_INCONCLUSIVE], known = 0;
	char *text;

	for (size_t i = 0; i < c->count; i++)
		if (c->pairs[i].verdict == AN_INCONCLUSIVE && c->pairs[i].boots)
			wanted[known++] = (double)c->pairs[i].boots;
	mb_sort(wanted, known);
	most = known ? wanted[known - 1] : 0;
	half = 2 * known >= open && open > 1 ? wanted[(open + 1) / 2 - 1] : most;
	if (!known)
		text = mb_strdup("");
	else if (known == open && half == most)
		text = mb_format(" %s boots a side would decide %s.", an_count(most),
				 open == 1 ? "it" : "them");
	else if (half < most && known == open)
		text = mb_format(" %s boots a side would decide half of them, %s all.",
				 an_count(half), an_count(most));
	else if (half < most)
		text = mb_format(" %s boots a side would decide half of them, %s would decide %zu.",
				 an_count(half), an_count(most), known);
	else
		text = mb_format(" %s boots a side would decide %zu of them.", an_count(most),
				 known);
	free(wanted);
	return text;
}

char *an_summary_words(const struct an_comparison *c)
{
	char *boots = boots_words(c), *lonely, *text;

	lonely = c->lonely_count ? mb_format("; %zu more could not be compared", c->lonely_count)
				 : mb_strdup("");
	text = mb_format("%s point%s: %zu slower, %zu faster, %zu equivalent (within ±%s), %zu "
			 "inconclusive%s.%s",
			 an_count((double)c->count), c->count == 1 ? "" : "s",
			 c->verdicts[AN_SLOWER], c->verdicts[AN_FASTER], c->verdicts[AN_EQUIVALENT],
			 an_percent(c->question.margin), c->verdicts[AN_INCONCLUSIVE], lonely,
			 boots);
	free(boots);
	free(lonely);
	return text;
}

char *an_together_words(const struct an_comparison *c)
{
	size_t called = c->verdicts[AN_SLOWER] + c->verdicts[AN_FASTER];

	/* NAN compares as false. */
	if (!(c->correlation > AN_SHARED_MUCH) || called < 2)
		return mb_strdup("");
	return mb_format(
		"A boot moves its points together here (correlation %.2f; every p is "
		"multiplied by %.1f for it): treat the %zu that were called as one finding, and "
		"measure more boots before you believe it.",
		c->correlation, an_shared_factor(c->correlation), called);
}
