// SPDX-License-Identifier: GPL-2.0-or-later
/* The profile as tables for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/profile.h"

/* Rows that are shown; the others are summed up in one. */
#define SHOWN 40

static double a_page(const struct lab_profile *profile, size_t side, uint64_t count)
{
	return (double)count / (double)lab_side_pages(profile, side);
}

/* A function's instructions in all parts together. */
struct whole {
	const char *function;
	uint64_t parts[LAB_PARTS], sum;
};

static int heavier(const void *left, const void *right)
{
	const struct whole *a = left, *b = right;

	if (a->sum != b->sum)
		return a->sum > b->sum ? -1 : 1;
	return strcmp(a->function, b->function);
}

static size_t gather(const struct lab_profile *profile, struct whole *wholes)
{
	const struct lab_side *side = &profile->sides[0];
	size_t count = 0;

	for (size_t f = 0; f < side->account->function_count; f++) {
		struct whole *whole = &wholes[count];

		*whole = (struct whole){ .function = side->symbols->functions[f] };
		for (size_t p = 0; p < LAB_PARTS; p++) {
			whole->parts[p] = side->account->functions[f * LAB_PARTS + p];
			whole->sum += whole->parts[p];
		}
		count += whole->sum > 0;
	}
	qsort(wholes, count, sizeof(*wholes), heavier);
	return count;
}

static void print_whole(const struct lab_profile *profile, const struct whole *whole, FILE *out)
{
	const struct lab_account *account = profile->sides[0].account;

	for (size_t p = 0; p < LAB_PARTS; p++)
		if (account->parts[p] && p != LAB_WHOLE) {
			if (whole->parts[p])
				fprintf(out, "%10.1f", a_page(profile, 0, whole->parts[p]));
			else
				fprintf(out, "%10s", "");
		}
	fprintf(out, "%10.1f %5.1f%%  %s\n", a_page(profile, 0, whole->sum),
		100.0 * (double)whole->sum / (double)account->counted, whole->function);
}

static void print_one(const struct lab_profile *profile, FILE *out)
{
	const struct lab_side *side = &profile->sides[0];
	struct whole *wholes = mb_alloc(side->account->function_count, sizeof(*wholes));
	struct whole others = { .function = "others" }, all = { .function = "all" };
	size_t count;

	count = gather(profile, wholes);
	fprintf(out, "%s:\n", lab_profile_unit(profile));
	for (size_t p = 0; p < LAB_PARTS; p++)
		if (side->account->parts[p] && p != LAB_WHOLE)
			fprintf(out, "%10s", lab_part_name(p));
	fprintf(out, "%10s %6s  function\n", "total", "share");
	for (size_t i = 0; i < count; i++) {
		for (size_t p = 0; p < LAB_PARTS; p++) {
			all.parts[p] += wholes[i].parts[p];
			others.parts[p] += i < SHOWN ? 0 : wholes[i].parts[p];
		}
		all.sum += wholes[i].sum;
		others.sum += i < SHOWN ? 0 : wholes[i].sum;
		if (i < SHOWN)
			print_whole(profile, &wholes[i], out);
	}
	if (others.sum)
		print_whole(profile, &others, out);
	print_whole(profile, &all, out);
	free(wholes);
}

/* The phases first: they say where to look. */
static void print_phases(const struct lab_profile *profile, FILE *out)
{
	const uint64_t *a = profile->sides[0].account->parts, *b = profile->sides[1].account->parts;

	for (size_t p = 0; p < LAB_PARTS; p++)
		if (a[p] || b[p])
			fprintf(out, "%10.1f%10.1f%+10.1f  %s\n", a_page(profile, 0, a[p]),
				a_page(profile, 1, b[p]), lab_change(profile, a[p], b[p]),
				lab_part_name(p));
	fputc('\n', out);
}

static void print_two(const struct lab_profile *profile, FILE *out)
{
	const struct lab_account *a = profile->sides[0].account, *b = profile->sides[1].account;
	double others = 0;
	size_t hidden = 0;

	fprintf(out, "%s, and what changed (a: %s, b: %s):\n", lab_profile_unit(profile),
		profile->sides[0].label, profile->sides[1].label);
	fprintf(out, "%10s%10s%10s  %-9s %s\n", "a", "b", "b - a", "phase", "function");
	print_phases(profile, out);
	for (size_t i = 0; i < profile->row_count; i++) {
		const struct lab_row *row = &profile->rows[i];
		const char *note = lab_row_note(profile, row);

		if (i >= SHOWN) {
			others += lab_change(profile, row->count[0], row->count[1]);
			hidden += lab_change(profile, row->count[0], row->count[1]) != 0;
		} else if (lab_change(profile, row->count[0], row->count[1]) != 0) {
			fprintf(out, "%10.1f%10.1f%+10.1f  %-9s %s%s%s%s\n",
				a_page(profile, 0, row->count[0]),
				a_page(profile, 1, row->count[1]),
				lab_change(profile, row->count[0], row->count[1]),
				lab_part_name(row->part), row->function, note ? " (" : "",
				note ? note : "", note ? ")" : "");
		}
	}
	if (hidden)
		fprintf(out, "%20s%+10.1f  %-9s %zu others\n", "", others, "", hidden);
	fprintf(out, "%10.1f%10.1f%+10.1f  %-9s all\n", a_page(profile, 0, a->counted),
		a_page(profile, 1, b->counted), lab_change(profile, a->counted, b->counted), "");
}

/* The TLB flushes of arm64, which no tracepoint tells of. */
static void print_flushes(const struct lab_profile *profile, size_t s, FILE *out)
{
	const struct lab_account *account = profile->sides[s].account;

	if (!account->has_tlbi)
		return;
	fprintf(out,
		"%sTLB flushes: %" PRIu64 " TLBI instructions for all CPUs, %" PRIu64
		" for this one alone\n",
		profile->side_count > 1 ? (s ? "b " : "a ") : "", account->tlbi,
		account->tlbi_local);
}

void lab_profile_text(const struct lab_profile *profile, FILE *out)
{
	if (profile->sides[0].memory) {
		lab_memory_text(profile, out);
		return;
	}
	fprintf(out, "%s\n", profile->name);
	for (size_t s = 0; s < profile->side_count; s++) {
		const struct lab_side *side = &profile->sides[s];
		unsigned long pages = lab_side_pages(profile, s);

		fprintf(out, "%skernel %s: %" PRIu64 " instructions",
			profile->side_count > 1 ? (s ? "b " : "a ") : "", side->label,
			side->account->counted);
		if (!profile->program)
			fprintf(out, " for %lu page%s", pages, pages == 1 ? "" : "s");
		fprintf(out, ", %.3f %% of them in named functions\n",
			100 * lab_side_coverage(side));
	}
	for (size_t s = 0; s < profile->side_count; s++)
		print_flushes(profile, s, out);
	fputc('\n', out);
	if (profile->side_count == 1)
		print_one(profile, out);
	else
		print_two(profile, out);
}
