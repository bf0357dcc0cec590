/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a comparison that is posted as plain text, below a patch. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_LKML_H
#define MIGBENCH_ANALYSIS_COMPARE_LKML_H

#include "analysis/compare/compare.h"

/* Columns: one less than a mail has, for what an_mailable() may put before a line. */
#define AN_LKML_WIDTH 74

/* "+8.25%", or "x12.3" where a percentage says little; malloc'd. */
char *an_change_words(double ratio);

/* The table of all points, benchmark by benchmark; what is beside a verdict stands below it. */
void an_lkml_table(FILE *out, const struct an_comparison *c);

/*
 * The commands that made the two runs, and this one, as a shell takes them; the words of @command,
 * if there are any, in place of all of them.
 */
void an_lkml_commands(FILE *out, const struct an_comparison *c, const struct mb_strings *command);

#endif
