// SPDX-License-Identifier: GPL-2.0-or-later
/* A picture of gnuplot inside a page: its name, and ids of its own. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/html/page.h"
#include "core/base/files.h"

/* What stands before an id, where it is given and where it is used. */
static const char *const before_id[] = { " id='", " id=\"", "href='#", "href=\"#", "url(#" };

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Behind the element at @at of @name if it is one with nothing in it; else @at. */
static const char *past_empty(const char *at, const char *name)
{
	const char *end = begins(at, name) ? strchr(at, '>') : NULL;

	if (!end)
		return at;
	end++;
	end += strspn(end, " \t\r\n");
	return begins(end, "</g>") ? end + 4 : at;
}

/* Behind the element at @at if it is @open…@close; else @at. */
static const char *past(const char *at, const char *open, const char *close)
{
	const char *end = begins(at, open) ? strstr(at, close) : NULL;

	return end ? end + strlen(close) : at;
}

/* The tag <svg …> without what only a file of its own needs; returns what follows. */
static const char *copy_tag(FILE *out, const char *at)
{
	while (*at && *at != '>') {
		size_t length = 1;

		if (isspace((unsigned char)*at) && begins(at + strspn(at, " \t\r\n"), "xmlns")) {
			at = strchr(at + strspn(at, " \t\r\n"), '"');
			at = at ? strchr(at + 1, '"') : NULL;
			if (!at)
				return "";
			at++;
			continue;
		}
		fwrite(at, 1, length, out);
		at += length;
	}
	return at;
}

/* The body: ids get their prefix, groups that draw nothing go. */
static void copy_body(FILE *out, const char *at, const char *prefix)
{
	const char *next;

	while (*at) {
		next = past_empty(at, "<g ");
		if (next != at) {
			at = next + strspn(next, "\r\n");
			continue;
		}
		for (size_t i = 0; i < sizeof(before_id) / sizeof(before_id[0]); i++)
			if (begins(at, before_id[i])) {
				fputs(before_id[i], out);
				fputs(prefix, out);
				at += strlen(before_id[i]);
				break;
			}
		if (*at)
			putc(*at++, out);
	}
}

char *an_html_picture(const char *path, const char *alt, const char *prefix)
{
	char *file = mb_read_file(path, NULL), *text = NULL;
	const char *at = file ? strstr(file, "<svg") : NULL;
	size_t size;
	FILE *out;

	if (!at) {
		free(file);
		return NULL;
	}
	out = mb_text_open(&text, &size);
	fputs("<svg role=\"img\" aria-label=\"", out);
	an_html_text(out, alt);
	putc('"', out);
	at = copy_tag(out, at + strlen("<svg"));
	if (*at)
		putc(*at++, out);
	/* Who drew it says nothing to who reads it. */
	at += strspn(at, " \t\r\n");
	at = past(at, "<title>", "</title>");
	at += strspn(at, " \t\r\n");
	at = past(at, "<desc>", "</desc>");
	copy_body(out, at, prefix);
	mb_text_close(out);
	free(file);
	return text;
}
