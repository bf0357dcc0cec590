/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command prints: no name that others chose moves the terminal. */
#ifndef MIGBENCH_CORE_BASE_SAY_H
#define MIGBENCH_CORE_BASE_SAY_H

#include <stdio.h>

/* @text as mb_plain() has it; malloc'd. */
char *mb_shown(const char *text);

/* Print one line of prose, its control characters as mb_plain() has them. */
void mb_say(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Print what a script may take from stdout: a name alone on its line, or the lines of a @text. It is byte for byte
 * what it is, but on a terminal, which sees it as mb_plain() has each line.
 */
void mb_put_name(const char *name);
void mb_put_lines(const char *text);

#endif
