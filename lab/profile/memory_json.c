// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory that was touched, as JSON. */
#include <string.h>

#include "lab/profile/profile.h"

static json_t *touch_json(const struct lab_touch *touch)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I, s:I}}", "lines",
			 (json_int_t)touch->lines, "read", (json_int_t)touch->read, "written",
			 (json_int_t)touch->written, "code", (json_int_t)touch->code, "pages_4k",
			 (json_int_t)touch->small, "pages_2m", (json_int_t)touch->large, "bytes",
			 (json_int_t)touch->bytes, "missed", "l1",
			 (json_int_t)touch->missed[LAB_L1], "l2", (json_int_t)touch->missed[LAB_L2],
			 "tlb", (json_int_t)touch->missed[LAB_TLB], "tlb2",
			 (json_int_t)touch->missed[LAB_TLB2]);
}

/* By phase, those in which nothing was touched left out; NULL when nothing was at all. */
static json_t *row_json(const struct lab_memory *memory, size_t row)
{
	json_t *phases;
	json_t *all;

	if (!lab_touch_row(memory, row, LAB_ALL_PARTS)->lines &&
	    !lab_touch_row(memory, row, LAB_ALL_PARTS)->code)
		return NULL;
	all = touch_json(lab_touch_row(memory, row, LAB_ALL_PARTS));
	phases = json_object();
	for (size_t p = 0; p < LAB_PARTS; p++) {
		const struct lab_touch *touch = lab_touch_row(memory, row, p);

		if (touch->lines || touch->code)
			json_object_set_new(phases, lab_part_name(p), touch_json(touch));
	}
	json_object_set_new(all, "phases", phases);
	return all;
}

static json_t *side_json(const struct lab_side *side)
{
	const struct lab_memory *memory = side->memory;
	json_t *kinds = json_object(), *functions = json_object(), *named = json_object(), *row;

	for (size_t k = 0; k < LAB_KINDS; k++) {
		row = row_json(memory, 1 + k);
		if (row)
			json_object_set_new(kinds, lab_kind_names[k], row);
	}
	for (size_t f = 0; f < side->account->function_count; f++) {
		row = row_json(memory, 1 + LAB_KINDS + f);
		if (row)
			json_object_set_new(functions, side->symbols->functions[f], row);
	}
	for (size_t n = LAB_NAMELESS + 1; n < memory->names->name_count; n++) {
		row = row_json(memory, memory->names_row + n);
		if (row)
			json_object_set_new(named, memory->names->names[n], row);
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:I, s:b}", "all", row_json(memory, 0), "kinds",
			 kinds, "functions", functions, "named", named, "flushes",
			 (json_int_t)memory->flushes, "tables_known", memory->known);
}

json_t *lab_memory_json(const struct lab_profile *profile)
{
	const struct lab_memory *first = profile->sides[0].memory;
	json_t *all = json_pack("{s:s, s:s, s:I, s:I, s:o}", "model", first->model->name, "start",
				first->cold ? "cold" : "warm", "l1_lines",
				(json_int_t)first->model->line[0].entries, "l2_lines",
				(json_int_t)first->model->line[1].entries, "a",
				side_json(&profile->sides[0]));

	if (profile->side_count > 1)
		json_object_set_new(all, "b", side_json(&profile->sides[1]));
	return all;
}
