// SPDX-License-Identifier: GPL-2.0-or-later
/* Subjects of mails, read. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/diff/names.h"
#include "lab/diff/sort.h"

#define WORD 40

/* The numbers in "[PATCH mm v2 3/7] …". */
static bool numbers(const char *subject, unsigned long *one, unsigned long *all)
{
	const char *open = subject ? strchr(subject, '[') : NULL;
	const char *close = open ? strchr(open, ']') : NULL;

	for (const char *p = open; p && p < close; p++)
		if (*p == '/' && isdigit((unsigned char)p[1])) {
			const char *first = p;

			while (first > open && isdigit((unsigned char)first[-1]))
				first--;
			if (first == p)
				continue;
			*one = strtoul(first, NULL, 10);
			*all = strtoul(p + 1, NULL, 10);
			return true;
		}
	return false;
}

bool lab_diff_is_cover(const char *subject)
{
	unsigned long one, all;

	return numbers(subject, &one, &all) && !one;
}

unsigned long lab_diff_number(const char *subject)
{
	unsigned long one, all;

	return numbers(subject, &one, &all) ? one : 0;
}

const char *lab_diff_title(const char *subject)
{
	subject = subject ? subject : "";
	while (*subject == '[' && strchr(subject, ']')) {
		subject = strchr(subject, ']') + 1;
		subject += strspn(subject, " ");
	}
	return subject;
}

static bool is_answer(const char *subject)
{
	return subject && !strncasecmp(subject, "re:", 3);
}

static void drop(struct lab_patches *patches, size_t i)
{
	free(patches->at[i].label);
	free(patches->at[i].subject);
	free(patches->at[i].text);
	memmove(patches->at + i, patches->at + i + 1,
		(patches->count - i - 1) * sizeof(*patches->at));
	patches->count--;
}

static int by_number(const void *left, const void *right)
{
	const struct lab_patch *a = left, *b = right;
	unsigned long one = 0, other = 0, all;

	numbers(a->subject, &one, &all);
	numbers(b->subject, &other, &all);
	return (one > other) - (one < other);
}

/* Whether all of them are of one series, each once. */
static bool is_series(const struct lab_patches *patches)
{
	unsigned long one, all, other, others;

	for (size_t i = 0; i < patches->count; i++) {
		if (!numbers(patches->at[i].subject, &one, &all))
			return false;
		for (size_t j = 0; j < i; j++)
			if (numbers(patches->at[j].subject, &other, &others) &&
			    (other == one || others != all))
				return false;
	}
	return patches->count > 1;
}

void lab_diff_sort(struct lab_patches *patches, bool alone)
{
	size_t good = 0, own = 0;

	for (size_t i = 0; i < patches->count; i++) {
		bool has = lab_diff_has(patches->at[i].text);

		good += has;
		own += has && !is_answer(patches->at[i].subject);
	}
	for (size_t i = patches->count; i-- > 0;) {
		const struct lab_patch *patch = &patches->at[i];
		bool has = lab_diff_has(patch->text), answer = is_answer(patch->subject);
		bool cover = lab_diff_is_cover(patch->subject) && !has;

		/* A quotation that answers nothing may be the very patch that was meant. */
		if ((cover && (good || !alone)) || (answer && own) ||
		    (!has && good && patch->subject && !lab_diff_quoted(patch->text)))
			drop(patches, i);
	}
	if (is_series(patches))
		qsort(patches->at, patches->count, sizeof(*patches->at), by_number);
}

char *lab_diff_word(const char *operand, const char *subject)
{
	char *real = strcmp(operand, "-") ? realpath(operand, NULL) : NULL;
	const char *file = real ? mb_base_name(real) : mb_base_name(operand);
	size_t length = strcspn(file, ".");
	char *word;

	if (!real) {
		file = *lab_diff_title(subject) ? lab_diff_title(subject) : "stdin";
		length = strlen(file);
	}
	word = mb_format("%.*s", (int)(length < WORD ? length : WORD), length ? file : "patch");
	for (char *p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._+-", *p))
			*p = '_';
	free(real);
	return word;
}
