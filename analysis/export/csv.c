// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs as CSV: every value, or a row a boot for Otava. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/export/export.h"
#include "analysis/stats/summary.h"

/* The keys of all points of the runs, in the order of their appearance. */
static json_t *all_keys(const struct an_run *run)
{
	json_t *keys = json_object(), *value;
	const char *key;

	for (size_t p = 0; p < run->point_count; p++)
		json_object_foreach(run->points[p].params, key, value)
			json_object_set_new(keys, key, json_true());
	return keys;
}

static void put_field(const char *text)
{
	an_csv_field(stdout, text);
	putchar(',');
}

/* A point's parameters behind its values; nothing where it has none of that name. */
static char *param_fields(const struct an_point *point, const json_t *keys)
{
	char *text = NULL;
	const char *key;
	json_t *unused;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	json_object_foreach((json_t *)keys, key, unused) {
		const json_t *value = an_param_value(point, key);

		putc(',', out);
		if (json_is_integer(value))
			fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		else if (value)
			an_csv_field(out, json_string_value(value));
	}
	mb_text_close(out);
	return text;
}

static void print_metric(const struct an_point *point, const struct an_metric *metric,
			 const char *params)
{
	for (size_t c = 0; c < metric->count; c++)
		for (size_t i = 0; i < metric->columns[c].count; i++) {
			put_field(point->name);
			put_field(point->benchmark);
			put_field(metric->name);
			put_field(metric->unit);
			printf("%lu,%u,%zu,%.17g%s\n", point->pages, metric->columns[c].boot, i,
			       metric->columns[c].values[i], params);
		}
}

void an_export_csv(struct an_run *const *runs, size_t count)
{
	json_t *keys = all_keys(runs[0]), *value;
	const char *key;

	fputs("name,benchmark,metric,unit,pages,boot,sample,value", stdout);
	json_object_foreach(keys, key, value) {
		char *column = mb_format("param_%s", key);

		putchar(',');
		an_csv_field(stdout, column);
		free(column);
	}
	putchar('\n');
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < runs[i]->point_count; p++) {
			const struct an_point *point = &runs[i]->points[p];
			char *params = param_fields(point, keys);

			for (size_t m = 0; m < point->metric_count; m++)
				print_metric(point, &point->metrics[m], params);
			free(params);
		}
	json_decref(keys);
}

/* "NAME:METRIC" of everything measured in any run, in the order of appearance. */
static json_t *all_columns(struct an_run *const *runs, size_t count)
{
	json_t *columns = json_object();

	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < runs[i]->point_count; p++)
			for (size_t m = 0; m < runs[i]->points[p].metric_count; m++) {
				const struct an_point *point = &runs[i]->points[p];
				char *name =
					mb_format("%s:%s", point->name, point->metrics[m].name);

				if (point->metrics[m].count)
					json_object_set_new(columns, name, json_true());
				free(name);
			}
	return columns;
}

/* The boot's median behind a column's name, an empty field where it was not measured. */
static void print_location(const struct an_run *run, const char *column, unsigned int boot)
{
	const char *colon = strrchr(column, ':');
	char *name = mb_format("%.*s", (int)(colon - column), column);
	const struct an_point *point = an_run_point(run, name);
	const struct an_metric *metric = point ? an_point_metric(point, colon + 1) : NULL;

	putchar(',');
	for (size_t c = 0; metric && c < metric->count; c++)
		if (metric->columns[c].boot == boot)
			printf("%.17g", an_column_quantile(&metric->columns[c], 0.5));
	free(name);
}

/* Whether anything was measured in @boot. */
static bool has_boot(const struct an_run *run, unsigned int boot)
{
	for (size_t p = 0; p < run->point_count; p++) {
		const struct an_metric *total = an_point_metric(&run->points[p], "total");

		for (size_t c = 0; total && c < total->count; c++)
			if (total->columns[c].boot == boot)
				return true;
	}
	return false;
}

void an_export_otava(struct an_run *const *runs, size_t count)
{
	json_t *columns = all_columns(runs, count), *value;
	const char *column;

	fputs("time,kernel,label,boot", stdout);
	json_object_foreach(columns, column, value) {
		putchar(',');
		an_csv_field(stdout, column);
	}
	putchar('\n');
	for (size_t i = 0; i < count; i++)
		for (unsigned int boot = 0; boot < runs[i]->boots; boot++) {
			if (!has_boot(runs[i], boot))
				continue;
			put_field(runs[i]->started);
			put_field(runs[i]->kernel);
			put_field(runs[i]->label);
			printf("%u", boot);
			json_object_foreach(columns, column, value)
				print_location(runs[i], column, boot);
			putchar('\n');
		}
	json_decref(columns);
}
