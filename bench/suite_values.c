// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of one key of a suite, and what is wrong with them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/scene/sizes.h"
#include "bench/suite_values.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"

int mb_suite_complain(struct mb_suite_reader *reader, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (reader->failed)
		return 0;
	reader->failed = true;
	va_start(ap, fmt);
	text = mb_vformat(fmt, ap);
	va_end(ap);
	if (reader->path)
		mb_fail(MB_REQUEST, "%s:%d: %s", reader->path, reader->line, text);
	else
		mb_fail(MB_REQUEST, "--set: %s", text);
	free(text);
	return 0;
}

const char *mb_suite_allowed(const char *const *words, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (; *words && used < size; words++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
					 *words);
	return text;
}

static bool read_value(const struct mb_param *param, const char *text, struct mb_value *value)
{
	switch (param->kind) {
	case MB_WORD:
		for (const char *const *word = param->words; *word; word++)
			if (!strcmp(*word, text))
				return true;
		return false;
	case MB_NUMBER:
		return mb_number(text, param->min, param->max, &value->number) ||
		       (!strcmp(param->name, "batch") && !strcmp(text, MB_SIZE_PMD));
	case MB_NODES:
		return mb_nodes_read(text, value);
	case MB_TEXT:
		return *text;
	}
	return false;
}

static int bad_value(struct mb_suite_reader *reader, const struct mb_param *param, const char *text)
{
	char words[256];

	switch (param->kind) {
	case MB_WORD:
		return mb_suite_complain(reader, "%s: unknown value '%s'; allowed: %s", param->name,
					 text,
					 mb_suite_allowed(param->words, words, sizeof(words)));
	case MB_NUMBER:
		return mb_suite_complain(reader, "%s: '%s' is not a number from %lu to %lu",
					 param->name, text, param->min, param->max);
	case MB_TEXT:
		return mb_suite_complain(reader, "%s: a word is missing", param->name);
	case MB_NODES:
		break;
	}
	return mb_suite_complain(
		reader,
		"%s: '%s' is not FROM>TO with node numbers from 0 to 1023, nor " MB_NODES_NEAREST
		", " MB_NODES_BACK " or " MB_NODES_LOCAL,
		param->name, text);
}

int mb_suite_values(struct mb_suite_reader *reader, const struct mb_param *param, const char *list,
		    struct mb_values *values)
{
	char *copy = mb_strdup(list), *rest = copy, *word, *end, *behind;
	int good = 1;

	values->count = 0;
	while (good && (word = strsep(&rest, ","))) {
		struct mb_value *value = &values->at[values->count];

		word += strspn(word, " \t");
		end = word + strcspn(word, " \t");
		behind = end + strspn(end, " \t");
		memset(value, 0, sizeof(*value));
		if (*behind)
			good = mb_suite_complain(reader, "%s: a comma is missing before '%s'",
						 param->name, behind);
		*end = '\0';
		if (!good)
			break;
		if (values->count == MB_MAX_VALUES - 1)
			good = mb_suite_complain(reader, "%s: more than %d values", param->name,
						 MB_MAX_VALUES - 1);
		else if (!read_value(param, word, value))
			good = bad_value(reader, param, word);
		for (size_t i = 0; good && i < values->count; i++)
			if (!strcmp(values->at[i].text, word))
				good = mb_suite_complain(reader,
							 "%s: '%s' stands twice in the list",
							 param->name, word);
		if (good) {
			mb_list_add(reader->texts, "%s", word);
			value->text = reader->texts->at[reader->texts->count - 1];
			values->count++;
		}
	}
	free(copy);
	return good;
}
