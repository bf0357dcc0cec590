/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of the user's own, executed again and again and counted. */
#ifndef MIGBENCH_BENCH_PROGRAM_H
#define MIGBENCH_BENCH_PROGRAM_H

#include "bench/case.h"

struct mb_program;

/*
 * What "own.program" is in a point's name for the command @words: the program's base name and its
 * arguments, without what a suite and a name reserve; malloc'd.
 */
char *mb_program_name(char *const *words);

/*
 * Get ready to execute @words, NULL-terminated, which must outlive it. Returns NULL with @why: no
 * such program, or no room for its marks. From now on the caller runs before all that
 * it executes. mb_program_close() in any other case.
 */
struct mb_program *mb_program_open(char *const *words, char why[MB_WHY]);
void mb_program_close(struct mb_program *program);

/*
 * Execute it once, with no input; its output goes nowhere. *@total becomes the instructions between
 * its marks (include/migbench/mark.h), or from exec to exit without any. false with @why: it could
 * not be executed, ended with another status than 0, or set marks that do not fit.
 */
bool mb_program_count(struct mb_program *program, double *total, char why[MB_WHY]);

/* The same, not to be counted: its output is shown on stderr, and MB_PROGRAM_FILES written. */
bool mb_program_show(struct mb_program *program, char why[MB_WHY]);

#endif
