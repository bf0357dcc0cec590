/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and sentences as the analysis writes them, and Markdown. */
#ifndef MIGBENCH_ANALYSIS_BASE_TEXT_H
#define MIGBENCH_ANALYSIS_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "core/base/text.h"

/* @text and @more as two sentences; frees both. NULL for @more is nothing more. */
char *an_append(char *text, char *more);

/* Append to the malloc'd *@text, which may move. */
void an_extend(char **text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A number as text; what is left of it is for the unit. */
struct an_figure {
	char text[72];
};

/* The functions behind the following. */
struct an_figure an_number_figure(double value);
struct an_figure an_count_figure(double value);
struct an_figure an_percent_figure(double fraction);
struct an_figure an_known_figure(double value);

/*
 * Texts that last as long as the expression that they stand in:
 * an_number: 12,345 from 100 on, 12.3 from 10 on, else 1.23.
 * an_count:  12,345 always whole.
 * an_percent: a fraction as "12 %", "3.4 %" or "0.012 %".
 * an_known:  an_number, or "–" where there is no finite value.
 */
#define an_number(value) (an_number_figure(value).text)
#define an_count(value) (an_count_figure(value).text)
#define an_percent(fraction) (an_percent_figure(fraction).text)
#define an_known(value) (an_known_figure(value).text)

/* @text as Markdown text, also inside a table: nothing in it is markup, nothing breaks the line. */
void an_md(FILE *out, const char *text);

/* @text as a Markdown code span, also inside a table. */
void an_md_code(FILE *out, const char *text);

#endif
