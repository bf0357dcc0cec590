// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings beside the batch curve: flushes, bits, refaults, nodes, kinds of memory, page sizes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/findings.h"
#include "analysis/draw/questions.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"

/* The headline's pair; what it is for the others stands in the table. */
static char *refault(const struct an_run *run)
{
	size_t count;
	struct an_slice *pairs = an_ask_refault(run, &count);
	char *text = NULL;
	double ratio = count ? an_refault_ratio(&pairs[0], false) : NAN;

	if (!isnan(ratio))
		text = mb_format(
			"when a move kept the A/D bits, %s of %s hot pages had to be swapped in "
			"after reclaim, and %s when it dropped them: %s times as many (%s, %s "
			"LRU).",
			an_number(an_swapped_in(&pairs[0], true, false)),
			an_count((double)an_first_cell(&pairs[0])->point->pages),
			an_number(an_swapped_in(&pairs[0], false, false)), an_number(ratio),
			an_slice_param(&pairs[0], "order"), an_slice_param(&pairs[0], "lru"));
	an_slices_free(pairs, count);
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
		ipis = isnan(rounds) ? mb_strdup("")
				     : mb_format(", and takes %s IPI rounds", an_number(rounds));
		text = mb_format("a batch of %s pages to the device flushes the TLB %s times, %s a "
				 "page%s.",
				 an_count((double)point->pages), an_number(count),
				 an_number(count / an_moved(point)), ipis);
		free(ipis);
		return text;
	}
	return NULL;
}

/* "system 1,024 and 0, failed 1,024 and 0, private 0 and "
   "0": young pages with the switch on and off. */
static char *ad_bits(const struct an_run *run)
{
	size_t count, told = 0;
	struct an_slice *rows = an_ask_bits(run, &count);
	double pages = count ? an_bits_pages(an_bits_point(&rows[0])) : 0;
	char *text = mb_strdup(""), *longer;
	char *first = count ? an_further_words(rows[0].rest, "journey retention ") : NULL;

	for (size_t i = 0; i < count; i++) {
		const struct an_slice *off = an_bits_other(rows, count, &rows[i]);
		double young = an_counter(an_bits_point(&rows[i]), "young");
		double without = off ? an_counter(an_bits_point(off), "young") : NAN;
		const char *journey = an_slice_param(&rows[i], "journey");
		char *further = an_further_words(rows[i].rest, "journey retention ");
		/* One page size, and one of all else, is enough for a sentence: the first. */
		bool like = !strcmp(further, first);

		free(further);
		if (strcmp(an_slice_param(&rows[i], "retention"), "on") || isnan(young) ||
		    isnan(without) || !like)
			continue;
		an_extend(&text, "%s %s and %s %s%s", told++ ? "," : "", an_number(young),
			  an_number(without),
			  strcmp(journey, "failed") ? "through " : "after one that ", journey);
	}
	longer = told ? mb_format(
				"of %s pages that were young before a journey, this many are young "
				"after it, with A/D retention on and off:%s.",
				an_count(pages), text)
		      : NULL;
	free(first);
	free(text);
	an_slices_free(rows, count);
	return longer;
}

static char *first_touch(const struct an_run *run)
{
	size_t count;
	struct an_slice *rows = an_ask_bits(run, &count);
	char *text = NULL;

	for (size_t i = 0; i < count && !text; i++) {
		const struct an_slice *off = an_bits_other(rows, count, &rows[i]);
		const struct an_point *on_read = an_cell_of(&rows[i], NULL, NULL, "read");
		const struct an_point *off_read = off ? an_cell_of(off, NULL, NULL, "read") : NULL;
		double kept, dropped;

		if (strcmp(an_slice_param(&rows[i], "retention"), "on") ||
		    strcmp(an_slice_param(&rows[i], "journey"), "system") || !off_read || !on_read)
			continue;
		kept = an_per_page(on_read, "total");
		dropped = an_per_page(off_read, "total");
		if (kept > 0 && fabs(dropped / kept - 1) >= AN_FLAT)
			text = mb_format("the first read of a page after a journey through system "
					 "memory costs %s times as much with A/D bits dropped as "
					 "with them kept%s.",
					 an_number(dropped / kept),
					 !run->sets_bits ? " (this CPU does not set accessed bits "
							   "itself: the kernel does, by a fault)"
					 : run->emulated
						 ? " (an emulator sets the bits itself: this "
						   "is not what hardware does)"
						 : "");
	}
	an_slices_free(rows, count);
	return text;
}

static char *nodes(const struct an_run *run)
{
	size_t count;
	struct an_slice *slices = an_ask_nodes(run, &count);
	const struct an_point *low, *high;
	char *text = NULL, *words;

	for (size_t i = 0; i < count && !text; i++) {
		double cheap, dear;

		if (!an_nodes_extremes(&slices[i], &low, &high))
			continue;
		cheap = an_per_page(low, "total");
		dear = an_per_page(high, "total");
		if (cheap <= 0)
			continue;
		words = an_nodes_words(&slices[i]);
		if (dear / cheap < 1 + AN_FLAT)
			text = mb_format("a page costs the same between all pairs of nodes, within "
					 "%s (%s).",
					 an_percent(dear / cheap - 1), words);
		else
			text = mb_format(
				"from node to node the most expensive pair, %s, costs %s times "
				"the cheapest, %s (%s).",
				an_param(high, "nodes"), an_number(dear / cheap),
				an_param(low, "nodes"), words);
		free(words);
	}
	an_slices_free(slices, count);
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
			return mb_format("evicting %s pages by frame number costs %s times as much "
					 "as bringing them back by address.",
					 an_count((double)evict->points[i]->pages),
					 an_number(one / other));
	}
	return NULL;
}

/* Each kind against the first, at the largest batch that all have to the device. */
static char *kinds_apart(const struct an_slice *kinds)
{
	const struct an_cell *cells = an_kinds_meet(kinds, AN_TO_DEVICE);
	bool pages = !strcmp(kinds->cols.key, "page");
	char *text, *title;
	double first;

	if (!cells)
		return NULL;
	first = an_per_page(cells[0].point, "total");
	if (first <= 0)
		return NULL;
	text = mb_format("to the device, at batch %s, a base page",
			 an_count((double)an_batch(cells[0].point)));
	for (size_t k = 1; k < kinds->cols.count; k++) {
		double cost = an_per_page(cells[k].point, "total");

		an_extend(&text, "%s %s%s costs %s times", k > 1 ? ", one" : "",
			  pages ? "in a folio of " : "to ", kinds->cols.values[k],
			  an_number(cost / first));
	}
	title = an_rest_words(kinds->rest);
	an_extend(&text, " as much as one %s%s (%s).", pages ? "in one of " : "to ",
		  kinds->cols.values[0], title);
	free(title);
	return text;
}

void an_findings_counted(const struct an_run *run, const struct an_family *first,
			 struct an_findings *findings)
{
	if (first)
		an_finding_add(run, findings, flushes(first));
	an_finding_add(run, findings, refault(run));
	an_finding_add(run, findings, an_tlb_sentence(run, NULL));
}

void an_findings_kinds(const struct an_run *run, const struct an_family *first,
		       struct an_findings *findings)
{
	static const char *const keys[] = { "memory", "page" };

	if (first)
		an_finding_add(run, findings, eviction(first));
	for (size_t k = 0; k < 2; k++) {
		size_t sets;
		struct an_slice *kinds = an_ask_kinds(run, keys[k], &sets);

		if (sets)
			an_finding_add(run, findings, kinds_apart(&kinds[0]));
		an_slices_free(kinds, sets);
	}
	an_finding_add(run, findings, ad_bits(run));
	an_finding_add(run, findings, first_touch(run));
	an_finding_add(run, findings, nodes(run));
}
