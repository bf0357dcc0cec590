/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was observed, shown: as tables, as one JSON document, as a run file. */
#ifndef MIGBENCH_OBSERVE_SHOW_H
#define MIGBENCH_OBSERVE_SHOW_H

#include <stdio.h>
#include <jansson.h>

#include "observe/results.h"

/* Tables; no line is longer than 100 columns. */
void ob_show_text(FILE *out, const struct ob_results *results);

/* One document, and a newline. */
void ob_show_json(FILE *out, const struct ob_results *results);

/*
 * A run file at @path; takes @env. An existing one is refused with MB_REQUEST unless @force. Returns
 * a status, after one line unless it is MB_OK.
 */
int ob_write_run(const char *path, bool force, const struct ob_results *results, json_t *env);

#endif
