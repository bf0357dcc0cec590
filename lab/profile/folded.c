// SPDX-License-Identifier: GPL-2.0-or-later
/* Folded stacks: a call path and its instructions a line. */
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "lab/profile/profile.h"

/* The counts of each stack, [a, b], by its text: two sides have paths of their own. */
static json_t *by_stack(const struct lab_profile *profile)
{
	json_t *stacks = json_object();

	for (size_t s = 0; s < profile->side_count; s++) {
		const struct lab_side *side = &profile->sides[s];

		for (size_t i = 0; i < side->account->path_count; i++) {
			char *stack;
			json_t *counts;

			if (!side->account->paths[i].count)
				continue;
			stack = lab_path_folded(side->account, side->symbols, i);
			counts = json_object_get(stacks, stack);
			if (!counts) {
				counts = json_pack("[i,i]", 0, 0);
				json_object_set_new(stacks, stack, counts);
			}
			json_array_set_new(
				counts, s,
				json_integer(json_integer_value(json_array_get(counts, s)) +
					     (json_int_t)side->account->paths[i].count));
			free(stack);
		}
	}
	return stacks;
}

void lab_profile_folded(const struct lab_profile *profile, FILE *out)
{
	json_t *stacks = by_stack(profile), *counts;
	const char *stack;

	json_object_foreach(stacks, stack, counts) {
		fprintf(out, "%s", stack);
		for (size_t s = 0; s < profile->side_count; s++)
			fprintf(out, " %" JSON_INTEGER_FORMAT,
				json_integer_value(json_array_get(counts, s)));
		fputc('\n', out);
	}
	json_decref(stacks);
}
