/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markdown pages and their pictures as one HTML file that needs nothing else. */
#ifndef MIGBENCH_ANALYSIS_HTML_HTML_H
#define MIGBENCH_ANALYSIS_HTML_HTML_H

#include <stddef.h>
#include <stdio.h>

struct an_html_page {
	const char *name; /* of its file: links to it lead to the page */
	const char *markdown;
};

struct an_html {
	const struct an_html_page *pages; /* the first one has the file's title */
	size_t count;
	const char *pictures; /* the folder of NAME.svg, for what the pages show as …/NAME.png */
	const char *const
		*kernels; /* column headings that are a point's history, the oldest first */
	size_t kernel_count;
};

/*
 * Write all pages into @out. Returns MB_OK, or MB_MACHINE after one line on stderr where a file of
 * analysis/html/ is missing; whether @out took it is for the caller to ask.
 */
int an_html_write(FILE *out, const struct an_html *html);

#endif
