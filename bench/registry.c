// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of benchmarks; each adds itself before main(). And the values of their points. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/case.h"
#include "core/options.h"

#define MAX_CASES 64

const char *const mb_total[] = { "total", NULL };
const char *const mb_total_and_phases[] = { "total", "setup",	 "alloc", "copy",
					    "pages", "finalize", NULL };

static const struct mb_case *cases[MAX_CASES + 1];
static size_t count;

/* Kept sorted, so that no order depends on how the program was linked. */
void mb_case_register(const struct mb_case *benchmark)
{
	size_t at = count;

	if (count == MAX_CASES)
		abort();
	while (at && strcmp(cases[at - 1]->name, benchmark->name) > 0) {
		cases[at] = cases[at - 1];
		at--;
	}
	cases[at] = benchmark;
	count++;
}

const struct mb_case *const *mb_cases(void)
{
	return cases;
}

const struct mb_case *mb_case_find(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(cases[i]->name, name))
			return cases[i];
	return NULL;
}

const struct mb_value *mb_value_find(const struct mb_point *point, const char *name)
{
	const struct mb_param *params = point->benchmark->params;

	for (size_t i = 0; params && params[i].name; i++)
		if (!strcmp(params[i].name, name))
			return &point->values[i];
	return NULL;
}

const struct mb_value *mb_value(const struct mb_point *point, const char *name)
{
	const struct mb_value *value = mb_value_find(point, name);

	if (!value)
		abort();
	return value;
}

bool mb_is(const struct mb_point *point, const char *name, const char *text)
{
	return !strcmp(mb_value(point, name)->text, text);
}

bool mb_nodes_is_word(const char *text)
{
	return !strcmp(text, MB_NODES_NEAREST) || !strcmp(text, MB_NODES_BACK) ||
	       !strcmp(text, MB_NODES_LOCAL);
}

bool mb_nodes_read(const char *text, struct mb_value *value)
{
	char from[16];
	const char *arrow = strchr(text, '>');

	if (mb_nodes_is_word(text))
		return true;
	if (!arrow || (size_t)(arrow - text) >= sizeof(from))
		return false;
	snprintf(from, sizeof(from), "%.*s", (int)(arrow - text), text);
	return mb_number(from, 0, 1023, &value->number) &&
	       mb_number(arrow + 1, 0, 1023, &value->to);
}

unsigned long mb_pages(const struct mb_point *point)
{
	const struct mb_case *benchmark = point->benchmark;

	if (benchmark->pages_of)
		return benchmark->pages_of(point);
	return benchmark->pages ? mb_value(point, benchmark->pages)->number : 1;
}
