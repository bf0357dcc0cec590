// SPDX-License-Identifier: GPL-2.0-or-later
/* What the figures stand beside: their blind spots, the figures of others, the environment. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"

static bool any_insns(const struct an_report *report)
{
	for (size_t i = 0; i < report->run_count; i++)
		if (report->runs[i]->insns)
			return true;
	return false;
}

static bool any_shape_only(const struct an_report *report)
{
	for (size_t i = 0; i < report->run_count; i++)
		if (an_shape_only(report->runs[i]))
			return true;
	return false;
}

void an_report_blind(FILE *out, const struct an_report *report)
{
	fputs("\n## What these figures cannot show\n\n", out);
	if (any_insns(report))
		fputs("An instruction count is exact. It does not see\n\n"
		      "- accessed/dirty assists of the page walker,\n"
		      "- TLB misses,\n"
		      "- the cache,\n"
		      "- the latency of an IPI,\n"
		      "- the bandwidth of a copy: a 4 KiB page copied by `rep movsq` is 512 "
		      "instructions, however fast the memory is. Where the kernel copies, clears "
		      "or checksums in another way because the CPU offers it, the count is that "
		      "of the emulated CPU's way.\n\n",
		      out);
	if (any_shape_only(report))
		fputs("Host-clock time in emulation shows shape and function, not speed: no figure "
		      "of it is a latency of any hardware.\n\n",
		      out);
	fputs("Accessed and dirty bits do not survive device-private entries on any kernel "
	      "version; nothing here claims a gain from keeping them there.\n",
	      out);
}

static void environment_row(FILE *out, const char *key, const char *which, const json_t *value)
{
	char *text = an_env_words(value);

	fputs("| ", out);
	an_md(out, key);
	fprintf(out, " | %s | ", which);
	an_md(out, text);
	fputs(" |\n", out);
	free(text);
}

static void missing_keys(FILE *out, const struct an_report *report)
{
	for (size_t i = 0; i < report->run_count; i++) {
		json_t *missing = an_env_missing(&report->runs[i], 1), *key;
		size_t k;

		json_array_foreach(missing, k, key) {
			if (k)
				fputs(", ", out);
			else
				fprintf(out, "\nNot recorded by run %zu: ", i + 1);
			an_md(out, json_string_value(key));
		}
		if (k)
			fputs(".\n", out);
		json_decref(missing);
	}
}

void an_report_environment(FILE *out, const struct an_report *report)
{
	json_t *keys = json_object(), *value;
	const char *key;

	fputs("\n## Environment\n\n| key | run | value |\n|---|---|---|\n", out);
	for (size_t i = 0; i < report->run_count; i++)
		json_object_update(keys, report->runs[i]->env);
	json_object_foreach(keys, key, value) {
		bool same = true;

		for (size_t i = 0; i < report->run_count; i++) {
			const json_t *theirs = json_object_get(report->runs[i]->env, key);

			same = same && theirs && json_equal(theirs, value);
		}
		if (same) {
			environment_row(out, key, "all", value);
			continue;
		}
		for (size_t i = 0; i < report->run_count; i++) {
			char *which = mb_format("%zu", i + 1);

			environment_row(out, key, which,
					json_object_get(report->runs[i]->env, key));
			free(which);
		}
	}
	json_decref(keys);
	missing_keys(out, report);
}

void an_report_runs(FILE *out, const struct an_report *report)
{
	putc('\n', out);
	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		char *words = an_run_words(run);

		fprintf(out, "- Run %zu: ", i + 1);
		an_md(out, words);
		if (*run->label && strcmp(run->label, run->kernel)) {
			fputs(" (", out);
			an_md(out, run->label);
			putc(')', out);
		}
		fprintf(out, "; %u boot%s", run->boots, run->boots == 1 ? "" : "s");
		if (*run->started) {
			fputs(", ", out);
			an_md(out, run->started);
		}
		fputs(".\n", out);
		free(words);
	}
}
