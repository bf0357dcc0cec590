// SPDX-License-Identifier: GPL-2.0-or-later
/* Several runs against A: a column a run. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/page.h"

/* A's figure at a point, from the first comparison that has it. */
static char *first_figure(const struct an_comparisons *all, const size_t *pairs)
{
	for (size_t i = 0; i < all->count; i++)
		if (pairs[i])
			return mb_strdup(an_known(all->at[i].pairs[pairs[i] - 1].a.location));
	return NULL;
}

/* The matrix's cell of a point of A: "1.0512 slower"; "–" if the run lacks it. malloc'd. */
static char *cell(const struct an_comparison *c, size_t pair)
{
	const char *differs;
	char *ratio, *text;

	if (!pair)
		return mb_strdup("–");
	ratio = an_ratio_words(c->pairs[pair - 1].ratio);
	differs = c->pairs[pair - 1].differs;
	text = mb_format("%s %s%s%s", ratio, an_verdict_names[c->pairs[pair - 1].verdict],
			 *differs ? "; " : "", differs);
	free(ratio);
	return text;
}

/* The matrix's last row: each run's mean over the points that it shares with A. */
static void add_means(struct an_table *table, const struct an_comparisons *all,
		      const struct an_group *group, const size_t *index)
{
	const struct an_point *first = all->runs[0]->points;
	const struct an_pair **pairs = mb_alloc(group->count, sizeof(*pairs));
	struct an_mean *means = mb_alloc(all->count, sizeof(*means));
	bool any = false;

	for (size_t i = 0; i < all->count; i++) {
		size_t count = 0;

		for (size_t r = 0; r < group->count; r++) {
			size_t p = (size_t)(group->rows[r].point - first);
			size_t pair = index[p * all->count + i];

			if (pair)
				pairs[count++] = &all->at[i].pairs[pair - 1];
		}
		means[i] = an_geomean(&all->at[i], pairs, count);
		any |= means[i].points > 1;
	}
	if (any)
		an_table_span(table, "geomean", group->key_count + 1);
	for (size_t i = 0; i < all->count && any; i++) {
		char *ratio = an_ratio_words(means[i].ratio);

		an_table_take(table, means[i].points > 1
					     ? mb_format("%s of %zu", ratio, means[i].points)
					     : mb_strdup("–"));
		free(ratio);
	}
	free(means);
	free(pairs);
}

void an_compare_matrix(const struct an_comparisons *all, bool md)
{
	const struct an_run *a = all->runs[0];
	const struct an_point **points = mb_alloc(a->point_count, sizeof(*points));
	size_t *index = mb_alloc(a->point_count * all->count, sizeof(*index)), used = 0, count;
	struct an_group *groups;

	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->at[i].count; k++)
			index[(size_t)(all->at[i].pairs[k].point - a->points) * all->count + i] =
				k + 1;
	for (size_t p = 0; p < a->point_count; p++)
		for (size_t i = 0; i < all->count; i++)
			if (index[p * all->count + i]) {
				points[used++] = &a->points[p];
				break;
			}
	groups = an_groups(points, used, &count);
	for (size_t g = 0; g < count; g++) {
		struct an_table table = { 0 };

		an_page_title(&groups[g], md);
		an_page_keys(&table, &groups[g], 0);
		an_table_column(&table, "A", true);
		for (size_t i = 1; i <= all->count; i++) {
			char *heading = mb_format("%s/A", an_run_letter(i));

			an_table_column(&table, heading, false);
			free(heading);
		}
		for (size_t r = 0; r < groups[g].count; r++) {
			size_t p = (size_t)(groups[g].rows[r].point - a->points);

			an_page_params(&table, &groups[g].rows[r], 0);
			an_table_take(&table, first_figure(all, &index[p * all->count]));
			for (size_t i = 0; i < all->count; i++)
				an_table_take(&table, cell(&all->at[i], index[p * all->count + i]));
		}
		add_means(&table, all, &groups[g], index);
		an_page_table(&table, md);
		an_table_free(&table);
	}
	an_groups_free(groups, count);
	free(points);
	free(index);
}
