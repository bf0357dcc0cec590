// SPDX-License-Identifier: GPL-2.0-or-later
/* A growing list of strings. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"

void mb_list_add(struct mb_list *list, const char *fmt, ...)
{
	va_list ap;
	char **at = mb_resize(list->at, list->count + 2, sizeof(*at));

	list->at = at;
	va_start(ap, fmt);
	if (vasprintf(&at[list->count++], fmt, ap) < 0)
		mb_no_memory();
	va_end(ap);
	list->at[list->count] = NULL;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void mb_list_sort(struct mb_list *list)
{
	if (list->count)
		qsort(list->at, list->count, sizeof(*list->at), by_text);
}

bool mb_list_has(const struct mb_list *list, const char *word)
{
	for (size_t i = 0; word && i < list->count; i++)
		if (!strcmp(list->at[i], word))
			return true;
	return false;
}

void mb_list_free(struct mb_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct mb_list){ 0 };
}

void mb_list_split(struct mb_list *list, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, ","), end = length;

		while (end && isspace((unsigned char)text[end - 1]))
			end--;
		while (end && isspace((unsigned char)*text)) {
			text++;
			end--;
			length--;
		}
		mb_list_add(list, "%.*s", (int)end, text);
		text += length;
		text += *text == ',';
	}
}

char *mb_list_join(const struct mb_list *list)
{
	char *text = mb_strdup(list->count ? list->at[0] : "none");

	for (size_t i = 1; i < list->count; i++) {
		char *longer = mb_format("%s, %s", text, list->at[i]);

		free(text);
		text = longer;
	}
	return text;
}
