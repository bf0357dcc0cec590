// SPDX-License-Identifier: GPL-2.0-or-later
/* How to make such runs, and this report of them, again. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/stats/doubt.h"
#include "core/base/files.h"
#include "core/base/quote.h"

/* How many boots or passes measured the floors; N where that was not recorded. */
static void calibrate_option(FILE *out, const struct an_run *run)
{
	json_int_t count =
		json_integer_value(json_object_get(run->lab ? run->lab : run->config, "calibrate"));

	if (count)
		fprintf(out, " --calibrate %" JSON_INTEGER_FORMAT, count);
	else if (an_has_floor(run))
		fputs(" --calibrate N", out);
}

static void option(FILE *out, const char *name, const json_t *value)
{
	if (json_is_string(value)) {
		fprintf(out, " --%s ", name);
		mb_put_word(out, json_string_value(value));
	} else if (json_is_integer(value))
		fprintf(out, " --%s %" JSON_INTEGER_FORMAT, name, json_integer_value(value));
}

/*
 * The command that makes such a run of @kernel, which is a kernel of the lab's or several: as
 * recorded, else put together from the record. malloc'd.
 */
static char *command_of(const struct an_run *run, const json_t *kernel)
{
	const char *given = json_string_value(json_object_get(run->config, "command"));
	json_t *set = json_object_get(run->config, "set"), *value;
	char *text = NULL;
	size_t size, i;
	FILE *out;

	if (given)
		return mb_strdup(given);
	out = mb_text_open(&text, &size);
	fputs(run->lab ? "migbench lab run" : "migbench run", out);
	option(out, "kernel", kernel);
	option(out, "topology", json_object_get(run->lab, "topology"));
	option(out, "cpu", json_object_get(run->lab, "cpu"));
	fprintf(out, " --clock %s", an_run_clock(run));
	option(out, "suite", json_object_get(run->config, "suite"));
	option(out, "boots", json_object_get(run->lab, "boots"));
	option(out, "only", json_object_get(run->config, "only"));
	json_array_foreach(set, i, value)
		option(out, "set", value);
	if (run->has_seed)
		fprintf(out, " --seed %lld", run->seed);
	if (json_array_size(run->probes))
		fputs(" --probe", out);
	calibrate_option(out, run);
	fputs(" --out FILE", out);
	mb_text_close(out);
	return text;
}

void an_report_reproduce(FILE *out, const struct an_report *report)
{
	fputs("\n| run | files | kernel | configuration (SHA-256) | clock | suite | seed | command |\n"
	      "|--:|---|---|---|---|---|---|---|\n",
	      out);
	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		const char *suite = json_string_value(json_object_get(run->config, "suite")),
			   *config = json_string_value(json_object_get(run->env, "config_sha256"));
		char *command = command_of(run, json_object_get(run->lab, "kernel")), *short_config;

		fprintf(out, "| %zu | ", i + 1);
		for (size_t f = 0; f < run->file_count; f++) {
			fputs(f ? ", " : "", out);
			an_md_code(out, run->files[f]);
		}
		fputs(" | ", out);
		an_md(out, run->kernel);
		short_config = mb_format("%.12s", config ? config : "not recorded");
		fputs(" | ", out);
		an_md(out, short_config);
		free(short_config);
		fprintf(out, " | %s | ", an_run_clock(run));
		an_md(out, suite ? suite : "not recorded");
		if (run->has_seed)
			fprintf(out, " | %lld | ", run->seed);
		else
			fputs(" | not recorded | ", out);
		an_md_code(out, command);
		fputs(" |\n", out);
		free(command);
	}
	fputs("\nSeveral kernels can be given at once, `--kernel A,B,…`: their boots then take turns. "
	      "`migbench report` makes this report from these files",
	      out);
	if (report->profiles && report->profiles->count) {
		fputs("; the profiles of two kernels are what `migbench lab profile --kernel A "
		      "--kernel B --point PATTERN --format json` wrote, given as `--profile`:",
		      out);
		for (size_t i = 0; i < report->profiles->count; i++) {
			const char *slash = strrchr(report->profiles->at[i], '/');

			putc(' ', out);
			an_md_code(out, slash ? slash + 1 : report->profiles->at[i]);
		}
	}
	fputs(".\n", out);
}

/* All kernels of the lab with which a run like @at was made, if it is the first of them; else NULL. */
static json_t *kernels_like(const struct an_report *report, size_t at)
{
	json_t *any = json_string("K"), *names = NULL;
	char *like = command_of(report->runs[at], any), *text = NULL;

	for (size_t i = 0; i < report->run_count; i++) {
		const json_t *kernel = json_object_get(report->runs[i]->lab, "kernel");
		char *command = command_of(report->runs[i], any);
		bool same = !strcmp(command, like);

		free(command);
		if (!same || !json_is_string(kernel))
			continue;
		if (i < at)
			break;
		if (text)
			an_extend(&text, ",%s", json_string_value(kernel));
		else
			text = mb_strdup(json_string_value(kernel));
	}
	if (text)
		names = json_string(text);
	free(text);
	free(like);
	json_decref(any);
	return names;
}

static void report_command(FILE *list, const struct an_report *report)
{
	char *text = NULL;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	fputs("migbench report", out);
	for (size_t i = 0; i < report->run_count; i++)
		for (size_t f = 0; f < report->runs[i]->file_count; f++) {
			putc(' ', out);
			mb_put_word(out, report->runs[i]->files[f]);
		}
	for (size_t i = 0; report->profiles && i < report->profiles->count; i++) {
		fputs(" --profile ", out);
		mb_put_word(out, mb_base_name(report->profiles->at[i]));
	}
	mb_text_close(out);
	fputs("- ", list);
	an_md_code(list, text);
	putc('\n', list);
	free(text);
}

void an_report_commands(FILE *out, const struct an_report *report, size_t most)
{
	size_t told = 0, more = 0;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		const json_t *kernel = json_object_get(run->lab, "kernel");
		json_t *kernels = kernels_like(report, i);
		char *command;

		if (json_is_string(kernel) && !kernels)
			continue;
		if (told++ >= most) {
			more++;
		} else {
			command = command_of(run, kernels ? kernels : kernel);
			fputs("- ", out);
			an_md_code(out, command);
			putc('\n', out);
			free(command);
		}
		json_decref(kernels);
	}
	if (more)
		fprintf(out, "- %zu more commands: [how to do it again](<%srepeat.md>)\n", more,
			report->pages);
	report_command(out, report);
}
