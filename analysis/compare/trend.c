// SPDX-License-Identifier: GPL-2.0-or-later
/* One point over all runs: a table a point, a row a run. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/compare/compare.h"

static void add_run(struct an_table *table, const struct an_run *run, size_t at)
{
	an_table_add(table, an_run_letter(at));
	an_table_add(table, run->kernel);
	an_table_add(table, *run->started ? run->started : "–");
}

static void add_location(struct an_table *table, const struct an_value *value)
{
	an_table_take(table, mb_format("%zu", value->boots));
	an_table_add(table, an_known(value->location));
}

/* The pairs of @point, by run; *@first is one of them, for what it says of A. */
static const struct an_pair **pairs_of(const struct an_comparisons *all,
				       const struct an_point *point, size_t *next,
				       const struct an_pair **first)
{
	const struct an_pair **pairs = mb_alloc(all->count, sizeof(*pairs));

	*first = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct an_comparison *c = &all->at[i];

		/* Pairs are in A's order, and so are we. */
		if (next[i] < c->count && c->pairs[next[i]].point == point)
			*first = pairs[i] = &c->pairs[next[i]++];
	}
	return pairs;
}

static void print_point(const struct an_comparisons *all, const struct an_pair **pairs,
			const struct an_pair *first, bool md)
{
	struct an_table table = { 0 };
	bool floors = false;

	for (size_t i = 0; i < all->count; i++)
		floors |= pairs[i] && !isnan(pairs[i]->floor);
	an_table_column(&table, "", false);
	an_table_column(&table, "kernel", false);
	an_table_column(&table, "started", false);
	an_table_column(&table, "boots", true);
	an_table_column(&table, "location", true);
	an_table_column(&table, "to A", true);
	an_table_column(&table, "95 % interval", true);
	if (floors)
		an_table_column(&table, "floor", true);
	an_table_column(&table, "verdict", false);
	add_run(&table, all->runs[0], 0);
	add_location(&table, &first->a);
	for (int i = 0; i < 3 + floors; i++)
		an_table_add(&table, i == 2 + floors ? "" : "–");
	for (size_t i = 0; i < all->count; i++) {
		const struct an_pair *pair = pairs[i];

		add_run(&table, all->runs[i + 1], i + 1);
		if (!pair) {
			for (int k = 0; k < 4 + floors; k++)
				an_table_add(&table, "–");
			an_table_add(&table, "not compared");
			continue;
		}
		add_location(&table, &pair->b);
		an_table_take(&table, an_ratio_words(pair->ratio));
		an_table_take(&table, an_interval_words(pair));
		if (floors)
			an_table_add(&table, isnan(pair->floor) ? "–" : an_percent(pair->floor));
		an_table_take(&table, an_verdict_words(pair));
	}
	fputs(md ? "\n**" : "\n", stdout);
	(md ? an_md : an_plain)(stdout, first->point->name);
	fputs(md ? "**\n\n" : "\n", stdout);
	if (md)
		an_table_md(stdout, &table);
	else
		an_table_text(stdout, &table, "  ");
	an_table_free(&table);
}

void an_compare_trend(const struct an_comparisons *all, bool md)
{
	const struct an_run *a = all->runs[0];
	size_t *next = mb_alloc(all->count, sizeof(*next));

	for (size_t p = 0; p < a->point_count; p++) {
		const struct an_pair *first;
		const struct an_pair **pairs = pairs_of(all, &a->points[p], next, &first);

		if (first)
			print_point(all, pairs, first, md);
		free(pairs);
	}
	free(next);
}
