// SPDX-License-Identifier: GPL-2.0-or-later
/* What was counted beside the cost: flushes and IPIs, A/D bits, refaults; and the node matrix. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/select/groups.h"

void an_report_numa(FILE *out, const struct an_run *run)
{
	size_t count;
	struct an_slice *slices = an_ask_nodes(run, &count);

	for (size_t m = 0; m < count && !an_shape_only(run); m++) {
		const struct an_slice *slice = &slices[m];
		struct an_table table = { 0 };
		char *words = an_nodes_words(slice);

		fprintf(out, "\nCost of a page from node to node, in %s, medians (", an_unit(run));
		an_md(out, words);
		fputs(").\n\n", out);
		free(words);
		an_table_column(&table, "from \\ to", false);
		for (size_t b = 0; b < slice->cols.count; b++)
			an_table_column(&table, slice->cols.values[b], true);
		for (size_t a = 0; a < slice->rows.count; a++) {
			an_table_add(&table, slice->rows.values[a]);
			for (size_t b = 0; b < slice->cols.count; b++)
				an_table_add(&table, an_known(an_cell(slice, 0, a, b)->value));
		}
		an_table_md(out, &table);
		an_table_free(&table);
	}
	an_slices_free(slices, count);
}

/* These benchmarks' counters have tables of their own. */
static bool told_elsewhere(const char *benchmark)
{
	return !strcmp(benchmark, "ad") || !strcmp(benchmark, "refault");
}

/* The names of all counters of a group, in the order of their appearance. */
static json_t *counters_of(const struct an_group *group)
{
	json_t *names = json_object();

	for (size_t i = 0; i < group->count; i++)
		for (size_t c = 0; c < group->rows[i].point->counter_count; c++)
			json_object_set_new(names, group->rows[i].point->counters[c].name,
					    json_true());
	return names;
}

/* Per page stands beside per batch for what is paid page by page. */
static bool by_page(const char *counter)
{
	return !strcmp(counter, "tlb_flushes") || !strcmp(counter, "ipi_rounds");
}

static void counter_rows(struct an_table *table, const struct an_group *group, json_t *names)
{
	const char *name;
	json_t *unused;

	for (size_t i = 0; i < group->count; i++) {
		const struct an_point *point = group->rows[i].point;

		for (size_t k = 0; k < group->key_count; k++)
			an_table_take(table, an_param_words(point, group->keys[k]));
		json_object_foreach(names, name, unused) {
			double value = an_counter(point, name);

			an_table_add(table, an_known(value));
			if (by_page(name))
				an_table_add(table, an_known(value / an_moved(point)));
		}
	}
}

static void counter_table(FILE *out, const struct an_group *group)
{
	json_t *names = counters_of(group), *unused;
	struct an_table table = { 0 };
	const char *name;
	char *shared;

	if (!json_object_size(names)) {
		json_decref(names);
		return;
	}
	shared = an_group_words(group);
	fputs("\nCounted in a separate pass, per batch: **", out);
	an_md(out, group->benchmark);
	fputs(*shared ? "**, with " : "**", out);
	an_md(out, shared);
	fputs("\n\n", out);
	free(shared);
	for (size_t k = 0; k < group->key_count; k++)
		an_table_column(&table, group->keys[k], an_group_number(group, group->keys[k]));
	json_object_foreach(names, name, unused) {
		char *heading = mb_format("%s a page", name);

		an_table_column(&table, name, true);
		if (by_page(name))
			an_table_column(&table, heading, true);
		free(heading);
	}
	counter_rows(&table, group, names);
	an_table_md(out, &table);
	an_table_free(&table);
	json_decref(names);
}

void an_report_counters(FILE *out, const struct an_run *run)
{
	const struct an_point **points = an_all_points(run);
	struct an_group *groups;
	size_t counted = 0, count;

	for (size_t i = 0; i < run->point_count; i++)
		if (points[i]->counter_count && !told_elsewhere(points[i]->benchmark))
			points[counted++] = points[i];
	groups = an_groups(points, counted, &count);
	for (size_t g = 0; g < count; g++)
		counter_table(out, &groups[g]);
	an_groups_free(groups, count);
	free(points);
}

/* "1,024 of 1,024"; malloc'd. */
static char *kept(const struct an_point *point, const char *counter)
{
	double value = an_counter(point, counter);

	if (isnan(value))
		return NULL;
	return mb_format("%s of %s", an_number(value), an_count(an_bits_pages(point)));
}

/* "system", and behind it what has no column of its own; malloc'd. */
static char *journey_words(const struct an_slice *row)
{
	char *further = an_further_words(row->rest, "journey page nodes retention access batch ");
	char *words =
		mb_format("%s%s%s", an_slice_param(row, "journey"), *further ? ", " : "", further);

	free(further);
	return words;
}

void an_report_ad(FILE *out, const struct an_run *run)
{
	static const char *const headings[] = { "journey",     "page",	      "nodes",
						"retention",   "young after", "dirty after",
						"folio dirty", "first read",  "first write" };
	bool cost = !an_shape_only(run);
	struct an_table table = { 0 };
	size_t count;
	struct an_slice *rows = an_ask_bits(run, &count);

	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]) - (cost ? 0 : 2); i++)
		an_table_column(&table, headings[i], i > 3);
	for (size_t i = 0; i < count; i++) {
		const struct an_point *point = an_bits_point(&rows[i]);
		const struct an_point *const touches[] = {
			an_cell_of(&rows[i], NULL, NULL, "read"),
			an_cell_of(&rows[i], NULL, NULL, "write"),
		};

		an_table_take(&table, journey_words(&rows[i]));
		an_table_add(&table, an_slice_param(&rows[i], "page"));
		an_table_add(&table, an_slice_param(&rows[i], "nodes"));
		an_table_add(&table, an_slice_param(&rows[i], "retention"));
		an_table_take(&table, kept(point, "young"));
		an_table_take(&table, kept(point, "dirty"));
		an_table_take(&table, kept(point, "folio_dirty"));
		for (size_t t = 0; cost && t < 2; t++)
			an_table_add(&table,
				     an_known(touches[t] ? an_per_page(touches[t], "total") : NAN));
	}
	if (count) {
		fputs("\nAccessed and dirty bits after a journey: pages whose PTE is young or "
		      "dirty, and folios that are dirty",
		      out);
		if (cost)
			fprintf(out, "; and the first touch of a page after it, in %s",
				an_unit(run));
		fputs(".\n\n", out);
		an_table_md(out, &table);
	}
	an_table_free(&table);
	an_slices_free(rows, count);
}

void an_report_refault(FILE *out, const struct an_run *run)
{
	struct an_table table = { 0 };
	size_t count;
	struct an_slice *rows = an_ask_refault(run, &count);

	an_table_column(&table, "order", false);
	an_table_column(&table, "LRU", false);
	an_table_column(&table, "hot pages", true);
	for (int pass = 0; pass < 2; pass++) {
		an_table_column(&table, pass ? "kept, 2nd pass" : "bits kept", true);
		an_table_column(&table, pass ? "dropped, 2nd pass" : "bits dropped", true);
		an_table_column(&table, "kept/dropped", true);
	}
	for (size_t i = 0; i < count; i++) {
		an_table_take(&table, an_refault_order(rows, count, i));
		an_table_add(&table, an_slice_param(&rows[i], "lru"));
		an_table_add(&table, an_count((double)an_first_cell(&rows[i])->point->pages));
		for (int pass = 0; pass < 2; pass++) {
			an_table_add(&table, an_known(an_swapped_in(&rows[i], true, pass)));
			an_table_add(&table, an_known(an_swapped_in(&rows[i], false, pass)));
			an_table_add(&table, an_known(an_refault_ratio(&rows[i], pass)));
		}
	}
	if (count) {
		fputs("\nPages of the hot set that had to be swapped in when it was walked after a "
		      "move and reclaim, with the A/D bits kept and with them dropped.\n\n",
		      out);
		an_table_md(out, &table);
	}
	an_table_free(&table);
	an_slices_free(rows, count);
}
