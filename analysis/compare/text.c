// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparisons as a page: for a terminal, or in Markdown for a mail or a pull request. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "analysis/compare/page.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"
#include "analysis/select/residue.h"

static void print_run(const struct an_run *run, size_t at, bool md)
{
	char *words = an_run_words(run), *text;

	text = mb_format("%s  %s%s%s%s; %u boot%s; %s%s%s", an_run_letter(at), words,
			 strcmp(run->label, run->kernel) && *run->label ? " (" : "",
			 strcmp(run->label, run->kernel) ? run->label : "",
			 strcmp(run->label, run->kernel) && *run->label ? ")" : "", run->boots,
			 run->boots == 1 ? "" : "s", run->files[0],
			 run->file_count > 1 ? " and others" : "",
			 run->valid ? "" : "; INVALID by its own account");
	if (md)
		fputs("- ", stdout);
	an_page_line(md, text, "   ");
	free(words);
}

/* Values of one key, the shorter the better: where they begin to differ, and not the whole of them. */
static void add_values(struct an_table *table, const json_t *values)
{
	size_t count = json_array_size(values), i;
	char **words = mb_alloc(count, sizeof(*words));

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
		an_page_table(&table, md);
	else
		puts("The environment is the same at every recorded key.");
	if (json_array_size(missing)) {
		char *list = mb_strdup("Not recorded");

		json_array_foreach(missing, i, value)
			an_extend(&list, "%s %s", i ? "," : ":", json_string_value(value));
		an_extend(&list, ".");
		if (md)
			putchar('\n');
		an_page_line(md, list, "");
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
	putchar('\n');
	an_page_line(
		md,
		mb_format(
			"Compared: %s, in %s for the whole batch; %s. Above 1 the later run costs "
			"more.",
			metric, an_unit(a),
			a->insns ? "exact counts" : "each boot counts once, intervals of 95 %"),
		"");
	for (size_t i = 0; i <= all->count; i++)
		if (an_shape_only(all->runs[i]))
			an_page_line(
				md,
				mb_format(
					"%s: host-clock time in emulation shows shape and function, not "
					"speed.",
					an_run_letter(i)),
				"   ");
	for (size_t i = 0; i <= all->count; i++)
		if (all->runs[i]->floor_within_boot)
			an_page_line(
				md,
				mb_format(
					"%s: its noise floors are from within one boot and know nothing "
					"of another.",
					an_run_letter(i)),
				"   ");
	free(metric);
}

static char *p_words(double p)
{
	if (isnan(p))
		return mb_strdup("–");
	return p < 0.0001 ? mb_strdup("<0.0001") : mb_format("%.4f", p);
}

/* Columns that no pair has anything for are left out. */
struct shown {
	bool md, interval, p, floor;
};

static void add_mean(struct an_table *table, const struct an_comparison *c,
		     const struct an_pair *const *pairs, size_t count, const struct shown *shown,
		     size_t before)
{
	struct an_mean mean = an_geomean(c, pairs, count);
	size_t rest = (size_t)shown->p + shown->floor;
	char *words;

	if (mean.points < 2)
		return;
	an_table_span(table, "geomean", before);
	an_table_take(table, an_ratio_words(mean.ratio));
	if (shown->interval)
		an_table_take(table, an_mean_interval_words(&mean));
	words = an_mean_over_words(&mean);
	for (size_t i = 0; shown->md && i < rest; i++)
		an_table_add(table, "");
	/* On a terminal it would be wider than the verdicts. */
	an_table_span(table, words, shown->md ? 1 : rest + 1);
	free(words);
}

static void add_figures(struct an_table *table, const struct an_pair *pair,
			const struct shown *shown)
{
	an_table_add(table, an_known(pair->a.location));
	an_table_add(table, an_known(pair->b.location));
	an_table_take(table, an_ratio_words(pair->ratio));
	if (shown->interval)
		an_table_take(table, an_interval_words(pair));
	if (shown->p)
		an_table_take(table, p_words(pair->adjusted));
	if (shown->floor)
		an_table_add(table, isnan(pair->floor) ? "–" : an_percent(pair->floor));
	an_table_take(table, an_verdict_words(pair));
}

/* The points of @group; the values of the first @above keys stand in lines over their rows. */
static void make_table(struct an_table *table, const struct an_comparison *c,
		       const struct an_group *group, const struct shown *shown, size_t above)
{
	const struct an_pair **pairs = mb_alloc(group->count, sizeof(*pairs));
	char *last = NULL, *words;

	an_page_keys(table, group, above);
	an_table_column(table, "A", true);
	an_table_column(table, "B", true);
	an_table_column(table, "B/A", true);
	if (shown->interval)
		an_table_column(table, "95 % interval", true);
	if (shown->p)
		an_table_column(table, "p", true);
	if (shown->floor)
		an_table_column(table, "floor", true);
	an_table_column(table, "verdict", false);
	for (size_t i = 0; i < group->count; i++) {
		pairs[i] = &c->pairs[group->rows[i].at];
		words = an_row_words(&group->rows[i], above);
		if (*words && (!last || strcmp(words, last)))
			an_table_span(table, words, table->columns);
		free(last);
		last = words;
		an_page_params(table, &group->rows[i], above);
		add_figures(table, pairs[i], shown);
	}
	free(last);
	add_mean(table, c, pairs, group->count, shown, group->key_count - above + 2);
	free(pairs);
}

/* Whether it fits a terminal. What stands behind a verdict may go beyond its last column. */
static bool fits(const struct an_table *table, const struct an_comparison *c,
		 const struct an_group *group)
{
	size_t words = 0, names = 0, width = an_table_width(table) + 2;

	for (size_t i = 0; i < group->count; i++) {
		const struct an_pair *pair = &c->pairs[group->rows[i].at];
		char *verdict = an_verdict_words(pair);
		size_t name = strlen(an_verdict_names[pair->verdict]), wide = an_width(verdict);

		words = wide > words ? wide : words;
		names = name > names ? name : names;
		free(verdict);
	}
	return width <= AN_TERMINAL + words - names;
}

/* Where a total hinges on the emulated CPU, as reports mark it by a dagger: the kernel moves pages by itself in numa. */
static void print_hinge(const struct an_comparison *c, const struct an_group *group, bool md)
{
	size_t hidden = 0;

	for (size_t i = 0; i < group->count; i++)
		hidden += an_copy_hidden(c->a, group->rows[i].point);
	if (!hidden || !c->a->emulated || strcmp(group->benchmark, "numa") != 0)
		return;
	if (md)
		putchar('\n');
	an_page_line(md,
		     mb_strdup("The kernel's own copy of the pages is in these totals, and how it "
			       "copies depends on what the emulated CPU offers."),
		     "");
}

static void print_group(const struct an_comparison *c, const struct an_group *group,
			const struct shown *shown, bool md)
{
	an_page_title(group, md);
	for (size_t above = 0; above <= group->key_count; above++) {
		struct an_table table = { 0 };
		bool last = above == group->key_count;

		make_table(&table, c, group, shown, above);
		last = last || md || fits(&table, c, group);
		if (last)
			an_page_table(&table, md);
		an_table_free(&table);
		if (last)
			break;
	}
	print_hinge(c, group, md);
}

static void print_pairs(const struct an_comparison *c, bool md)
{
	const struct an_point **points = mb_alloc(c->count, sizeof(*points));
	struct shown shown = { .md = md };
	struct an_group *groups;
	size_t count;

	for (size_t i = 0; i < c->count; i++) {
		points[i] = c->pairs[i].point;
		/* On a terminal a column that says "exact" in each row is left out. */
		shown.interval |= md || !c->a->insns || c->pairs[i].low != c->pairs[i].high;
		shown.p |= !isnan(c->pairs[i].p);
		shown.floor |= !isnan(c->pairs[i].floor);
	}
	groups = an_groups(points, c->count, &count);
	for (size_t g = 0; g < count; g++)
		print_group(c, &groups[g], &shown, md);
	an_groups_free(groups, count);
	free(points);
}

static void print_lonely(const struct an_comparison *c, size_t at, bool md)
{
	for (size_t i = 0; i < c->lonely_count; i++) {
		const struct an_lonely *lonely = &c->lonely[i];
		bool both = lonely->in_a && lonely->in_b;
		char *text = mb_format("%s%s%s: %s: %s", md ? "" : "  ",
				       both			      ? "not alike in A and "
				       : lonely->in_a || lonely->in_b ? "only in "
								      : "in neither",
				       lonely->in_a && !both ? "A"
				       : lonely->in_b	     ? an_run_letter(at)
							     : "",
				       lonely->point->name, lonely->why);

		if (!i)
			puts(md ? "\nNot compared:\n" : "\nNot compared:");
		if (md)
			fputs("- ", stdout);
		an_page_line(md, text, "    ");
	}
}

static void print_page(const struct an_comparisons *all, bool md)
{
	an_meaning_print(all, md);
	print_head(all, md);
	if (all->trend)
		an_compare_trend(all, md);
	else if (all->count > 1)
		an_compare_matrix(all, md);
	else
		print_pairs(&all->at[0], md);
	for (size_t i = 0; i < all->count; i++)
		print_lonely(&all->at[i], i + 1, md);
	putchar('\n');
	for (size_t i = 0; i < all->count; i++) {
		char *words = an_summary_words(&all->at[i]),
		     *together = an_together_words(&all->at[i]);

		if (all->count > 1)
			words = an_append(mb_format("%s against A:", an_run_letter(i + 1)), words);
		if (md)
			printf("**%s**\n%s", words, *together ? "\n" : "");
		else
			an_wrap(stdout, words, AN_TERMINAL, "", false);
		if (*together)
			an_page_line(md, mb_strdup(together), "");
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
