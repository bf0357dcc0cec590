// SPDX-License-Identifier: GPL-2.0-or-later
/* The stretch of a trace that is exactly as long as a value. */
#include <inttypes.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/match.h"

/* Timestamps of one batch: at the borders of the phases, and often one before and one after. */
#define BARE (MB_PHASES + 1)
#define FRAMED (MB_PHASES + 3)

static uint64_t length(const struct lab_trace *trace, size_t from, size_t to)
{
	return trace->borders[to].before - trace->borders[from].before;
}

/* @size of the module's timestamps in a row from @from on, as a piece; false when there are fewer. */
static bool batch_at(const struct lab_trace *trace, size_t from, size_t size,
		     struct lab_piece *piece)
{
	for (size_t i = from; i < from + size; i++)
		if (i >= trace->border_count || lab_border_in_user(&trace->borders[i]))
			return false;
	*piece = (struct lab_piece){ from, from + size - 1, from + (size - BARE) / 2 };
	return true;
}

/* Have @count batches together the phases of @value? */
static bool same_phases(const struct lab_trace *trace, const struct lab_piece *pieces, size_t count,
			const struct lab_value *value)
{
	for (size_t p = 0; p < MB_PHASES; p++) {
		uint64_t sum = 0;

		for (size_t i = 0; i < count; i++)
			sum += length(trace, pieces[i].phases + p, pieces[i].phases + p + 1);
		if (sum != value->phase[p])
			return false;
	}
	return true;
}

static bool same_total(const struct lab_trace *trace, const struct lab_piece *pieces, size_t count,
		       const struct lab_value *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += length(trace, pieces[i].from, pieces[i].to);
	return sum == value->total;
}

/* User space may have timed what stands around the batch: widen the piece to that. */
static bool widen(const struct lab_trace *trace, struct lab_piece *piece,
		  const struct lab_value *value)
{
	struct lab_piece wide = *piece;

	while (wide.from && !lab_border_in_user(&trace->borders[wide.from]))
		wide.from--;
	while (wide.to + 1 < trace->border_count && !lab_border_in_user(&trace->borders[wide.to]))
		wide.to++;
	if (!same_total(trace, &wide, 1, value))
		return false;
	*piece = wide;
	return true;
}

static bool match_batches(const struct lab_trace *trace, size_t from, size_t size,
			  const struct lab_value *value, struct lab_match *match)
{
	struct lab_piece *pieces = match->pieces;

	match->count = 1;
	if (!batch_at(trace, from, size, &pieces[0]))
		return false;
	if (same_phases(trace, pieces, 1, value))
		return same_total(trace, pieces, 1, value) || widen(trace, pieces, value);
	match->count = 2;
	return batch_at(trace, pieces[0].to + 1, size, &pieces[1]) &&
	       same_phases(trace, pieces, 2, value) && same_total(trace, pieces, 2, value);
}

static bool match_phased(const struct lab_trace *trace, size_t from, const struct lab_value *value,
			 struct lab_match *match)
{
	return match_batches(trace, from, FRAMED, value, match) ||
	       match_batches(trace, from, BARE, value, match);
}

/* Two timestamps of user space in a row, whatever the module timed in between. */
static bool match_plain(const struct lab_trace *trace, size_t from, const struct lab_value *value,
			struct lab_match *match)
{
	size_t to = from + 1;

	if (!lab_border_in_user(&trace->borders[from]))
		return false;
	while (to < trace->border_count && !lab_border_in_user(&trace->borders[to]))
		to++;
	if (to == trace->border_count)
		return false;
	match->count = 1;
	match->pieces[0] = (struct lab_piece){ .from = from, .to = to };
	return same_total(trace, match->pieces, 1, value);
}

static int by_total(const void *left, const void *right)
{
	const struct lab_value *const *a = left, *const *b = right;

	if ((*a)->total != (*b)->total)
		return (*a)->total < (*b)->total ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

const struct lab_value *lab_middle(const struct lab_sampled *sampled)
{
	const struct lab_value **sorted = mb_alloc(sampled->count, sizeof(*sorted)), *found;

	for (size_t i = 0; i < sampled->count; i++)
		sorted[i] = &sampled->values[i];
	qsort(sorted, sampled->count, sizeof(*sorted), by_total);
	found = sorted[(sampled->count - 1) / 2];
	free(sorted);
	return found;
}

int lab_match(const struct lab_sampled *sampled, const struct lab_trace *trace,
	      struct lab_match *match)
{
	size_t a_sample = trace->samples ? sampled->count / trace->samples : 0, wanted;

	if (!a_sample || sampled->count % trace->samples)
		return mb_fail(MB_MACHINE,
			       "lab profile: %zu values were recorded while %zu samples were taken",
			       sampled->count, trace->samples);
	match->value = lab_middle(sampled);
	wanted = (size_t)(match->value - sampled->values) / a_sample;
	for (size_t i = 0; i < trace->border_count; i++) {
		if (trace->borders[i].sample != wanted)
			continue;
		if (sampled->phased ? match_phased(trace, i, match->value, match)
				    : match_plain(trace, i, match->value, match))
			return MB_OK;
	}
	return mb_fail(MB_MACHINE,
		       "lab profile: no part of the %zu timestamps of sample %zu is as long as "
		       "its value of %" PRIu64 " instructions",
		       trace->border_count, wanted, match->value->total);
}
