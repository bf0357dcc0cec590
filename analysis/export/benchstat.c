// SPDX-License-Identifier: GPL-2.0-or-later
/* A run in Go's benchmark format, for benchstat. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/export/export.h"
#include "analysis/run/environment.h"
#include "analysis/stats/summary.h"
#include "core/base/plain.h"
#include "core/record/record.h"

/* What can tell two tables of benchstat apart; more would keep runs from being compared at all. */
static const struct {
	const char *key, *env;
} keys[] = {
	{ "kernel", "kernel" },	      { "cpu", "cpu" },		  { "emulated", "emulated" },
	{ "page-size", "page_size" }, { "topology", "topology" },
};

static void config_line(const char *key, const char *value)
{
	/* A line without a value would delete the key. */
	if (!*value)
		return;
	printf("%s: ", key);
	for (; *value; value++) {
		size_t control = mb_control(value);

		putchar(control ? ' ' : *value);
		value += control ? control - 1 : 0;
	}
	putchar('\n');
}

static void config(const struct an_run *run)
{
	config_line("tool", run->tool);
	config_line("clock", an_run_clock(run));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *value = json_object_get(run->env, keys[i].env);
		char *words = value ? an_env_words(value) : mb_strdup("");

		config_line(keys[i].key, words);
		free(words);
	}
}

/* Neither a space, also no Unicode one, nor what would begin another key. */
static void print_word(const char *text)
{
	for (; *text; text++) {
		bool plain = isgraph((unsigned char)*text) && *text != '/';

		if (plain || ((unsigned char)*text & 0xc0) != 0x80)
			putchar(plain ? *text : '_');
	}
}

/* "BenchmarkMigrate/batch=64/direction=to-device-1": the last number is the threads. */
static void print_name(const struct an_point *point)
{
	unsigned long threads = an_param_number(point, "threads");
	const char *rest = point->name + strlen(point->benchmark);
	char *params = mb_strdup(rest + (*rest == '/')), *next = params, *pair;

	fputs("Benchmark", stdout);
	putchar(toupper((unsigned char)point->benchmark[0]));
	print_word(point->benchmark + 1);
	while (*params && (pair = strsep(&next, ","))) {
		putchar('/');
		print_word(pair);
	}
	printf("-%lu", threads ? threads : 1);
	free(params);
}

static void print_boot(const struct an_point *point, unsigned int boot)
{
	const struct an_metric *total = an_point_metric(point, "total");

	for (size_t m = 0; m < point->metric_count; m++) {
		const struct an_metric *metric = &point->metrics[m];
		const struct an_column *column = NULL;

		for (size_t c = 0; c < metric->count; c++)
			if (metric->columns[c].boot == boot)
				column = &metric->columns[c];
		if (!column)
			continue;
		printf(" %.15g ", an_column_quantile(column, 0.5));
		/* The benchmark's own time has no other name. */
		if (metric != total) {
			print_word(metric->name);
			putchar('-');
		}
		print_word(metric->unit);
		fputs("/op", stdout);
	}
}

void an_export_benchstat(struct an_run *const *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		config(runs[i]);
		putchar('\n');
		for (size_t p = 0; p < runs[i]->point_count; p++) {
			const struct an_point *point = &runs[i]->points[p];
			const struct an_metric *total = an_point_metric(point, "total");

			for (size_t c = 0; total && c < total->count; c++) {
				print_name(point);
				printf(" %zu", total->columns[c].count);
				print_boot(point, total->columns[c].boot);
				putchar('\n');
			}
		}
	}
}
