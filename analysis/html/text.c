// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts: from files, and into HTML. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/html/page.h"

char *an_html_file(const char *path)
{
	FILE *in = fopen(path, "re");
	char part[16384], *text = NULL;
	size_t size, got;
	FILE *out;

	if (!in)
		return NULL;
	out = mb_text_open(&text, &size);
	while ((got = fread(part, 1, sizeof(part), in)))
		fwrite(part, 1, got, out);
	mb_text_close(out);
	if (ferror(in)) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}

void an_html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			putc(*text, out);
		}
	}
}
