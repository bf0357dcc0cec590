// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report.h"
#include "analysis/text.h"
#include "analysis/words.h"
#include "core/runfile.h"

static void cell(FILE *out, double value)
{
	fprintf(out, " %s |", isnan(value) ? "–" : an_number(value));
}

static void phase_rows(FILE *out, const struct an_family *family, enum an_direction direction)
{
	const struct an_series *series = &family->series[direction];

	for (size_t i = 0; i < series->count; i++) {
		const struct an_point *point = series->points[i];

		if (isnan(an_rest(point)))
			continue;
		fprintf(out, "| %s | %s |", an_series_names[direction],
			an_count((double)an_batch(point)));
		for (int p = 0; p < MB_PHASES; p++)
			cell(out, an_per_page(point, mb_phase_names[p]));
		cell(out, an_rest(point) / (double)point->pages);
		cell(out, an_per_page(point, "total"));
		putc('\n', out);
	}
}

void an_report_phases(FILE *out, const struct an_run *run)
{
	size_t count;
	struct an_family *families = an_families(run, &count);

	for (size_t f = 0; f < count; f++) {
		bool any = false;

		for (int d = 0; d < AN_COPY; d++)
			for (size_t i = 0; i < families[f].series[d].count; i++)
				any |= !isnan(an_rest(families[f].series[d].points[i]));
		if (!any)
			continue;
		fprintf(out, "\nPhases per page, in %s, medians (", an_unit(run));
		an_md(out, families[f].title);
		fputs("). The rest is the total without its phases.\n\n"
		      "| direction | batch | setup | alloc | copy | pages | finalize | rest | total |\n"
		      "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
		      out);
		for (int d = 0; d < AN_COPY; d++)
			phase_rows(out, &families[f], (enum an_direction)d);
	}
	an_families_free(families, count);
}

/* By parameter values: numbers as numbers, texts as texts, keys in sorted order. */
struct sorted {
	const struct an_point *point;
	char *const *keys;
	size_t key_count;
};

static int by_params(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	for (size_t i = 0; i < a->key_count; i++) {
		json_t *x = json_object_get(a->point->params, a->keys[i]);
		json_t *y = json_object_get(b->point->params, a->keys[i]);
		int order;

		if (json_is_integer(x) && json_is_integer(y))
			order = (json_integer_value(x) > json_integer_value(y)) -
				(json_integer_value(x) < json_integer_value(y));
		else
			order = strcmp(an_param(a->point, a->keys[i]),
				       an_param(b->point, a->keys[i]));
		if (order)
			return order;
	}
	return strcmp(a->point->name, b->point->name);
}

static int by_text(const void *a, const void *b)
{
	/* The batch is what the eye follows: it comes last. */
	bool x = !strcmp(*(char *const *)a, "batch"), y = !strcmp(*(char *const *)b, "batch");

	return x != y ? x - y : strcmp(*(char *const *)a, *(char *const *)b);
}

/* The points of one benchmark, and which of their parameters vary. */
struct group {
	struct sorted *rows;
	size_t count;
	char **keys; /* that vary */
	size_t key_count;
	json_t *constant;
};

static void collect(struct group *group, const struct an_run *run, const char *benchmark)
{
	json_t *varying = json_object(), *value, *known;
	size_t capacity = 0, key_capacity = 0;
	const char *key;

	*group = (struct group){ .constant = json_object() };
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];

		if (strcmp(point->benchmark, benchmark))
			continue;
		group->rows = an_grow(group->rows, &capacity, group->count, sizeof(*group->rows));
		group->rows[group->count++] = (struct sorted){ .point = point };
	}
	json_object_update(group->constant, group->rows[0].point->params);
	for (size_t i = 1; i < group->count; i++) {
		json_object_foreach(group->rows[i].point->params, key, value) {
			known = json_object_get(group->constant, key);
			if (!known || !json_equal(known, value))
				json_object_set_new(varying, key, json_true());
		}
		json_object_foreach(group->constant, key, value)
			if (!json_object_get(group->rows[i].point->params, key))
				json_object_set_new(varying, key, json_true());
	}
	json_object_foreach(varying, key, value) {
		group->keys = an_grow(group->keys, &key_capacity, group->key_count, sizeof(char *));
		group->keys[group->key_count++] = an_strdup(key);
		json_object_del(group->constant, key);
	}
	json_decref(varying);
	if (group->key_count)
		qsort(group->keys, group->key_count, sizeof(char *), by_text);
	for (size_t i = 0; i < group->count; i++) {
		group->rows[i].keys = group->keys;
		group->rows[i].key_count = group->key_count;
	}
	qsort(group->rows, group->count, sizeof(*group->rows), by_params);
}

static void release(struct group *group)
{
	for (size_t i = 0; i < group->key_count; i++)
		free(group->keys[i]);
	free(group->keys);
	free(group->rows);
	json_decref(group->constant);
}

static void param_cell(FILE *out, const struct an_point *point, const char *key)
{
	json_t *value = json_object_get(point->params, key);

	putc(' ', out);
	if (json_is_integer(value))
		fputs(an_count((double)json_integer_value(value)), out);
	else
		an_md(out, value ? json_string_value(value) : "–");
	fputs(" |", out);
}

static void range_cell(FILE *out, double low, double high)
{
	if (low == high)
		fputs(" exact |", out);
	else
		fprintf(out, " %s … %s |", an_number(low), an_number(high));
}

static void point_row(FILE *out, const struct sorted *row)
{
	const struct an_point *point = row->point;
	const struct an_summary *s = an_summary(point, "total");

	putc('|', out);
	for (size_t k = 0; k < row->key_count; k++)
		param_cell(out, point, row->keys[k]);
	if (!s) {
		fprintf(out, " – | – | – | – | – | 0 | 0 | %s |%s\n", an_count(point->invalid),
			point->skip_count ? " skipped, see above |" : " no valid sample |");
		return;
	}
	cell(out, s->median);
	cell(out, s->median / (double)point->pages);
	range_cell(out, s->low, s->high);
	if (s->boots > 1)
		range_cell(out, s->boot_low, s->boot_high);
	else
		fputs(" – |", out);
	cell(out, s->p99);
	fprintf(out, " %zu | %s | %s | %s |\n", s->boots, an_count((double)s->samples),
		an_count(point->invalid), s->covered ? "" : "few samples: interval is the range");
}

static void one_benchmark(FILE *out, const struct an_run *run, const char *benchmark)
{
	const char *comma = "", *key;
	struct group group;
	json_t *value;

	collect(&group, run, benchmark);
	fputs("\n**", out);
	an_md(out, benchmark);
	fputs("**", out);
	json_object_foreach(group.constant, key, value) {
		fprintf(out, "%s", *comma ? comma : ", with ");
		comma = ", ";
		an_md(out, key);
		putc(' ', out);
		if (json_is_string(value))
			an_md(out, json_string_value(value));
		else
			fputs(an_count((double)json_integer_value(value)), out);
	}
	fputs("\n\n|", out);
	for (size_t k = 0; k < group.key_count; k++) {
		putc(' ', out);
		an_md(out, group.keys[k]);
		fputs(" |", out);
	}
	fputs(" median | per page | 95 % interval | boots' medians | p99 | boots | samples | "
	      "invalid | note |\n|",
	      out);
	for (size_t k = 0; k < group.key_count; k++)
		fputs(json_is_integer(json_object_get(group.rows[0].point->params, group.keys[k]))
			      ? "--:|"
			      : "---|",
		      out);
	fputs("--:|--:|--:|--:|--:|--:|--:|--:|---|\n", out);
	for (size_t i = 0; i < group.count; i++)
		point_row(out, &group.rows[i]);
	release(&group);
}

void an_report_points(FILE *out, const struct an_run *run)
{
	json_t *done = json_object();

	fprintf(out,
		"\nTotals in %s: the median over the boots of each boot's median, for the whole "
		"batch and per page; its 95 %% interval, the widest over the boots; the lowest and "
		"the highest boot's median; the 99th percentile. “exact” means that both ends "
		"are the same number.\n",
		an_unit(run));
	for (size_t i = 0; i < run->point_count; i++) {
		const char *benchmark = run->points[i].benchmark;

		if (json_object_get(done, benchmark))
			continue;
		json_object_set_new(done, benchmark, json_true());
		one_benchmark(out, run, benchmark);
	}
	json_decref(done);
}
