/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stood around the measurements: the run record's env, key by key over several runs. */
#ifndef MIGBENCH_ANALYSIS_RUN_ENVIRONMENT_H
#define MIGBENCH_ANALYSIS_RUN_ENVIRONMENT_H

#include "analysis/run/run.h"

/* What a run should record, in the order in which it is told; NULL ends the list. */
extern const char *const an_env_keys[];

/* A value of env as one line of text: NULL is "not recorded"; malloc'd. */
char *an_env_words(const json_t *value);

/*
 * Shorten the malloc'd @words in place, where any is too long for a table: to a stretch that begins
 * with the clause in which they first differ. "…" stands for what is left out.
 */
void an_env_shorten(char **words, size_t count);

/*
 * {key: [value of each run]} for every key that is not the same in all runs; a
 * run that lacks it has null there. A new reference.
 */
json_t *an_env_differences(struct an_run *const *runs, size_t count);

/* Those of an_env_keys that no run has: an array of texts, a new reference. */
json_t *an_env_missing(struct an_run *const *runs, size_t count);

#endif
