// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of the profiled point, out of the guest's records. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "core/base/list.h"
#include "core/base/plain.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "core/status.h"
#include "lab/profile/sampled.h"

/* Whole numbers up to here are doubles. */
#define MAX_COUNT (1ULL << 53)

/* The count of instructions in its place; false where something else stands there. */
static bool value_at(const json_t *values, size_t at, uint64_t *count)
{
	const json_t *value = json_array_get(values, at);
	double number = json_number_value(value);

	*count = 0;
	if (!json_is_number(value) || !(number >= 0 && number <= (double)MAX_COUNT))
		return false;
	*count = (uint64_t)number;
	return true;
}

static int take_block(struct lab_sampled *sampled, json_t *block)
{
	const json_t *total = mb_record_values(block, "total");
	json_int_t invalid = mb_record_number(block, "invalid");
	size_t count = json_array_size(total);
	bool good = true;

	if (invalid || !count)
		return mb_fail(MB_MACHINE,
			       "lab profile: %" JSON_INTEGER_FORMAT
			       " samples are invalid; migbench lab run tells more",
			       invalid);
	sampled->pages = (unsigned long)mb_record_number(block, "pages");
	sampled->moved = (unsigned long)mb_record_number(block, "migrated");
	sampled->phased = true;
	sampled->values =
		mb_resize(sampled->values, sampled->count + count, sizeof(*sampled->values));
	for (size_t i = 0; i < count; i++)
		good = value_at(total, i, &sampled->values[sampled->count + i].total) && good;
	for (size_t p = 0; p < MB_PHASES; p++) {
		const json_t *phase = mb_record_values(block, mb_phase_names[p]);

		bool told = json_array_size(phase) == count;

		sampled->phased &= told;
		for (size_t i = 0; i < count; i++) {
			struct lab_value *value = &sampled->values[sampled->count + i];

			good = (value_at(phase, i, &value->phase[p]) || !told) && good;
		}
	}
	if (!good)
		return mb_fail(MB_MACHINE,
			       "lab profile: the guest sent a value that is no count of "
			       "instructions");
	sampled->count += count;
	return MB_OK;
}

int lab_sampled_read(struct lab_sampled *sampled, const struct mb_list *lines)
{
	int status = MB_OK;

	*sampled = (struct lab_sampled){ 0 };
	for (size_t i = 0; !status && i < lines->count; i++) {
		json_t *record = json_loads(lines->at[i], 0, NULL);

		switch (mb_record_type(record)) {
		case MB_RECORD_NONE:
			status = mb_fail(MB_MACHINE,
					 "lab profile: the guest sent what is no record");
			break;
		case MB_RECORD_POINT:
			if (sampled->name)
				break;
			sampled->name = mb_record_name(record);
			/* It is for readers. */
			if (sampled->name)
				mb_plain(sampled->name);
			break;
		case MB_RECORD_BLOCK:
			status = take_block(sampled, record);
			break;
		case MB_RECORD_SKIP:
			status = mb_fail(MB_MACHINE, "lab profile: %s: skipped: %s",
					 sampled->name ? sampled->name : "the point",
					 mb_record_string(record, "why"));
			break;
		default:
			break;
		}
		json_decref(record);
	}
	if (!status && !sampled->count)
		status = mb_fail(MB_MACHINE, "lab profile: the guest measured nothing");
	return status;
}

void lab_sampled_free(struct lab_sampled *sampled)
{
	free(sampled->name);
	free(sampled->values);
	*sampled = (struct lab_sampled){ 0 };
}
