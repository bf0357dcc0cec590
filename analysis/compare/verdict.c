// SPDX-License-Identifier: GPL-2.0-or-later
/* The points of two runs side by side, and the verdict on each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/pairing.h"
#include "analysis/stats/shared.h"
#include "analysis/stats/summary.h"
#include "analysis/stats/welch.h"
#include "core/status.h"

#define ROUNDING 1e-12 /* a border that is met to this is met */

/* A point's boots on both sides, and what is known of them before the verdict. */
struct work {
	double *a, *b; /* each boot's location */
	struct an_sample log_a, log_b;
	struct an_welch welch;
	bool related; /* there is a shift: both locations are above 0 */
	double spread; /* under insns: how far apart the boots of a side are, as a fraction */
};

/* Each boot's location; the caller frees. */
static double *locate(const struct an_metric *metric, double quantile, struct an_value *value)
{
	double *locations = mb_alloc(metric->count, sizeof(*locations));

	*value = (struct an_value){ .boots = metric->count };
	for (size_t c = 0; c < metric->count; c++) {
		locations[c] = an_column_quantile(&metric->columns[c], quantile);
		value->samples += metric->columns[c].count;
		value->low = c ? fmin(value->low, locations[c]) : locations[c];
		value->high = c ? fmax(value->high, locations[c]) : locations[c];
	}
	return locations;
}

static double middle(double *values, size_t count)
{
	const struct an_column boots = { .count = count, .values = values };

	return an_column_quantile(&boots, 0.5);
}

static double spread_of(const struct an_value *value)
{
	return value->high > value->low ? (value->high - value->low) / value->location : 0;
}

/* The instruction clock: the ratio is what it is; doubt comes in only where boots differ. */
static void relate_exact(struct an_pair *pair, struct work *work)
{
	bool same = pair->a.boots == pair->b.boots;

	for (size_t i = 0; i < pair->a.boots && same; i++)
		same = work->a[i] == work->b[i];
	pair->a.location = middle(work->a, pair->a.boots);
	pair->b.location = middle(work->b, pair->b.boots);
	work->spread = same ? 0 : fmax(spread_of(&pair->a), spread_of(&pair->b));
	work->related = pair->a.location > 0 || pair->b.location > 0;
	if (work->related)
		work->welch.shift = log(pair->b.location) - log(pair->a.location);
	else
		work->related = pair->a.high == 0 && pair->b.high == 0;
	work->welch.low = work->welch.high = work->welch.shift;
	pair->ratio = !work->related	       ? NAN
		      : work->welch.shift == 0 ? 1
					       : pair->b.location / pair->a.location;
	pair->low = pair->high = pair->ratio;
}

/* What the mean of the boots' logs is the log of; boots that agree are what they are, to the last digit. */
static double location_of(const struct an_value *value, const struct an_sample *logs)
{
	return value->low == value->high ? value->low : exp(logs->mean);
}

static void relate_boots(struct an_pair *pair, struct work *work)
{
	if (pair->a.low <= 0 || pair->b.low <= 0) {
		pair->a.location = middle(work->a, pair->a.boots);
		pair->b.location = middle(work->b, pair->b.boots);
		/* Nothing at all on both sides is the same; otherwise there is no ratio to doubt. */
		work->related = pair->a.high == 0 && pair->b.high == 0;
		pair->ratio = work->related ? 1 : NAN;
		if (work->related && pair->a.boots > 1 && pair->b.boots > 1) {
			pair->low = pair->high = pair->p = 1;
			work->welch.p = 1;
		}
		return;
	}
	work->related = true;
	work->log_a = an_sample_of(work->a, pair->a.boots);
	work->log_b = an_sample_of(work->b, pair->b.boots);
	work->welch.shift = work->log_b.mean - work->log_a.mean;
	pair->a.location = location_of(&pair->a, &work->log_a);
	pair->b.location = location_of(&pair->b, &work->log_b);
	pair->ratio = exp(work->welch.shift);
	if (pair->a.boots < 2 || pair->b.boots < 2)
		return;
	work->welch = an_welch(&work->log_a, &work->log_b);
	pair->low = exp(work->welch.low);
	pair->high = exp(work->welch.high);
	pair->p = work->welch.p;
}

/* A figure that no double can hold is none. */
static void keep_finite(struct an_pair *pair)
{
	if (!isfinite(pair->ratio))
		pair->ratio = NAN;
	if (!isfinite(pair->low) || !isfinite(pair->high))
		pair->low = pair->high = NAN;
	if (!isfinite(pair->p))
		pair->p = NAN;
}

static size_t boots_wanted(const struct an_pair *pair, const struct work *work,
			   const struct an_border *border)
{
	size_t few = pair->a.boots < pair->b.boots ? pair->a.boots : pair->b.boots, wanted;
	double a = work->log_a.variance, b = work->log_b.variance;
	double factor = pair->adjusted / pair->p;

	if (few < 2) {
		/* What one boot cannot tell, the other side may. */
		double known = pair->a.boots > 1 ? a : b;

		if (pair->a.boots == pair->b.boots)
			return AN_BOOTS_START;
		a = b = known;
	}
	wanted = an_boots_needed(work->welch.shift, a, b, border,
				 isfinite(factor) && factor >= 1 ? factor : 1);
	return wanted && wanted <= few ? few + 1 : wanted;
}

static enum an_verdict judge(struct an_pair *pair, const struct work *work, bool insns,
			     double margin)
{
	struct an_border border = { .low = margin < 1 ? log1p(-margin) : -INFINITY,
				    .high = log1p(margin),
				    .floor = isnan(pair->floor) ? 0 : pair->floor };
	const struct an_welch *welch = &work->welch;
	double change = fabs(expm1(welch->shift));
	bool sure;

	if (!insns && (pair->a.boots < 2 || pair->b.boots < 2)) {
		pair->note = "one boot a side shows no difference between boots";
		pair->boots = work->related ? boots_wanted(pair, work, &border) : AN_BOOTS_START;
		return AN_INCONCLUSIVE;
	}
	if (!work->related) {
		pair->note = "some boot's figure is 0: there is no ratio";
		return AN_INCONCLUSIVE;
	}
	if (!insns && isnan(pair->ratio)) {
		pair->note = "the ratio is beyond what a number holds";
		return AN_INCONCLUSIVE;
	}
	if (welch->low >= border.low - ROUNDING && welch->high <= border.high + ROUNDING &&
	    work->spread <= margin)
		return AN_EQUIVALENT;
	sure = insns || (!isnan(pair->adjusted) && pair->adjusted < AN_ALPHA);
	border.floor = fmax(border.floor, work->spread);
	if (sure && (welch->low > 0 || welch->high < 0) && change > border.floor + ROUNDING) {
		if (isinf(welch->shift))
			pair->note = welch->shift > 0 ? "A costs nothing" : "B costs nothing";
		else if (!insns && welch->low == welch->high)
			pair->note = "no spread between boots, or less than the clock shows";
		return welch->shift > 0 ? AN_SLOWER : AN_FASTER;
	}
	if (insns) {
		pair->note = work->spread > 0 ? "the boots of a side differ by more"
					      : "the change is within the noise floor";
		return AN_INCONCLUSIVE;
	}
	pair->boots = boots_wanted(pair, work, &border);
	if (!pair->boots)
		pair->note = !isnan(pair->floor) && change <= pair->floor + ROUNDING
				     ? "the change is within the noise floor"
				     : "a thousand boots would not decide it";
	return AN_INCONCLUSIVE;
}

static void relate(struct an_comparison *c, struct an_pair *pair, struct work *work,
		   struct an_shared *shared)
{
	const struct an_point *y = an_run_point(c->b, pair->point->name);
	const char *name = c->question.metric;
	char *words = an_question_words(&c->question);

	work->a = locate(an_measured(pair->point, name), c->question.quantile, &pair->a);
	work->b = locate(an_measured(y, name), c->question.quantile, &pair->b);
	if (c->a->insns)
		relate_exact(pair, work);
	else
		relate_boots(pair, work);
	if (!c->a->insns && pair->a.boots == c->a->boots && pair->b.boots == c->b->boots)
		an_shared_add(shared, work->a, pair->a.boots, work->b, pair->b.boots);
	/* fmax() takes the one that is a number. */
	pair->floor = fmax(an_point_floor(pair->point, words), an_point_floor(y, words));
	free(words);
	free(work->a);
	free(work->b);
	work->a = work->b = NULL;
}

int an_compare(struct an_run *a, struct an_run *b, const struct an_question *question,
	       struct an_comparison *c)
{
	double *raw, *adjusted, factor;
	struct an_shared shared = { 0 };
	struct work *work;
	int status;

	*c = (struct an_comparison){ .question = *question, .a = a, .b = b };
	status = an_pair_up(c);
	if (status) {
		an_compare_free(c);
		return status;
	}
	work = mb_alloc(c->count, sizeof(*work));
	raw = mb_alloc(c->count, sizeof(*raw));
	adjusted = mb_alloc(c->count, sizeof(*adjusted));
	for (size_t i = 0; i < c->count; i++) {
		relate(c, &c->pairs[i], &work[i], &shared);
		keep_finite(&c->pairs[i]);
		raw[i] = c->pairs[i].p;
	}
	c->correlation = an_shared_correlation(&shared);
	an_shared_free(&shared);
	an_adjust(raw, adjusted, c->count);
	factor = an_shared_factor(c->correlation);
	for (size_t i = 0; i < c->count; i++) {
		/* NAN stays NAN: fmin() would make it 1. */
		c->pairs[i].adjusted = isnan(raw[i]) ? NAN : fmin(adjusted[i] * factor, 1);
		c->pairs[i].verdict = judge(&c->pairs[i], &work[i], a->insns, question->margin);
		c->verdicts[c->pairs[i].verdict]++;
	}
	free(work);
	free(raw);
	free(adjusted);
	return MB_OK;
}

void an_compare_free(struct an_comparison *c)
{
	for (size_t i = 0; i < c->lonely_count; i++)
		free(c->lonely[i].why);
	for (size_t i = 0; i < c->count; i++)
		free(c->pairs[i].differs);
	free(c->pairs);
	free(c->lonely);
	*c = (struct an_comparison){ 0 };
}
