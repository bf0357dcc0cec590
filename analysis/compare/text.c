// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparisons as a page: for a terminal, or in Markdown for a mail or a pull request. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"
#include "analysis/select/groups.h"

static void say(bool md, const char *text)
{
	(md ? an_md : an_plain)(stdout, text);
}

static void print_table(const struct an_table *table, bool md)
{
	if (md)
		an_table_md(stdout, table);
	else
		an_table_text(stdout, table, "  ");
}

static void print_run(const struct an_run *run, size_t at, bool md)
{
	char *words = an_run_words(run), *text;

	text = an_format("%s  %s%s%s%s; %u boot%s; %s%s%s", an_run_letter(at), words,
			 strcmp(run->label, run->kernel) && *run->label ? " (" : "",
			 strcmp(run->label, run->kernel) ? run->label : "",
			 strcmp(run->label, run->kernel) && *run->label ? ")" : "", run->boots,
			 run->boots == 1 ? "" : "s", run->files[0],
			 run->file_count > 1 ? " and others" : "",
			 run->valid ? "" : "; INVALID by its own account");
	if (md)
		fputs("- ", stdout);
	say(md, text);
	putchar('\n');
	free(text);
	free(words);
}

/* Values of one key, the shorter the better: where they begin to differ, and not the whole of them. */
static void add_values(struct an_table *table, const json_t *values)
{
	size_t count = json_array_size(values), i;
	char **words = an_alloc(count, sizeof(*words));

	for (i = 0; i < count; i++) {
		const json_t *value = json_array_get(values, i);

		words[i] = an_env_words(json_is_null(value) ? NULL : value);
	}
	an_env_shorten(words, count);
	for (i = 0; i < count; i++)
		an_table_take(table, words[i]);
	free(words);
}

static void print_environment(const struct an_comparisons *all, bool md)
{
	json_t *differences = an_env_differences(all->runs, all->count + 1);
	json_t *missing = an_env_missing(all->runs, all->count + 1), *values, *value;
	struct an_table table = { 0 };
	const char *key;
	size_t i;

	an_table_column(&table, "environment", false);
	for (i = 0; i <= all->count; i++)
		an_table_column(&table, an_run_letter(i), false);
	json_object_foreach(differences, key, values) {
		an_table_add(&table, key);
		add_values(&table, values);
	}
	putchar('\n');
	if (json_object_size(differences))
		print_table(&table, md);
	else
		puts("The environment is the same at every recorded key.");
	if (json_array_size(missing)) {
		fputs(md ? "\nNot recorded: " : "Not recorded: ", stdout);
		json_array_foreach(missing, i, value)
			printf("%s%s", i ? ", " : "", json_string_value(value));
		puts(".");
	}
	an_table_free(&table);
	json_decref(differences);
	json_decref(missing);
}

static void print_head(const struct an_comparisons *all, bool md)
{
	const struct an_run *a = all->runs[0];
	char *metric = an_question_words(&all->at[0].question);

	for (size_t i = 0; i <= all->count; i++)
		print_run(all->runs[i], i, md);
	for (size_t i = 1; i <= all->count; i++)
		if (an_run_same(a, all->runs[i]))
			printf("%sA and %s are the same run, by its id.\n", md ? "- " : "",
			       an_run_letter(i));
	print_environment(all, md);
	printf("\nCompared: ");
	say(md, metric);
	printf(", in %s for the whole batch; %s. Above 1 the later run costs more.\n", an_unit(a),
	       a->insns ? "exact counts" : "each boot counts once, intervals of 95 %");
	for (size_t i = 0; i <= all->count; i++)
		if (an_shape_only(all->runs[i]))
			printf("%s: host-clock time in emulation shows shape and function, not "
			       "speed.\n",
			       an_run_letter(i));
	for (size_t i = 0; i <= all->count; i++)
		if (all->runs[i]->floor_within_boot)
			printf("%s: its noise floors are from within one boot and know nothing of another.\n",
			       an_run_letter(i));
	free(metric);
}

static void print_group_title(const struct an_group *group, bool md)
{
	char *shared = an_group_words(group);

	fputs(md ? "\n**" : "\n", stdout);
	say(md, group->benchmark);
	fputs(md ? "**" : "", stdout);
	if (*shared)
		fputs(": ", stdout);
	say(md, shared);
	fputs(md ? "\n\n" : "\n", stdout);
	free(shared);
}

static void add_keys(struct an_table *table, const struct an_group *group)
{
	for (size_t k = 0; k < group->key_count; k++)
		an_table_column(table, group->keys[k], an_group_number(group, group->keys[k]));
}

static void add_params(struct an_table *table, const struct an_row *row)
{
	for (size_t k = 0; k < row->key_count; k++)
		an_table_take(table, an_param_words(row->point, row->keys[k]));
}

static char *p_words(double p)
{
	if (isnan(p))
		return an_strdup("–");
	return p < 0.0001 ? an_strdup("<0.0001") : an_format("%.4f", p);
}

/* Columns that no pair has anything for are left out. */
struct shown {
	bool p, floor;
};

static void add_mean(struct an_table *table, const struct an_comparison *c,
		     const struct an_pair *const *pairs, const struct an_group *group,
		     const struct shown *shown)
{
	struct an_mean mean = an_geomean(c, pairs, group->count);

	if (mean.points < 2)
		return;
	an_table_span(table, "geomean", group->key_count + 2);
	an_table_take(table, an_ratio_words(mean.ratio));
	an_table_take(table, an_mean_interval_words(&mean));
	for (int i = 0; i < shown->p + shown->floor; i++)
		an_table_add(table, "");
	an_table_take(table, an_mean_over_words(&mean));
}

static void print_group(const struct an_comparison *c, const struct an_group *group,
			const struct shown *shown, bool md)
{
	const struct an_pair **pairs = an_alloc(group->count, sizeof(*pairs));
	struct an_table table = { 0 };

	print_group_title(group, md);
	add_keys(&table, group);
	an_table_column(&table, "A", true);
	an_table_column(&table, "B", true);
	an_table_column(&table, "B/A", true);
	an_table_column(&table, "95 % interval", true);
	if (shown->p)
		an_table_column(&table, "p", true);
	if (shown->floor)
		an_table_column(&table, "floor", true);
	an_table_column(&table, "verdict", false);
	for (size_t i = 0; i < group->count; i++) {
		const struct an_pair *pair = &c->pairs[group->rows[i].at];

		pairs[i] = pair;
		add_params(&table, &group->rows[i]);
		an_table_add(&table, an_known(pair->a.location));
		an_table_add(&table, an_known(pair->b.location));
		an_table_take(&table, an_ratio_words(pair->ratio));
		an_table_take(&table, an_interval_words(pair));
		if (shown->p)
			an_table_take(&table, p_words(pair->adjusted));
		if (shown->floor)
			an_table_add(&table, isnan(pair->floor) ? "–" : an_percent(pair->floor));
		an_table_take(&table, an_verdict_words(pair));
	}
	add_mean(&table, c, pairs, group, shown);
	print_table(&table, md);
	an_table_free(&table);
	free(pairs);
}

static void print_pairs(const struct an_comparison *c, bool md)
{
	const struct an_point **points = an_alloc(c->count, sizeof(*points));
	struct shown shown = { 0 };
	struct an_group *groups;
	size_t count;

	for (size_t i = 0; i < c->count; i++) {
		points[i] = c->pairs[i].point;
		shown.p |= !isnan(c->pairs[i].p);
		shown.floor |= !isnan(c->pairs[i].floor);
	}
	groups = an_groups(points, c->count, &count);
	for (size_t g = 0; g < count; g++)
		print_group(c, &groups[g], &shown, md);
	an_groups_free(groups, count);
	free(points);
}

/* A's figure at a point, from the first comparison that has it. */
static char *first_figure(const struct an_comparisons *all, const size_t *pairs)
{
	for (size_t i = 0; i < all->count; i++)
		if (pairs[i])
			return an_strdup(an_known(all->at[i].pairs[pairs[i] - 1].a.location));
	return NULL;
}

/* The matrix's cell of a point of A: "1.0512 slower"; "–" if the run lacks it. malloc'd. */
static char *cell(const struct an_comparison *c, size_t pair)
{
	const char *differs;
	char *ratio, *text;

	if (!pair)
		return an_strdup("–");
	ratio = an_ratio_words(c->pairs[pair - 1].ratio);
	differs = c->pairs[pair - 1].differs;
	text = an_format("%s %s%s%s", ratio, an_verdict_names[c->pairs[pair - 1].verdict],
			 *differs ? "; " : "", differs);
	free(ratio);
	return text;
}

/* The matrix's last row: each run's mean over the points that it shares with A. */
static void add_means(struct an_table *table, const struct an_comparisons *all,
		      const struct an_group *group, const size_t *index)
{
	const struct an_point *first = all->runs[0]->points;
	const struct an_pair **pairs = an_alloc(group->count, sizeof(*pairs));
	struct an_mean *means = an_alloc(all->count, sizeof(*means));
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
					     ? an_format("%s of %zu", ratio, means[i].points)
					     : an_strdup("–"));
		free(ratio);
	}
	free(means);
	free(pairs);
}

static void print_matrix(const struct an_comparisons *all, bool md)
{
	const struct an_run *a = all->runs[0];
	const struct an_point **points = an_alloc(a->point_count, sizeof(*points));
	size_t *index = an_alloc(a->point_count * all->count, sizeof(*index)), used = 0, count;
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

		print_group_title(&groups[g], md);
		add_keys(&table, &groups[g]);
		an_table_column(&table, "A", true);
		for (size_t i = 1; i <= all->count; i++) {
			char *heading = an_format("%s/A", an_run_letter(i));

			an_table_column(&table, heading, false);
			free(heading);
		}
		for (size_t r = 0; r < groups[g].count; r++) {
			size_t p = (size_t)(groups[g].rows[r].point - a->points);

			add_params(&table, &groups[g].rows[r]);
			an_table_take(&table, first_figure(all, &index[p * all->count]));
			for (size_t i = 0; i < all->count; i++)
				an_table_take(&table, cell(&all->at[i], index[p * all->count + i]));
		}
		add_means(&table, all, &groups[g], index);
		print_table(&table, md);
		an_table_free(&table);
	}
	an_groups_free(groups, count);
	free(points);
	free(index);
}

static void print_lonely(const struct an_comparison *c, size_t at, bool md)
{
	for (size_t i = 0; i < c->lonely_count; i++) {
		const struct an_lonely *lonely = &c->lonely[i];
		bool both = lonely->in_a && lonely->in_b;
		char *text = an_format("%s%s: %s: %s",
				       both			      ? "not alike in A and "
				       : lonely->in_a || lonely->in_b ? "only in "
								      : "in neither",
				       lonely->in_a && !both ? "A"
				       : lonely->in_b	     ? an_run_letter(at)
							     : "",
				       lonely->point->name, lonely->why);

		if (!i)
			puts(md ? "\nNot compared:\n" : "\nNot compared:");
		fputs(md ? "- " : "  ", stdout);
		say(md, text);
		putchar('\n');
		free(text);
	}
}

static void print_page(const struct an_comparisons *all, bool md)
{
	an_meaning_print(all, md);
	print_head(all, md);
	if (all->trend)
		an_compare_trend(all, md);
	else if (all->count > 1)
		print_matrix(all, md);
	else
		print_pairs(&all->at[0], md);
	for (size_t i = 0; i < all->count; i++)
		print_lonely(&all->at[i], i + 1, md);
	putchar('\n');
	for (size_t i = 0; i < all->count; i++) {
		char *words = an_summary_words(&all->at[i]),
		     *together = an_together_words(&all->at[i]);

		printf("%s%s%s%s%s\n", md ? "**" : "", all->count > 1 ? an_run_letter(i + 1) : "",
		       all->count > 1 ? " against A: " : "", words, md ? "**" : "");
		if (*together)
			printf("%s%s\n", md ? "\n" : "", together);
		free(together);
		if (md && i + 1 < all->count)
			putchar('\n');
		free(words);
	}
}

void an_compare_text(const struct an_comparisons *all)
{
	print_page(all, false);
}

void an_compare_md(const struct an_comparisons *all)
{
	print_page(all, true);
}
