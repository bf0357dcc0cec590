/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word as a shell takes it. */
#ifndef MIGBENCH_CORE_BASE_QUOTE_H
#define MIGBENCH_CORE_BASE_QUOTE_H

#include <stdio.h>

/*
 * Write @word, between quotes unless it is plain; what would move a terminal as $'\033', which bash takes for the
 * same bytes.
 */
void mb_put_word(FILE *out, const char *word);

#endif
