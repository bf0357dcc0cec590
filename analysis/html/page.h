/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room tell each other. */
#ifndef MIGBENCH_ANALYSIS_HTML_PAGE_H
#define MIGBENCH_ANALYSIS_HTML_PAGE_H

#include <stddef.h>

#include "analysis/html/html.h"

struct an_html_heading {
	int level; /* in its own page, from 1 */
	char *id, *text;
};

struct an_html_headings {
	struct an_html_heading *at;
	size_t count, capacity;
};

/* Page @at as HTML, malloc'd; its headings are added to @headings, whose texts are malloc'd. */
char *an_html_page(const struct an_html *html, size_t at, struct an_html_headings *headings);

/*
 * The picture @path, an SVG file of gnuplot, as a part of a page, malloc'd: named @alt, its ids
 * beginning with @prefix, because those of all pictures are the same. NULL: it can't be read.
 */
char *an_html_picture(const char *path, const char *alt, const char *prefix);

/* @text with what HTML would take for its own written out. */
void an_html_text(FILE *out, const char *text);

#endif
