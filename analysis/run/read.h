/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading run files (docs: the run file's format in core/record/record.h and the design). */
#ifndef MIGBENCH_ANALYSIS_RUN_READ_H
#define MIGBENCH_ANALYSIS_RUN_READ_H

#include "analysis/run/run.h"

/*
 * Read the run file @path. Returns MB_OK with the run in *@run, which the
 * caller frees, or MB_REQUEST after one line on stderr that names the file and
 * the line, with *@run NULL. A last line cut short is dropped, and a missing
 * end record is accepted, each with a note on stderr.
 */
int an_run_read(const char *path, struct an_run **run);

/*
 * Read @count files. Those that are boots of one experiment (an_run_join) become
 * one run if @join; the same run given twice is refused. On MB_OK *@runs holds *@run_count of them, in the order of
 * the files; free them with an_runs_free().
 */
int an_runs_read(char *const *paths, size_t count, bool join, struct an_run ***runs,
		 size_t *run_count);
void an_runs_free(struct an_run **runs, size_t count);

#endif
