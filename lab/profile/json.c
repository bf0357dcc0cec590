// SPDX-License-Identifier: GPL-2.0-or-later
/* The profile as JSON. */
#include <jansson.h>

#include "lab/profile/profile.h"

static json_t *number(const struct lab_profile *profile, size_t side, uint64_t value)
{
	return side < profile->side_count ? json_integer((json_int_t)value) : json_null();
}

static uint64_t of(const struct lab_profile *profile, size_t side, size_t part)
{
	const struct lab_account *account;

	if (side >= profile->side_count)
		return 0;
	account = profile->sides[side].account;
	return part == LAB_PARTS ? account->counted : account->parts[part];
}

static json_t *both(const struct lab_profile *profile, size_t part)
{
	return json_pack("{s:o, s:o}", "a", number(profile, 0, of(profile, 0, part)), "b",
			 number(profile, 1, of(profile, 1, part)));
}

static json_t *phases(const struct lab_profile *profile)
{
	json_t *all = json_object();

	for (size_t p = 0; p < LAB_PARTS; p++)
		if (of(profile, 0, p) || of(profile, 1, p))
			json_object_set_new(all, lab_part_name(p), both(profile, p));
	return all;
}

static json_t *functions(const struct lab_profile *profile)
{
	json_t *all = json_array();

	for (size_t i = 0; i < profile->row_count; i++) {
		const struct lab_row *row = &profile->rows[i];
		const char *note = lab_row_note(profile, row);
		json_t *one =
			json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", row->function, "phase",
				  lab_part_name(row->part), "a", number(profile, 0, row->count[0]),
				  "b", number(profile, 1, row->count[1]), "diff",
				  number(profile, 1, (uint64_t)lab_row_difference(row)));

		if (note)
			json_object_set_new(one, "note", json_string(note));
		json_array_append_new(all, one);
	}
	return all;
}

/* The TLBI instructions of a side; null where its architecture has none. */
static json_t *tlbi(const struct lab_profile *profile, size_t s)
{
	const struct lab_account *account =
		s < profile->side_count ? profile->sides[s].account : NULL;

	return account && account->has_tlbi
		       ? json_pack("{s:I, s:I}", "all_cpus", (json_int_t)account->tlbi, "this_cpu",
				   (json_int_t)account->tlbi_local)
		       : json_null();
}

void lab_profile_json(const struct lab_profile *profile, FILE *out)
{
	double coverage = lab_side_coverage(&profile->sides[0]);
	json_t *kernels = json_array(), *all;

	for (size_t s = 0; s < profile->side_count; s++) {
		double other = lab_side_coverage(&profile->sides[s]);

		coverage = other < coverage ? other : coverage;
		json_array_append_new(kernels, json_string(profile->sides[s].label));
	}
	all = json_pack("{s:s, s:o, s:s, s:i, s:o, s:f, s:o, s:o, s:o}", "name", profile->name,
			"kernels", kernels, "unit", "insns", "pages", (int)profile->pages, "moved",
			json_pack("{s:o, s:o}", "a", number(profile, 0, lab_side_pages(profile, 0)),
				  "b", number(profile, 1, lab_side_pages(profile, 1))),
			"coverage", coverage, "totals", both(profile, LAB_PARTS), "phases",
			phases(profile), "functions", functions(profile));
	for (size_t s = 0; s < profile->side_count; s++)
		if (profile->sides[s].account->has_tlbi) {
			json_object_set_new(all, "tlbi",
					    json_pack("{s:o, s:o}", "a", tlbi(profile, 0), "b",
						      tlbi(profile, 1)));
			break;
		}
	if (profile->sides[0].memory)
		json_object_set_new(all, "memory", lab_memory_json(profile));
	json_dumpf(all, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(all);
}
