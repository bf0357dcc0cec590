// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench list */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bench/case.h"
#include "bench/commands.h"
#include "bench/suite.h"
#include "core/options.h"
#include "core/status.h"

static void print_text(const struct mb_case *benchmark)
{
	printf("%s: %s\n  metrics (ns or insns):", benchmark->name, benchmark->summary);
	for (size_t i = 0; benchmark->metrics[i]; i++)
		printf(" %s", benchmark->metrics[i]);
	putchar('\n');
	for (const struct mb_param *p = benchmark->params; p->name; p++) {
		printf("  %-10s %s\n             ", p->name, p->help);
		switch (p->kind) {
		case MB_WORD:
			fputs("one of:", stdout);
			for (size_t i = 0; p->words[i]; i++)
				printf(" %s", p->words[i]);
			break;
		case MB_NUMBER:
			printf("%lu to %lu", p->min, p->max);
			break;
		case MB_NODES:
			fputs("node numbers, as 0>1; nearest: the two that are nearest to each other; "
			      "back: the other way; local: the first of them alone",
			      stdout);
			break;
		case MB_TEXT:
			fputs("any word", stdout);
			break;
		}
		printf("; default %s\n", p->defaults);
		if (p->neutral)
			printf("             not in a point's name at %s\n", p->neutral);
	}
}

static void print_globals(void)
{
	puts("\n[global]: how often a suite measures, and what it checks");
	for (const struct mb_global *g = mb_globals(); g->name; g++) {
		printf("  %-10s %s\n             ", g->name, g->help);
		if (g->words) {
			fputs("one of:", stdout);
			for (size_t i = 0; g->words[i]; i++)
				printf(" %s", g->words[i]);
			printf("; default %s\n", g->words[g->initial]);
		} else {
			printf("%lu to %lu; default %lu\n", g->min, g->max, g->initial);
		}
	}
}

static json_t *words_as_json(const char *const *words)
{
	json_t *array = json_array();

	for (size_t i = 0; words[i]; i++)
		json_array_append_new(array, json_string(words[i]));
	return array;
}

static json_t *globals_as_json(void)
{
	json_t *all = json_array();

	for (const struct mb_global *g = mb_globals(); g->name; g++)
		json_array_append_new(
			all,
			g->words ? json_pack("{s:s, s:s, s:s, s:o}", "name", g->name, "help",
					     g->help, "default", g->words[g->initial], "values",
					     words_as_json(g->words))
				 : json_pack("{s:s, s:s, s:I, s:I, s:I}", "name", g->name, "help",
					     g->help, "default", (json_int_t)g->initial, "min",
					     (json_int_t)g->min, "max", (json_int_t)g->max));
	return all;
}

static json_t *as_json(const struct mb_case *benchmark)
{
	json_t *metrics = json_array(), *params = json_array();

	for (size_t i = 0; benchmark->metrics[i]; i++)
		json_array_append_new(metrics, json_string(benchmark->metrics[i]));
	for (const struct mb_param *p = benchmark->params; p->name; p++) {
		json_t *param = json_pack("{s:s, s:s, s:s}", "name", p->name, "help", p->help,
					  "default", p->defaults);

		if (p->neutral)
			json_object_set_new(param, "neutral", json_string(p->neutral));
		if (p->kind == MB_WORD) {
			json_object_set_new(param, "values", words_as_json(p->words));
		} else if (p->kind == MB_NUMBER) {
			json_object_set_new(param, "min", json_integer((json_int_t)p->min));
			json_object_set_new(param, "max", json_integer((json_int_t)p->max));
		}
		json_array_append_new(params, param);
	}
	return json_pack("{s:s, s:s, s:[s,s], s:o, s:o}", "name", benchmark->name, "summary",
			 benchmark->summary, "units", "ns", "insns", "metrics", metrics, "params",
			 params);
}

int bench_list(int argc, char **argv)
{
	const char *format = "text";
	const struct mb_option options[] = {
		{ "format", "text|json", "how to print it", MB_OPT_STRING, &format, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "list",
		.operands = "",
		.summary = "Show the benchmarks with their parameters and units, and the "
			   "keys of a suite's [global].",
		.example = "migbench list"
	};
	json_t *all;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (!strcmp(format, "text")) {
		for (const struct mb_case *const *c = mb_cases(); *c; c++) {
			if (c != mb_cases())
				putchar('\n');
			print_text(*c);
		}
		print_globals();
		return MB_OK;
	}
	if (strcmp(format, "json"))
		return mb_fail(MB_REQUEST, "list: --format takes text or json, not '%s'", format);
	all = json_array();
	for (const struct mb_case *const *c = mb_cases(); *c; c++)
		json_array_append_new(all, as_json(*c));
	all = json_pack("{s:o, s:o}", "benchmarks", all, "global", globals_as_json());
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return MB_OK;
}
