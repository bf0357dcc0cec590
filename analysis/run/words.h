/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that every point of a run says again, such as metrics' names: kept once for all runs. */
#ifndef MIGBENCH_ANALYSIS_RUN_WORDS_H
#define MIGBENCH_ANALYSIS_RUN_WORDS_H

#include <jansson.h>

/* A copy of @text that is good until the last run is freed, and the same for each equal text. */
const char *an_word(const char *text);

/* Have equal texts and numbers that are values of @object be one; what it says stays. */
void an_words_share(json_t *object);

/* By each run when it is made and freed; with the last run all words go. */
void an_words_hold(void);
void an_words_release(void);

#endif
