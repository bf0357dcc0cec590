/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in lines of a given width, and lines that a mailer leaves as they are. */
#ifndef MIGBENCH_ANALYSIS_BASE_WRAP_H
#define MIGBENCH_ANALYSIS_BASE_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define AN_TERMINAL 79 /* columns */
#define AN_MAIL 75

/* Columns that @text takes: its characters of UTF-8. */
size_t an_width(const char *text);

/*
 * @text in lines of @width columns at most, broken at blanks (but not before a sign of percent), with
 * @hang before each but the first.
 * A word that is longer than a line has one of its own; with @hard it is broken, behind a comma or a
 * slash where it has one. Control characters are '?'.
 */
void an_wrap(FILE *out, const char *text, size_t width, const char *hang, bool hard);

/*
 * @text as a mail carries it unchanged, in any encoding and also as format=flowed; malloc'd. What is
 * not ASCII is written otherwise or '?', a tab is a blank, no line ends with a blank, and one that
 * begins with what a mailer or git takes for its own (a blank, ">", "From ", "---", "diff -",
 * "Index: ") begins with a dot instead. Lines become longer by that dot, and by nothing else: for
 * one character of what is not ASCII there is one.
 */
char *an_mailable(const char *text);

#endif
