// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings beside the batch curve: flushes, bits, refaults, nodes, kinds of memory, page sizes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/findings.h"
#include "analysis/run/words.h"
#include "analysis/select/adbits.h"
#include "analysis/select/kinds.h"
#include "analysis/select/matrix.h"
#include "analysis/select/refault.h"

/* The headline's pair; what it is for the others stands in the table. */
static char *refault(const struct an_run *run)
{
	size_t count;
	struct an_refault *pairs = an_refaults(run, &count);
	char *text = NULL;
	double ratio = count ? an_refault_ratio(&pairs[0], false) : NAN;

	if (!isnan(ratio))
		text = an_format("with A/D bits kept over a move, %s of %s hot pages had to be "
				 "swapped in after reclaim, with them dropped %s: %s times (%s, %s "
				 "LRU).",
				 an_number(an_swapped_in(pairs[0].kept, false)),
				 an_count((double)pairs[0].kept->pages),
				 an_number(an_swapped_in(pairs[0].dropped, false)),
				 an_number(ratio), pairs[0].order, pairs[0].lru);
	free(pairs);
	return text;
}

/* Flushes at the largest batch to the device that has them counted. */
static char *flushes(const struct an_family *family)
{
	const struct an_series *series = &family->series[AN_TO_DEVICE];

	for (size_t i = series->count; i-- > 0;) {
		const struct an_point *point = series->points[i];
		double count = an_counter(point, "tlb_flushes");
		double rounds = an_counter(point, "ipi_rounds");
		char *ipis, *text;

		if (isnan(count))
			continue;
		ipis = isnan(rounds) ? an_strdup("")
				     : an_format(", and takes %s IPI rounds", an_number(rounds));
		text = an_format("a batch of %s pages to the device flushes the TLB %s times, %s a "
				 "page%s.",
				 an_count((double)point->pages), an_number(count),
				 an_number(count / an_moved(point)), ipis);
		free(ipis);
		return text;
	}
	return NULL;
}

/* "system 1,024 and 0, failed 1,024 and 0, private 0 and 0": young pages with the switch on and off. */
static char *ad_bits(const struct an_run *run)
{
	size_t count, told = 0;
	struct an_ad *rows = an_ads(run, &count);
	double pages = count ? (double)rows[0].any->pages : 0;
	char *text = an_strdup(""), *longer;

	for (size_t i = 0; i < count; i++) {
		const struct an_ad *off = an_ad_other(rows, count, &rows[i]);
		double young = an_counter(rows[i].any, "young");

		/* One page size is enough for a sentence: the first. */
		if (strcmp(rows[i].retention, "on") || isnan(young) || !off ||
		    strcmp(an_param(rows[i].any, "page"), an_param(rows[0].any, "page")) ||
		    strcmp(an_param(rows[i].any, "nodes"), an_param(rows[0].any, "nodes")))
			continue;
		longer = an_format("%s%s %s and %s after a journey %s%s", text, told++ ? "," : "",
				   an_number(young), an_number(an_counter(off->any, "young")),
				   strcmp(rows[i].journey, "failed") ? "through " : "that ",
				   rows[i].journey);
		free(text);
		text = longer;
	}
	longer = told ? an_format("of %s pages that were young, so many are with A/D retention on "
				  "and off:%s.",
				  an_count(pages), text)
		      : NULL;
	free(text);
	free(rows);
	return longer;
}

static char *first_touch(const struct an_run *run)
{
	size_t count;
	struct an_ad *rows = an_ads(run, &count);
	char *text = NULL;

	for (size_t i = 0; i < count && !text; i++) {
		const struct an_ad *off = an_ad_other(rows, count, &rows[i]);
		double kept, dropped;

		if (strcmp(rows[i].retention, "on") || strcmp(rows[i].journey, "system") || !off ||
		    !off->read || !rows[i].read)
			continue;
		kept = an_per_page(rows[i].read, "total");
		dropped = an_per_page(off->read, "total");
		if (kept > 0 && fabs(dropped / kept - 1) >= AN_FLAT)
			text = an_format("the first read of a page after a journey through system "
					 "memory costs %s times as much with A/D bits dropped as "
					 "with them kept%s.",
					 an_number(dropped / kept),
					 run->emulated ? " (an emulator sets the bits itself: this "
							 "is not what hardware does)"
						       : "");
	}
	free(rows);
	return text;
}

static char *nodes(const struct an_run *run)
{
	size_t count;
	struct an_matrix *matrices = an_matrices(run, &count);
	const struct an_point *low, *high;
	char *text = NULL, *words;

	for (size_t i = 0; i < count && !text; i++) {
		double cheap, dear;

		if (!an_matrix_extremes(&matrices[i], &low, &high))
			continue;
		cheap = an_per_page(low, "total");
		dear = an_per_page(high, "total");
		if (cheap <= 0)
			continue;
		words = an_matrix_words(&matrices[i]);
		if (dear / cheap < 1 + AN_FLAT)
			text = an_format("a page costs the same between all %zu pairs of nodes, "
					 "within %s (%s).",
					 matrices[i].cells, an_percent(dear / cheap - 1), words);
		else
			text = an_format("from node to node the dearest pair, %s, costs %s times "
					 "the cheapest, %s (%s).",
					 an_param(high, "nodes"), an_number(dear / cheap),
					 an_param(low, "nodes"), words);
		free(words);
	}
	free(matrices);
	return text;
}

/* What a batch costs by frame number against by address, at the largest that both have. */
static char *eviction(const struct an_family *family)
{
	const struct an_series *evict = &family->series[AN_EVICT];

	for (size_t i = evict->count; i-- > 0;) {
		const struct an_point *back =
			an_at_batch(&family->series[AN_TO_SYSTEM], an_batch(evict->points[i]));
		double one = an_per_page(evict->points[i], "total");
		double other = back ? an_per_page(back, "total") : 0;

		if (other > 0)
			return an_format("evicting %s pages by frame number costs %s times what "
					 "bringing them back by address does.",
					 an_count((double)evict->points[i]->pages),
					 an_number(one / other));
	}
	return NULL;
}

static bool is_tlb(const struct an_point *point, const char *op)
{
	return !strcmp(point->benchmark, "tlb") && an_summary(point, "total") &&
	       !strcmp(an_param(point, "op"), op);
}

/* Of the largest range of @op, the points with the fewest and the most CPUs. */
static void tlb_extremes(const struct an_run *run, const char *op, const struct an_point **few,
			 const struct an_point **many)
{
	*few = *many = NULL;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		unsigned long cpus = an_param_number(point, "cpus");

		if (!is_tlb(point, op))
			continue;
		if (!*few || point->pages > (*few)->pages ||
		    (point->pages == (*few)->pages && cpus < an_param_number(*few, "cpus")))
			*few = point;
		if (!*many || point->pages > (*many)->pages ||
		    (point->pages == (*many)->pages && cpus > an_param_number(*many, "cpus")))
			*many = point;
	}
}

static char *tlb_sentence(const struct an_run *run, const char *op)
{
	const struct an_point *few, *many;
	char *ipis, *text;
	double a, b;

	tlb_extremes(run, op, &few, &many);
	if (!few || an_param_number(few, "cpus") == an_param_number(many, "cpus"))
		return NULL;
	a = an_summary(few, "total")->median;
	b = an_summary(many, "total")->median;
	if (a <= 0)
		return NULL;
	if (isnan(an_counter(many, "ipi_rounds")) || isnan(an_counter(few, "ipi_rounds")))
		ipis = an_strdup("");
	else
		ipis = an_format(", IPI rounds %s instead of %s",
				 an_number(an_counter(many, "ipi_rounds")),
				 an_number(an_counter(few, "ipi_rounds")));
	text = an_format("%s of %s pages costs %s times as much on %lu CPUs as on %lu%s.", op,
			 an_count((double)few->pages), an_number(b / a),
			 an_param_number(many, "cpus"), an_param_number(few, "cpus"), ipis);
	free(ipis);
	return text;
}

char *an_tlb_words(const struct an_run *run)
{
	static const char *const ops[] = { "mprotect", "dontneed" };
	char *text = NULL;

	for (size_t i = 0; i < 2; i++) {
		char *sentence = tlb_sentence(run, ops[i]);

		text = text ? an_append(text, sentence) : sentence;
	}
	return text;
}

/* Each kind against the first, at the largest batch that all have to the device. */
static char *kinds_apart(const struct an_kinds *kinds)
{
	const struct an_point *points[AN_MAX_KINDS];
	bool pages = !strcmp(kinds->key, "page");
	char *text, *longer;
	double first;

	if (!an_kinds_meet(kinds, AN_TO_DEVICE, points))
		return NULL;
	first = an_per_page(points[0], "total");
	if (first <= 0)
		return NULL;
	text = an_format("to the device, at batch %s, a base page",
			 an_count((double)an_batch(points[0])));
	for (size_t k = 1; k < kinds->count; k++) {
		longer = an_format("%s%s %s%s costs %s times", text, k > 1 ? ", one" : "",
				   pages ? "in a folio of " : "to ",
				   an_family_param(kinds->families[k], kinds->key),
				   an_number(an_per_page(points[k], "total") / first));
		free(text);
		text = longer;
	}
	longer = an_format("%s what one %s%s does (%s).", text, pages ? "of " : "to ",
			   an_family_param(kinds->families[0], kinds->key), kinds->title);
	free(text);
	return longer;
}

void an_findings_counted(const struct an_run *run, const struct an_family *first,
			 struct an_findings *findings)
{
	if (first)
		an_finding_add(run, findings, flushes(first));
	an_finding_add(run, findings, refault(run));
	an_finding_add(run, findings, an_tlb_words(run));
}

void an_findings_kinds(const struct an_run *run, const struct an_family *families, size_t count,
		       struct an_findings *findings)
{
	static const char *const keys[] = { "memory", "page" };

	if (count)
		an_finding_add(run, findings, eviction(&families[0]));
	for (size_t k = 0; k < 2; k++) {
		size_t sets;
		struct an_kinds *kinds = an_kinds(families, count, keys[k], &sets);

		if (sets)
			an_finding_add(run, findings, kinds_apart(&kinds[0]));
		an_kinds_free(kinds, sets);
	}
	an_finding_add(run, findings, ad_bits(run));
	an_finding_add(run, findings, first_touch(run));
	an_finding_add(run, findings, nodes(run));
}
