// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings on the batch curve, and the main findings of all runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/findings.h"
#include "analysis/run/describe.h"
#include "core/record/record.h"

#define KNEE 0.05 /* a batch within 5 % of the best is good enough */

/* "21,000 (± 12) + 2,900 (± 1.5) × n" */
static char *fit_words(const struct an_fit *fit)
{
	return mb_format("%s (± %s) + %s (± %s) × n", an_number(fit->fixed),
			 an_number(fit->fixed_error), an_number(fit->per_page),
			 an_number(fit->per_page_error));
}

static char *fixed_cost(const struct an_family *family)
{
	const struct an_run *run = family->run;
	struct an_fit there, back;
	bool has_there = an_series_fit(&family->series[AN_TO_DEVICE], &there);
	bool has_back = an_series_fit(&family->series[AN_TO_SYSTEM], &back);
	char *a, *b, *sizes, *text;

	if (!has_there && !has_back)
		return NULL;
	if (an_shape_only(run)) {
		const struct an_fit *fit = has_there ? &there : &back;

		if (fit->per_page <= 0)
			return NULL;
		return mb_format("the fixed cost of a batch %s is that of %s pages (least-squares "
				 "line through %zu batch sizes, within %s of every point).",
				 an_series_names[has_there ? AN_TO_DEVICE : AN_TO_SYSTEM],
				 an_number(fit->fixed / fit->per_page), fit->count,
				 an_percent(fit->worst));
	}
	if (has_there && has_back) {
		a = fit_words(&there);
		b = fit_words(&back);
		sizes = there.count == back.count
				? mb_format("line through %zu", there.count)
				: mb_format("lines through %zu and %zu", there.count, back.count);
		text = mb_format(
			"moving n pages to the device costs %s %s, and back to the "
			"system %s (least-squares %s batch sizes, within %s of every point).",
			a, an_unit(run), b, sizes, an_percent(fmax(there.worst, back.worst)));
		free(sizes);
		free(a);
		free(b);
		return text;
	}
	a = fit_words(has_there ? &there : &back);
	text = mb_format("moving n pages %s costs %s %s (least-squares line through %zu batch "
			 "sizes, within %s of every point).",
			 an_series_names[has_there ? AN_TO_DEVICE : AN_TO_SYSTEM], a, an_unit(run),
			 has_there ? there.count : back.count,
			 an_percent(has_there ? there.worst : back.worst));
	free(a);
	return text;
}

/* The dearest phase of @point, or AN_REST; NULL without phases. */
static const char *dominant(const struct an_point *point)
{
	const char *part = AN_REST;

	if (isnan(an_rest(point)))
		return NULL;
	for (int i = 0; i < MB_PHASES; i++)
		if (an_share(point, mb_phase_names[i]) > an_share(point, part))
			part = mb_phase_names[i];
	return part;
}

static char *dominant_phase(const struct an_family *family, enum an_direction direction)
{
	const struct an_series *series = &family->series[direction];
	const struct an_point *first, *last;
	char *more, *copy, *text;
	const char *part;

	if (!series->count)
		return NULL;
	first = series->points[0];
	last = series->points[series->count - 1];
	part = dominant(last);
	/* Of nothing nothing is a share. */
	if (!part || isnan(an_share(last, part)))
		return NULL;
	if (series->count > 1 && !isnan(an_share(first, part)))
		more = mb_format("; its share %s (%s at batch %s)",
				 an_trend(an_share(first, part), an_share(last, part)),
				 an_percent(an_share(first, part)),
				 an_count((double)an_batch(first)));
	else
		more = mb_strdup("");
	if (strcmp(part, "copy") && !isnan(an_share(last, "copy")))
		copy = mb_format("; the copy is %s", an_percent(an_share(last, "copy")));
	else
		copy = mb_strdup("");
	text = mb_format(
		"at batch %s %s the most expensive %s%s, %s of the cost%s%s.",
		an_count((double)an_batch(last)), an_series_names[direction],
		strcmp(part, AN_REST) ? "phase is " : "part is what lies outside the phases",
		strcmp(part, AN_REST) ? part : "", an_percent(an_share(last, part)), more, copy);
	free(more);
	free(copy);
	return text;
}

static char *fault_against_batch(const struct an_family *family)
{
	const struct an_series *back = &family->series[AN_TO_SYSTEM];
	const struct an_point *fault = an_family_fault(family), *batch = an_cheapest(back);
	double one, page;

	if (!fault || !batch)
		return NULL;
	one = an_per_page(fault, "total");
	page = an_per_page(batch, "total");
	if (page <= 0)
		return NULL;
	if (an_shape_only(family->run))
		return mb_format("bringing a page back by a CPU fault costs %s times as much "
				 "as a page of the best batch back (batch %s).",
				 an_number(one / page), an_count((double)an_batch(batch)));
	if (an_moved(fault) > 1)
		return mb_format(
			"a CPU fault brings %s pages back for %s %s each, %s times the %s that a "
			"page costs in the best batch back (batch %s).",
			an_number(an_moved(fault)), an_number(one), an_unit(family->run),
			an_number(one / page), an_number(page), an_count((double)an_batch(batch)));
	return mb_format(
		"a CPU fault brings one page back for %s %s, %s times the %s that a page costs "
		"in the best batch back (batch %s).",
		an_number(one), an_unit(family->run), an_number(one / page), an_number(page),
		an_count((double)an_batch(batch)));
}

static char *good_batch(const struct an_family *family, enum an_direction direction)
{
	const struct an_series *series = &family->series[direction];
	const struct an_point *knee, *first;
	double best, one;

	if (series->count < 3)
		return NULL;
	knee = an_knee(series, KNEE);
	best = an_per_page(an_cheapest(series), "total");
	first = series->points[0];
	one = an_per_page(first, "total");
	if (best <= 0)
		return NULL;
	return mb_format(
		"%s, batch %s is the smallest whose cost a page is within %s of the best; batch "
		"%s costs %s times the best, which is that of batch %s.",
		an_series_names[direction], an_count((double)an_batch(knee)), an_percent(KNEE),
		an_count((double)an_batch(first)), an_number(one / best),
		an_count((double)an_batch(an_cheapest(series))));
}

static char *against_copy(const struct an_family *family)
{
	const struct an_series *series = &family->series[AN_TO_DEVICE];
	const struct an_series *copies = &family->series[AN_COPY];

	for (size_t i = series->count; i-- > 0;) {
		const struct an_point *point = series->points[i];
		const struct an_point *copy = an_at_batch(copies, an_batch(point));

		if (copy && an_per_page(copy, "total") > 0)
			return mb_format("at batch %s a page to the device costs %s times its copy "
					 "alone.",
					 an_count((double)an_batch(point)),
					 an_number(an_per_page(point, "total") /
						   an_per_page(copy, "total")));
	}
	return NULL;
}

/* For a run without migrations: its dearest and cheapest figures are still something. */
static char *anything(const struct an_run *run)
{
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_summary *s = an_summary(&run->points[i], "total");

		if (s && !an_shape_only(run))
			return mb_format("%s costs %s %s (median of %s samples).",
					 run->points[i].name, an_number(s->median), an_unit(run),
					 an_count((double)s->samples));
	}
	return mb_format("%zu point%s measured, with %s samples.", an_points_measured(run),
			 an_points_measured(run) == 1 ? " was" : "s were",
			 an_count((double)run->samples));
}

void an_findings_of(const struct an_run *run, bool counted, struct an_findings *findings)
{
	size_t count, before = findings->count;
	struct an_family *families = an_families(run, &count);

	if (count)
		an_finding_add(run, findings, fixed_cost(&families[0]));
	if (counted)
		an_findings_counted(run, count ? &families[0] : NULL, findings);
	if (count) {
		const struct an_family *family = &families[0];

		an_finding_add(run, findings, dominant_phase(family, AN_TO_DEVICE));
		an_finding_add(run, findings, fault_against_batch(family));
		an_finding_add(run, findings, good_batch(family, AN_TO_DEVICE));
		an_finding_add(run, findings, good_batch(family, AN_TO_SYSTEM));
		an_finding_add(run, findings, dominant_phase(family, AN_TO_SYSTEM));
		an_finding_add(run, findings, against_copy(family));
	}
	an_findings_kinds(run, count ? &families[0] : NULL, findings);
	if (findings->count == before)
		an_finding_add(run, findings, anything(run));
	an_families_free(families, count);
}

/* Shape says nothing beside figures. */
static bool tells(struct an_run *const *runs, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++)
		if (!an_shape_only(runs[i]))
			return !an_shape_only(runs[at]);
	return true;
}

void an_headline(struct an_run *const *runs, size_t count, size_t wanted, struct an_findings *head)
{
	struct an_findings *each = mb_alloc(count, sizeof(*each));
	size_t most = 0;

	for (size_t i = 0; i < count; i++) {
		if (tells(runs, count, i))
			an_findings_of(runs[i], an_shape_only(runs[i]), &each[i]);
		most = each[i].count > most ? each[i].count : most;
	}
	for (size_t rank = 0; rank < most; rank++)
		for (int insns = 1; insns >= 0; insns--)
			for (size_t i = 0; i < count && head->count < wanted; i++) {
				if (runs[i]->insns != (insns == 1) || rank >= each[i].count)
					continue;
				head->at = mb_grow(head->at, &head->capacity, head->count,
						   sizeof(*head->at));
				head->at[head->count++] = each[i].at[rank];
				each[i].at[rank].text = NULL;
			}
	for (size_t i = 0; i < count; i++)
		an_findings_free(&each[i]);
	free(each);
}
