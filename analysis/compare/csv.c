// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison as CSV: a row a point, then a row for the mean of each benchmark. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/compare/compare.h"

/* All digits; nothing where there is no value. */
static char *number(double value)
{
	return isfinite(value) ? mb_format("%.17g", value) : NULL;
}

static char *boots_needed(const struct an_pair *pair)
{
	return pair->boots ? mb_format("%zu", pair->boots) : NULL;
}

#define NUMBER(name, field)                                                                        \
	static char *name(const struct an_pair *pair)                                              \
	{                                                                                          \
		return number(pair->field);                                                        \
	}
#define COUNT(name, field)                                                                         \
	static char *name(const struct an_pair *pair)                                              \
	{                                                                                          \
		return mb_format("%zu", pair->field);                                              \
	}
NUMBER(a_location, a.location)
COUNT(a_boots, a.boots)
COUNT(a_samples, a.samples)
NUMBER(b_location, b.location)
COUNT(b_boots, b.boots)
COUNT(b_samples, b.samples)
NUMBER(ratio, ratio)
NUMBER(low, low)
NUMBER(high, high)
NUMBER(p, adjusted)
NUMBER(noise_floor, floor)

static char *verdict(const struct an_pair *pair)
{
	return mb_strdup(an_verdict_names[pair->verdict]);
}

/* What only a pair has; of a point that could not be compared these columns are empty. */
static const struct {
	const char *heading;
	char *(*cell)(const struct an_pair *pair); /* malloc'd, NULL: empty */
	bool of_mean; /* a mean of ratios has it, too */
} columns[] = {
	{ "a_location", a_location, false },
	{ "a_boots", a_boots, false },
	{ "a_samples", a_samples, false },
	{ "b_location", b_location, false },
	{ "b_boots", b_boots, false },
	{ "b_samples", b_samples, false },
	{ "ratio", ratio, true },
	{ "low", low, true },
	{ "high", high, true },
	{ "p", p, false },
	{ "floor", noise_floor, false },
	{ "verdict", verdict, false },
	{ "boots_needed", boots_needed, false },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static char *why(const struct an_lonely *lonely)
{
	return mb_format("%s: %s",
			 lonely->in_a && lonely->in_b ? "not alike in a and b"
			 : lonely->in_a		      ? "only in a"
			 : lonely->in_b		      ? "only in b"
						      : "in neither",
			 lonely->why);
}

/* What the points of a benchmark are together. */
static void add_means(struct an_table *table, const struct an_comparison *c, const char *metric)
{
	size_t count;
	struct an_mean *means = an_geomeans(c, &count);

	for (size_t i = 0; i < count; i++) {
		const struct an_pair as_pair = { .ratio = means[i].ratio,
						 .low = means[i].low,
						 .high = means[i].high };

		an_table_add(table, "geomean");
		an_table_add(table, means[i].benchmark);
		an_table_add(table, metric);
		an_table_add(table, means[i].unit);
		an_table_add(table, "");
		an_table_add(table, c->b->files[0]);
		for (size_t n = 0; n < COLUMNS; n++)
			an_table_take(table, columns[n].of_mean ? columns[n].cell(&as_pair) : NULL);
		an_table_take(table, an_mean_over_words(&means[i]));
	}
	free(means);
}

void an_compare_csv(const struct an_comparisons *all)
{
	static const char *const before[] = { "name", "benchmark", "metric", "unit", "pages", "b" };
	char *metric = an_question_words(&all->at[0].question);
	struct an_table table = { 0 };

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		an_table_column(&table, before[i], false);
	for (size_t i = 0; i < COLUMNS; i++)
		an_table_column(&table, columns[i].heading, false);
	an_table_column(&table, "note", false);
	for (size_t i = 0; i < all->count; i++) {
		const struct an_comparison *c = &all->at[i];

		for (size_t k = 0; k < c->count + c->lonely_count; k++) {
			const struct an_pair *pair = k < c->count ? &c->pairs[k] : NULL;
			const struct an_lonely *lonely = pair ? NULL : &c->lonely[k - c->count];
			const struct an_point *point = pair ? pair->point : lonely->point;

			an_table_add(&table, point->name);
			an_table_add(&table, point->benchmark);
			an_table_add(&table, metric);
			an_table_add(&table, pair ? pair->unit : "");
			an_table_take(&table, mb_format("%lu", point->pages));
			an_table_add(&table, all->runs[i + 1]->files[0]);
			for (size_t n = 0; n < COLUMNS; n++)
				an_table_take(&table, pair ? columns[n].cell(pair) : NULL);
			an_table_take(&table, pair ? an_note_words(pair) : why(lonely));
		}
		add_means(&table, c, metric);
	}
	an_table_csv(stdout, &table, true);
	an_table_free(&table);
	free(metric);
}
