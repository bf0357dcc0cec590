// SPDX-License-Identifier: GPL-2.0-or-later
/* The first page of a report. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/pages.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"

static void heading(FILE *out, const struct an_report *report)
{
	fputs("# " AN_REPORT_TITLE "\n\n", out);
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

/* One picture: kernels side by side, or the first that a run has. */
static void picture(FILE *out, const struct an_report *report)
{
	const struct an_pictures *lists[] = { &report->versions[1], &report->versions[0],
					      report->pictures };
	const struct an_picture *one = NULL;

	for (size_t l = 0; l < 3 && !one; l++)
		for (size_t i = 0; i < lists[l]->count && !one; i++)
			if (lists[l]->at[i].name)
				one = &lists[l]->at[i];
	if (!one)
		return;
	fputs("\n![", out);
	an_md(out, one->alt);
	fprintf(out, "](<%s%s.png>)\n", report->plots, one->name);
}

static void links(FILE *out, const struct an_report *report, const struct an_pages *pages)
{
	fputs("\n## All of it\n\n", out);
	for (size_t i = 1; i < pages->count; i++) {
		fputs("- [", out);
		an_md(out, pages->at[i].title);
		fprintf(out, "](<%s%s>): ", report->pages, pages->at[i].name);
		an_md(out, pages->at[i].what);
		fputs(".\n", out);
	}
}

void an_first_page(FILE *out, const struct an_report *report, const struct an_pages *pages)
{
	heading(out, report);
	warnings(out, report);
	findings(out, report);
	picture(out, report);
	links(out, report, pages);
}
