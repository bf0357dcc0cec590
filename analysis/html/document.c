// SPDX-License-Identifier: GPL-2.0-or-later
/* The file around the pages: page.html with its style, its script and the contents put in. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/html/page.h"
#include "core/base/files.h"
#include "core/datadir.h"
#include "core/status.h"

/* The headings of the first two levels as lists in a list: @counts of each page. */
static void contents(FILE *out, const struct an_html_headings *headings, const size_t *ends,
		     size_t count)
{
	fputs("<ul>\n", out);
	for (size_t page = 0, i = 0; page < count; page++) {
		bool open = false, inner = false;

		for (; i < ends[page]; i++) {
			const struct an_html_heading *heading = &headings->at[i];

			if (heading->level > 2)
				continue;
			if (heading->level == 2 && open && !inner) {
				fputs("<ul>\n", out);
				inner = true;
			} else if (heading->level == 1 && open) {
				fputs(inner ? "</ul></li>\n" : "</li>\n", out);
				inner = false;
			}
			fprintf(out, "<li><a href=\"#%s\">", heading->id);
			an_html_text(out, heading->text);
			fputs("</a>", out);
			if (inner || heading->level == 2)
				fputs("</li>\n", out);
			else
				open = true;
		}
		if (open)
			fputs(inner ? "</ul></li>\n" : "</li>\n", out);
	}
	fputs("</ul>\n", out);
}

struct parts {
	const struct an_html *html;
	struct an_html_headings headings;
	char **pages;
	size_t *ends; /* how many headings there are up to the end of each page */
	char *style, *script;
};

/* What stands for @word@ in page.html; false: nothing does. */
static bool put(FILE *out, const struct parts *parts, const char *word)
{
	const struct an_html *html = parts->html;

	if (!strcmp(word, "title")) {
		an_html_text(out, parts->headings.count ? parts->headings.at[0].text : "migbench");
	} else if (!strcmp(word, "style")) {
		fputs(parts->style, out);
	} else if (!strcmp(word, "script")) {
		fputs(parts->script, out);
	} else if (!strcmp(word, "contents")) {
		contents(out, &parts->headings, parts->ends, html->count);
	} else if (!strcmp(word, "pages")) {
		for (size_t i = 0; i < html->count; i++)
			fputs(parts->pages[i], out);
	} else if (!strcmp(word, "kernels")) {
		for (size_t i = 0; i < html->kernel_count; i++) {
			fputs(i ? " " : "", out);
			an_html_text(out, html->kernels[i]);
		}
	} else {
		return false;
	}
	return true;
}

static void fill(FILE *out, const struct parts *parts, const char *at)
{
	char word[16];
	int length;

	while (*at) {
		length = 0;
		if (sscanf(at, "@%15[a-z]@%n", word, &length) == 1 && length &&
		    put(out, parts, word))
			at += length;
		else
			putc(*at++, out);
	}
}

/* A file of this room's; NULL after one line on stderr. */
static char *installed(const char *name)
{
	char *relative = mb_format("analysis/html/%s", name), *path = mb_data_path(relative);
	char *text = mb_read_file(path, NULL);

	if (!text)
		mb_fail(MB_MACHINE,
			"%s: cannot read it; it belongs to migbench, which is to be installed "
			"again, or set MIGBENCH_DATA",
			path);
	free(relative);
	free(path);
	return text;
}

int an_html_write(FILE *out, const struct an_html *html)
{
	struct parts parts = { .html = html };
	char *page = installed("page.html");
	int status = MB_MACHINE;

	parts.style = page ? installed("page.css") : NULL;
	parts.script = parts.style ? installed("page.js") : NULL;
	parts.pages = mb_alloc(html->count, sizeof(*parts.pages));
	parts.ends = mb_alloc(html->count, sizeof(*parts.ends));
	if (parts.script) {
		for (size_t i = 0; i < html->count; i++) {
			parts.pages[i] = an_html_page(html, i, &parts.headings);
			parts.ends[i] = parts.headings.count;
		}
		fill(out, &parts, page);
		status = MB_OK;
	}
	for (size_t i = 0; i < html->count; i++)
		free(parts.pages[i]);
	for (size_t i = 0; i < parts.headings.count; i++) {
		free(parts.headings.at[i].id);
		free(parts.headings.at[i].text);
	}
	free(parts.headings.at);
	free(parts.pages);
	free(parts.ends);
	free(parts.style);
	free(parts.script);
	free(page);
	return status;
}
