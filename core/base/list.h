/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing list of strings. */
#ifndef MIGBENCH_CORE_BASE_LIST_H
#define MIGBENCH_CORE_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* It owns its strings; at[count] is NULL, so that it can be an argv. All zero is empty. */
struct mb_list {
	char **at;
	size_t count;
};

void mb_list_add(struct mb_list *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mb_list_sort(struct mb_list *list);
/* Whether @word, unless it is NULL, is among them. */
bool mb_list_has(const struct mb_list *list, const char *word);
void mb_list_free(struct mb_list *list);

/* Add the comma-separated words of @text, without the spaces around them. */
void mb_list_split(struct mb_list *list, const char *text);

/* The words joined by ", " for a message; malloc'd. "none" when there are none. */
char *mb_list_join(const struct mb_list *list);

#endif
