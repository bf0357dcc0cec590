// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers and sentences as the analysis writes them, and Markdown. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "core/base/plain.h"

char *an_append(char *text, char *more)
{
	char *both;

	if (!more)
		return text;
	both = mb_format("%s%s%s", text, *text && *more ? " " : "", more);
	free(text);
	free(more);
	return both;
}

void an_extend(char **text, const char *fmt, ...)
{
	char *more, *both;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&more, fmt, ap) < 0)
		mb_no_memory();
	va_end(ap);
	both = mb_format("%s%s", *text, more);
	free(*text);
	free(more);
	*text = both;
}

/* "-1234567.25" to "-1,234,567.25". */
static struct an_figure separated(double value, int decimals)
{
	struct an_figure figure;
	char plain[sizeof(figure.text)], *to = figure.text;
	const char *from = plain;
	size_t whole;

	if (fabs(value) >= 1e15) {
		snprintf(figure.text, sizeof(figure.text), "%.3g", value);
		return figure;
	}
	snprintf(plain, sizeof(plain), "%.*f", decimals, value);
	if (*from == '-') {
		/* "-0" is zero. */
		if (strspn(from, "-0.") == strlen(from))
			from++;
		else
			*to++ = *from++;
	}
	whole = strcspn(from, ".");
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			*to++ = ',';
		*to++ = from[i];
	}
	strcpy(to, from + whole);
	return figure;
}

struct an_figure an_number_figure(double value)
{
	double size = fabs(value);

	if (size == floor(size) && size < 100)
		return separated(value, 0);
	return separated(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

struct an_figure an_count_figure(double value)
{
	return separated(value, 0);
}

struct an_figure an_percent_figure(double fraction)
{
	double percent = fraction * 100, size = fabs(percent);
	int decimals = size >= 9.95 || size == 0 ? 0 : size >= 0.995 ? 1 : size >= 0.0995 ? 2 : 3;
	double scale = pow(10, decimals);
	struct an_figure figure;

	/* What has no further decimals shows none: 0.1 %, not 0.10 %. */
	for (; decimals && fabs(percent * scale / 10 - round(percent * scale / 10)) < 1e-9;
	     scale /= 10)
		decimals--;
	figure = separated(percent, decimals);
	strcat(figure.text, " %");
	return figure;
}

struct an_figure an_known_figure(double value)
{
	return isfinite(value) ? an_number_figure(value) : (struct an_figure){ "–" };
}

void an_md(FILE *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		size_t control = mb_control(p);

		if (control) {
			putc(' ', out);
			p += control - 1;
			continue;
		}
		if (*p == '<') {
			fputs("&lt;", out);
			continue;
		}
		if (*p == '&') {
			fputs("&amp;", out);
			continue;
		}
		if (strchr("\\`*[]|~#!", *p))
			putc('\\', out);
		/* Inside a word an underscore is no markup, and reads better bare. */
		if (*p == '_' &&
		    (p == text || !isalnum((unsigned char)p[-1]) || !isalnum((unsigned char)p[1])))
			putc('\\', out);
		putc(*p, out);
	}
}

void an_md_code(FILE *out, const char *text)
{
	putc('`', out);
	for (const char *p = text; *p; p++) {
		size_t control = mb_control(p);

		if (*p == '|')
			putc('\\', out);
		/* A code span has no escape for its own quote. */
		putc(control ? ' ' : *p == '`' ? '\'' : *p, out);
		p += control ? control - 1 : 0;
	}
	putc('`', out);
}
