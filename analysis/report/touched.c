// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a profile is about memory: lines and modelled misses a page, by phase and kind of memory. */
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"

static const json_t *at(const json_t *object, const char *first, const char *second)
{
	return json_object_get(json_object_get(object, first), second);
}

struct sides {
	const json_t *touch[2]; /* NULL: nothing was touched */
	double pages[2];
};

static double a_page(const struct sides *sides, size_t side, const char *key)
{
	const json_t *value = json_object_get(sides->touch[side], key);

	if (!value)
		value = at(sides->touch[side], "missed", key);
	return json_number_value(value) / sides->pages[side];
}

static void row(FILE *out, const char *before, const char *name, const struct sides *sides)
{
	static const char *const shown[] = { "lines", "written", "l2", "tlb" };

	fprintf(out, "| %s", before);
	an_md(out, name);
	fputs(" |", out);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		fprintf(out, " %.2f | %.2f |", a_page(sides, 0, shown[i]),
			a_page(sides, 1, shown[i]));
	fputc('\n', out);
}

/* The rows of the objects that both sides have under the same names. */
static void rows(FILE *out, const char *before, const json_t *a, const json_t *b,
		 const double pages[2])
{
	const json_t *sides[] = { a, b };
	const char *name;
	json_t *value;

	for (size_t s = 0; s < 2; s++)
		json_object_foreach((json_t *)sides[s], name, value) {
			const struct sides both = { { json_object_get(a, name),
						      json_object_get(b, name) },
						    { pages[0], pages[1] } };

			/* What the first has, too, is in already. */
			if (!json_is_object(value) || (s && json_is_object(both.touch[0])))
				continue;
			row(out, before, name, &both);
		}
}

void an_report_touched(FILE *out, const json_t *profile, double pages_a, double pages_b)
{
	const json_t *memory = json_object_get(profile, "memory");
	const json_t *a = json_object_get(memory, "a"), *b = json_object_get(memory, "b");
	const double pages[] = { pages_a, pages_b };
	const struct sides all = { { json_object_get(a, "all"), json_object_get(b, "all") },
				   { pages_a, pages_b } };

	if (!json_is_object(all.touch[0]) || !json_is_object(all.touch[1]))
		return;
	fputs("\nThe memory that it touches, a page: lines of 64 bytes, each once in its row, how many of "
	      "them are written, and the misses of a model (",
	      out);
	an_md(out, json_string_value(json_object_get(memory, "model")));
	fputs(") of L2 and of the TLB; before and after each. The count is exact, the misses say "
	      "where to look.\n\n"
	      "| | lines | | written | | L2 | | TLB | |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
	      out);
	rows(out, "", at(a, "all", "phases"), at(b, "all", "phases"), pages);
	row(out, "", "all phases", &all);
	rows(out, "in ", json_object_get(a, "kinds"), json_object_get(b, "kinds"), pages);
}
