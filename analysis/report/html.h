/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of a report as one HTML file. */
#ifndef MIGBENCH_ANALYSIS_REPORT_HTML_H
#define MIGBENCH_ANALYSIS_REPORT_HTML_H

#include "analysis/plot/staging.h"
#include "analysis/report/pages.h"
#include "analysis/report/report.h"

/* Open a stage for the file @path, whose pictures are drawn as SVG only. As an_staging_open(). */
int an_report_html_open(struct an_staging *stage, const char *path, bool force);

/*
 * Write the draft of an opened stage, once its pictures are drawn. Returns MB_OK, or MB_REQUEST or
 * MB_MACHINE after one line on stderr.
 */
int an_report_html(const struct an_report *report, const struct an_pages *pages,
		   const struct an_staging *stage);

#endif
