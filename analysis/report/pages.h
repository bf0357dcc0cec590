/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of a report: the first one, and those that it links to. */
#ifndef MIGBENCH_ANALYSIS_REPORT_PAGES_H
#define MIGBENCH_ANALYSIS_REPORT_PAGES_H

#include <stddef.h>

struct an_report;

struct an_page {
	char *name; /* of its file: "REPORT.md" for the first, then "side-by-side.md" and the like */
	char *title; /* plain text; the page begins with it as its heading */
	char *what; /* what is there, for the list on the first page; plain text */
	/*
	 * Markdown. The first links to plots and pages with what report->plots and report->pages
	 * say, each (<PREFIXname>); another one to (<../plots/name>), to (<name.md>) beside it, and
	 * to report->home.
	 */
	char *text;
};

struct an_pages {
	struct an_page *at; /* the first page first */
	size_t count, capacity;
};

/* All pages of @report, whose pictures are drawn; free with an_pages_free(). */
void an_report_pages(const struct an_report *report, struct an_pages *pages);
void an_pages_free(struct an_pages *pages);

#endif
