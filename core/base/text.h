/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory and text, with one way to run out of memory: one line, and the end with MB_MACHINE. */
#ifndef MIGBENCH_CORE_BASE_TEXT_H
#define MIGBENCH_CORE_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* What each of the following does instead of returning NULL. */
void mb_no_memory(void) __attribute__((noreturn));

/* Zeroed memory for @count things of @size bytes, at least one; the caller frees. */
void *mb_alloc(size_t count, size_t size);

/* @array with room for @count things of @size; what is new is not zeroed. */
void *mb_resize(void *array, size_t count, size_t size);

/* Room for one more thing of @size in @array, which holds @count of *@capacity; returns it. */
void *mb_grow(void *array, size_t *capacity, size_t count, size_t size);

/* @text, or a formatted text; malloc'd. */
char *mb_strdup(const char *text);
char *mb_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *mb_vformat(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

/*
 * A stream whose bytes become *@text (malloc'd, NUL-terminated) and *@size when mb_text_close()
 * closes it.
 */
FILE *mb_text_open(char **text, size_t *size);
void mb_text_close(FILE *out);

#endif
