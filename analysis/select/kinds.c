// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/kinds.h"
#include "core/record/record.h"

static const struct an_point *any_point(const struct an_family *family)
{
	for (int d = 0; d < AN_COPY; d++)
		if (family->series[d].count)
			return family->series[d].points[0];
	return NULL;
}

const char *an_family_param(const struct an_family *family, const char *key)
{
	return an_param(any_point(family), key);
}

/* What a family has beside @key; malloc'd. */
static char *rest_of(const struct an_family *family, const char *key)
{
	const struct an_point *point = any_point(family);
	json_t *rest = json_copy(point->params);
	char *name;

	json_object_del(rest, key);
	json_object_del(rest, "batch");
	json_object_del(rest, "direction");
	name = mb_point_name(point->benchmark, rest);
	json_decref(rest);
	return name ? name : an_strdup("");
}

/* The family's title without the words for @key: ", 4k pages" or "private memory, ". */
static char *shared_title(const struct an_family *family, const char *key)
{
	char *words = an_format("%s %s", an_family_param(family, key),
				strcmp(key, "page") ? "memory" : "pages");
	char *title = an_strdup(family->title), *at = strstr(title, words);

	if (at) {
		char *behind = at + strlen(words);

		if (!strncmp(behind, ", ", 2))
			behind += 2;
		memmove(at, behind, strlen(behind) + 1);
	}
	free(words);
	return title;
}

struct an_kinds *an_kinds(const struct an_family *families, size_t family_count, const char *key,
			  size_t *count)
{
	struct an_kinds *list = NULL;
	char **rests = NULL;
	size_t capacity = 0, rest_capacity = 0, kept = 0;

	*count = 0;
	for (size_t f = 0; f < family_count; f++) {
		char *rest = rest_of(&families[f], key);
		size_t k = 0;

		while (k < *count && strcmp(rests[k], rest))
			k++;
		if (k == *count) {
			list = an_grow(list, &capacity, *count, sizeof(*list));
			rests = an_grow(rests, &rest_capacity, *count, sizeof(*rests));
			list[k] = (struct an_kinds){ .key = key };
			rests[k] = an_strdup(rest);
			(*count)++;
		}
		free(rest);
		if (list[k].count < AN_MAX_KINDS)
			list[k].families[list[k].count++] = &families[f];
	}
	/* One alone is compared with nothing. */
	for (size_t k = 0; k < *count; k++) {
		free(rests[k]);
		if (list[k].count < 2)
			continue;
		list[kept] = list[k];
		list[kept].title = shared_title(list[k].families[0], key);
		kept++;
	}
	free(rests);
	*count = kept;
	return list;
}

void an_kinds_free(struct an_kinds *kinds, size_t count)
{
	for (size_t k = 0; k < count; k++)
		free(kinds[k].title);
	free(kinds);
}

bool an_kinds_meet(const struct an_kinds *kinds, enum an_direction direction,
		   const struct an_point *points[AN_MAX_KINDS])
{
	const struct an_series *first = &kinds->families[0]->series[direction];

	for (size_t i = first->count; i-- > 0;) {
		size_t k = 0;

		for (; k < kinds->count; k++) {
			points[k] = an_at_batch(&kinds->families[k]->series[direction],
						an_batch(first->points[i]));
			if (!points[k])
				break;
		}
		if (k == kinds->count)
			return true;
	}
	return false;
}
