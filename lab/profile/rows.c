// SPDX-License-Identifier: GPL-2.0-or-later
/* The profile's table: functions by count, or by difference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/profile.h"

const char *lab_profile_unit(const struct lab_profile *profile)
{
	if (profile->sides[0].memory)
		return profile->program ? "cache lines" : "cache lines a page";
	return profile->program ? "instructions" : "instructions a page";
}

int64_t lab_row_difference(const struct lab_row *row)
{
	return (int64_t)(row->count[1] - row->count[0]);
}

unsigned long lab_side_pages(const struct lab_profile *profile, size_t side)
{
	return profile->sides[side].moved ? profile->sides[side].moved : profile->pages;
}

double lab_change(const struct lab_profile *profile, uint64_t a, uint64_t b)
{
	double pages_a = (double)lab_side_pages(profile, 0);
	double pages_b = (double)lab_side_pages(profile, 1);

	/* Not to add what rounding leaves where there is nothing to be rounded. */
	if (pages_a == pages_b)
		return (double)(int64_t)(b - a) / pages_a;
	return (double)b / pages_b - (double)a / pages_a;
}

static double weight(const struct lab_profile *profile, const struct lab_row *row)
{
	return profile->side_count == 1 ? (double)row->count[0]
					: fabs(lab_change(profile, row->count[0], row->count[1]));
}

static int heavier(const void *left, const void *right, void *profile)
{
	const struct lab_row *a = left, *b = right;
	double wa = weight(profile, a), wb = weight(profile, b);
	int order;

	if (wa != wb)
		return wa > wb ? -1 : 1;
	order = strcmp(a->function, b->function);
	return order ? order : (int)a->part - (int)b->part;
}

/* What the first side has of this function in this part. */
static uint64_t count_of(const struct lab_side *side, const char *function, size_t part)
{
	size_t known = !strcmp(function, side->symbols->functions[LAB_UNNAMED])
			       ? LAB_UNNAMED
			       : lab_symbols_function(side->symbols, function);

	if (known == LAB_UNNAMED && strcmp(function, side->symbols->functions[LAB_UNNAMED]))
		return 0;
	return side->account->functions[known * LAB_PARTS + part];
}

void lab_profile_rows(struct lab_profile *profile)
{
	size_t room = 0;

	for (size_t s = 0; s < profile->side_count; s++)
		room += profile->sides[s].account->function_count * LAB_PARTS;
	profile->rows = mb_alloc(room, sizeof(*profile->rows));
	for (size_t s = 0; s < profile->side_count; s++) {
		const struct lab_side *side = &profile->sides[s];

		for (size_t i = 0; i < side->account->function_count * LAB_PARTS; i++) {
			struct lab_row row = { .function = side->symbols->functions[i / LAB_PARTS],
					       .part = i % LAB_PARTS };

			row.count[s] = side->account->functions[i];
			/* What the first side has, too, is in already. */
			if (!row.count[s] ||
			    (s && count_of(&profile->sides[0], row.function, row.part)))
				continue;
			if (!s && profile->side_count > 1)
				row.count[1] = count_of(&profile->sides[1], row.function, row.part);
			profile->rows[profile->row_count++] = row;
		}
	}
	qsort_r(profile->rows, profile->row_count, sizeof(*profile->rows), heavier, profile);
}

const char *lab_row_note(const struct lab_profile *profile, const struct lab_row *row)
{
	static const char *const notes[2][2] = {
		{ "no such function in a: new, renamed, or inlined there", "not called in a" },
		{ "no such function in b: gone, renamed, or inlined there", "not called in b" },
	};
	size_t without = row->count[0] ? 1 : 0;

	if (profile->side_count < 2 || (row->count[0] && row->count[1]))
		return NULL;
	return notes[without][lab_symbols_function(profile->sides[without].symbols,
						   row->function) != LAB_UNNAMED];
}

double lab_side_coverage(const struct lab_side *side)
{
	return (double)side->account->named / (double)side->account->counted;
}

void lab_profile_free(struct lab_profile *profile)
{
	free(profile->rows);
	profile->rows = NULL;
	profile->row_count = 0;
}
