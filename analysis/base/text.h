/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and text for the analysis. Without memory these print one line and
 * end the program with status 3: nothing here can be half done.
 */
#ifndef MIGBENCH_ANALYSIS_BASE_TEXT_H
#define MIGBENCH_ANALYSIS_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Zeroed memory for @count things of @size bytes; the caller frees. */
void *an_alloc(size_t count, size_t size);

/* Room for one more thing of @size in @array, which holds *@count of *@capacity; returns it. */
void *an_grow(void *array, size_t *capacity, size_t count, size_t size);

char *an_strdup(const char *text);
char *an_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* @text and @more as two sentences; frees both. NULL for @more is nothing more. */
char *an_append(char *text, char *more);

/*
 * The following return one of a ring of 32 static buffers, good for one printf.
 *
 * an_number: 12,345 from 100 on, 12.3 from 10 on, else 1.23.
 * an_count:  12,345 always whole.
 * an_percent: a fraction as "12 %", "3.4 %" or "0.012 %".
 */
const char *an_number(double value);
const char *an_count(double value);
const char *an_percent(double fraction);

/* @text as Markdown text, also inside a table: nothing in it is markup, nothing breaks the line. */
void an_md(FILE *out, const char *text);

/* @text as a Markdown code span, also inside a table. */
void an_md_code(FILE *out, const char *text);

#endif
