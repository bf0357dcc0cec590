// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison as CSV, a row a point. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/compare/compare.h"

/* All digits; nothing where there is no value. */
static void add_number(struct an_table *table, double value)
{
	an_table_take(table, isfinite(value) ? an_format("%.17g", value) : NULL);
}

static void add_count(struct an_table *table, size_t count)
{
	an_table_take(table, an_format("%zu", count));
}

static void add_value(struct an_table *table, const struct an_value *value)
{
	add_number(table, value->location);
	add_count(table, value->boots);
	add_count(table, value->samples);
}

static void add_pair(struct an_table *table, const struct an_pair *pair)
{
	add_value(table, &pair->a);
	add_value(table, &pair->b);
	add_number(table, pair->ratio);
	add_number(table, pair->low);
	add_number(table, pair->high);
	add_number(table, pair->adjusted);
	add_number(table, pair->floor);
	an_table_add(table, an_verdict_names[pair->verdict]);
	if (pair->boots)
		add_count(table, pair->boots);
	else
		an_table_take(table, NULL);
	an_table_take(table, an_note_words(pair));
}

static void add_lonely(struct an_table *table, const struct an_lonely *lonely)
{
	/* From a_location to boots_needed there is nothing to say. */
	for (int i = 0; i < 13; i++)
		an_table_take(table, NULL);
	an_table_take(table, an_format("%s: %s",
				       lonely->in_a && lonely->in_b ? "not alike in a and b"
				       : lonely->in_a		    ? "only in a"
				       : lonely->in_b		    ? "only in b"
								    : "in neither",
				       lonely->why));
}

void an_compare_csv(const struct an_comparisons *all)
{
	static const char *const headings[] = {
		"name",	   "benchmark",	 "metric",  "unit",	    "pages",
		"b",	   "a_location", "a_boots", "a_samples",    "b_location",
		"b_boots", "b_samples",	 "ratio",   "low",	    "high",
		"p",	   "floor",	 "verdict", "boots_needed", "note",
	};
	char *metric = an_question_words(&all->at[0].question);
	struct an_table table = { 0 };

	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		an_table_column(&table, headings[i], false);
	for (size_t i = 0; i < all->count; i++) {
		const struct an_comparison *c = &all->at[i];
		const char *file = all->runs[i + 1]->files[0];

		for (size_t k = 0; k < c->count + c->lonely_count; k++) {
			bool paired = k < c->count;
			const struct an_point *point =
				paired ? c->pairs[k].point : c->lonely[k - c->count].point;

			an_table_add(&table, point->name);
			an_table_add(&table, point->benchmark);
			an_table_add(&table, metric);
			an_table_add(&table, paired ? c->pairs[k].unit : "");
			add_count(&table, point->pages);
			an_table_add(&table, file);
			if (paired)
				add_pair(&table, &c->pairs[k]);
			else
				add_lonely(&table, &c->lonely[k - c->count]);
		}
	}
	an_table_csv(stdout, &table, true);
	an_table_free(&table);
	free(metric);
}
