// SPDX-License-Identifier: GPL-2.0-or-later
/* apt's source files, read as sources.list(5) says and written for another suite. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/kernel/apt.h"

#define BLANKS " \t\r\n"

static bool ends_with(const char *word, size_t length, const char *suffix)
{
	size_t size = strlen(suffix);

	return length > size && !strncmp(word + length - size, suffix, size);
}

/*
 * Whether an entry for this suite leads to where @wanted is: security has an archive of its own;
 * backports and releases lie where the release does. A path ("./") has no suites beside it.
 */
static bool leads_to(const char *word, size_t length, const char *wanted)
{
	bool security = ends_with(wanted, strlen(wanted), "-security");

	if (memchr(word, '/', length))
		return false;
	return security ? ends_with(word, length, "-security") : !memchr(word, '-', length);
}

/* The end of a field: a line that begins with a blank continues it. */
static const char *field_end(const char *at)
{
	do {
		at = strchrnul(at, '\n');
		at += *at == '\n';
	} while (*at == ' ' || *at == '\t');
	return at;
}

static bool any_word_leads(const char *at, const char *end, const char *suite)
{
	while (at < end) {
		size_t length;

		at += strspn(at, BLANKS);
		length = strcspn(at, BLANKS);
		if (at < end && length && leads_to(at, length, suite))
			return true;
		at += length ? length : 1;
	}
	return false;
}

/* One stanza of deb822, up to @end. */
static void retarget_stanza(const char *at, const char *end, const char *suite, FILE *out)
{
	static const char suites[] = "Suites:", types[] = "Types:";
	bool leads = false;

	for (const char *p = at; p < end; p = field_end(p))
		if (!strncasecmp(p, suites, strlen(suites)))
			leads = any_word_leads(p + strlen(suites), field_end(p), suite);
	for (const char *p = at; leads && p < end; p = field_end(p)) {
		if (!strncasecmp(p, suites, strlen(suites)))
			fprintf(out, "Suites: %s\n", suite);
		else if (!strncasecmp(p, types, strlen(types)))
			fputs("Types: deb\n", out);
		else if (*p != '#' && *p != '\n')
			fprintf(out, "%.*s", (int)(field_end(p) - p), p);
	}
	if (leads)
		fputs("\n", out);
}

/* "deb [ options ] URI SUITE COMPONENT…" */
static void retarget_line(const char *at, const char *end, const char *suite, FILE *out)
{
	const char *word = at + strspn(at, " \t"), *uri_end;
	size_t length;

	if (strncmp(word, "deb", 3) || !strchr(" \t", word[3]))
		return;
	word += 3 + strspn(word + 3, " \t");
	if (*word == '[') {
		word = strchrnul(word, ']');
		word += *word == ']';
		word += strspn(word, " \t");
	}
	uri_end = word + strcspn(word, BLANKS);
	word = uri_end + strspn(uri_end, " \t");
	length = strcspn(word, BLANKS);
	if (word < end && length && leads_to(word, length, suite))
		fprintf(out, "%.*s %s%.*s\n", (int)(uri_end - at), at, suite,
			(int)(end - word - (long)length), word + length);
}

char *lab_apt_retarget(const char *text, bool deb822, const char *suite)
{
	char *result = NULL;
	size_t size;
	FILE *out = mb_text_open(&result, &size);
	const char *end;

	for (const char *at = text; *at; at = end) {
		end = strchrnul(at, '\n');
		if (deb822) {
			/* Up to the next empty line. */
			while (*end && end[1] != '\n' && end[1])
				end = strchrnul(end + 1, '\n');
			end += *end == '\n';
			retarget_stanza(at, end, suite, out);
		} else {
			retarget_line(at, end, suite, out);
			end += *end == '\n';
		}
	}
	mb_text_close(out);
	return result;
}
