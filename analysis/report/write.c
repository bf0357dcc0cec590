// SPDX-License-Identifier: GPL-2.0-or-later
/* The report from its first line to its last. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"

static void heading(FILE *out, const struct an_report *report)
{
	fputs("# What it costs to move pages to device memory and back\n\n", out);
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

static void warnings(FILE *out, const struct an_report *report)
{
	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];

		if (!run->valid) {
			fprintf(out, "\n**Run %zu is invalid by its own account", i + 1);
			if (run->why_invalid) {
				fputs(": ", out);
				an_md(out, run->why_invalid);
			}
			fputs(".** Its figures are shown and prove nothing.\n", out);
		}
		if (!run->ended)
			fprintf(out, "\nRun %zu was cut short: it has no end record.\n", i + 1);
	}
}

static void findings(FILE *out, const struct an_report *report)
{
	fputs("\n## Main findings\n\n", out);
	for (size_t i = 0; i < report->head.count; i++) {
		fprintf(out, "%zu. ", i + 1);
		an_md(out, report->head.at[i].text);
		putc('\n', out);
	}
}

static bool in_head(const struct an_report *report, const char *text)
{
	for (size_t i = 0; i < report->head.count; i++)
		if (!strcmp(report->head.at[i].text, text))
			return true;
	return false;
}

/* What a run says beside the main findings. */
static void more_findings(FILE *out, const struct an_report *report, const struct an_run *run)
{
	struct an_findings all = { 0 };
	bool first = true;
	char *body;

	an_findings_of(run, &all);
	for (size_t i = 0; i < all.count; i++) {
		if (in_head(report, all.at[i].text))
			continue;
		if (first)
			fprintf(out, "\n%s under the clock %s:\n\n",
				in_head(report, all.at[0].text) ? "More" : "Findings",
				an_run_clock(run));
		first = false;
		body = all.at[i].text + all.at[i].body;
		body[0] = (char)toupper((unsigned char)body[0]);
		fputs("- ", out);
		an_md(out, body);
		putc('\n', out);
	}
	an_findings_free(&all);
}

static void one_run(FILE *out, const struct an_report *report, size_t at)
{
	const struct an_run *run = report->runs[at];
	char *words = an_run_words(run);

	fprintf(out, "\n## Run %zu: ", at + 1);
	an_md(out, words);
	putc('\n', out);
	free(words);
	if (an_shape_only(run))
		fputs("\nHost-clock time in emulation: shows shape and function, not speed.\n",
		      out);
	more_findings(out, report, run);
	an_pictures_md(out, report->plots, &report->pictures[at]);
	if (!an_shape_only(run))
		an_report_phases(out, run);
	an_report_numa(out, run);
	an_report_ad(out, run);
	an_report_refault(out, run);
	an_report_harness(out, run);
	an_report_boots(out, run);
	an_report_samples(out, run);
}

void an_report_write(FILE *out, const struct an_report *report)
{
	heading(out, report);
	warnings(out, report);
	findings(out, report);
	an_report_versions(out, report);
	for (size_t i = 0; i < report->run_count; i++)
		one_run(out, report, i);
	an_report_blind(out, report);
	an_report_published(out, report);
	for (size_t i = 0; i < report->run_count; i++) {
		fprintf(out, "\n## All points of run %zu (clock %s)\n", i + 1,
			an_run_clock(report->runs[i]));
		an_report_points(out, report->runs[i]);
		an_report_counters(out, report->runs[i]);
	}
	an_report_environment(out, report);
	an_report_reproduce(out, report);
}
