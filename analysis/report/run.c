// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of one run. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"

/* What it says, without its kernel and clock, which are the title. */
static void findings(FILE *out, const struct an_run *run)
{
	struct an_findings all = { 0 };

	an_findings_of(run, true, &all);
	if (all.count)
		fputs("\n## Findings\n\n", out);
	for (size_t i = 0; i < all.count; i++) {
		char *body = all.at[i].text + all.at[i].body;

		body[0] = (char)toupper((unsigned char)body[0]);
		fputs("- ", out);
		an_md(out, body);
		putc('\n', out);
	}
	an_findings_free(&all);
}

void an_report_run(FILE *out, const struct an_report *report, size_t at)
{
	const struct an_run *run = report->runs[at];

	if (an_shape_only(run))
		fputs("\nHost-clock time in emulation: shows shape and function, not speed.\n",
		      out);
	findings(out, run);
	an_pictures_md(out, AN_PAGE_PLOTS, &report->pictures[at]);
	if (!an_shape_only(run))
		an_report_phases(out, run);
	an_report_numa(out, run);
	an_report_ad(out, run);
	an_report_refault(out, run);
	an_report_harness(out, run);
	an_report_boots(out, run);
	an_report_samples(out, run);
	an_report_witnesses(out, run);
}
