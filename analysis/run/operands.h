/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs that a command line names, and whether they can be compared at all. */
#ifndef MIGBENCH_ANALYSIS_RUN_OPERANDS_H
#define MIGBENCH_ANALYSIS_RUN_OPERANDS_H

#include "analysis/run/run.h"

/*
 * Read @list, one run file or several with commas between them, as one run:
 * each file is further boots of the first. Returns MB_OK with the run in *@run,
 * which the caller frees, or MB_REQUEST after one line on stderr.
 */
int an_operand_read(const char *list, struct an_run **run);

/*
 * Whether the runs can be compared: one clock, valid unless @force, under
 * insns the same seed and plan, and under time the same node where a cluster
 * ran them. MB_OK, or MB_REQUEST after one line on stderr.
 */
int an_operands_check(struct an_run *const *runs, size_t count, bool force);

/*
 * Times of two machines differ by the machines, whatever the kernels do: whether no two runs under
 * time name different nodes. MB_OK, or MB_REQUEST after one line on stderr.
 */
int an_operands_check_nodes(struct an_run *const *runs, size_t count);

#endif
