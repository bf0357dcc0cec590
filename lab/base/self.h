/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This program itself: where it lies, what lies beside it, and other commands of it. */
#ifndef MIGBENCH_LAB_BASE_SELF_H
#define MIGBENCH_LAB_BASE_SELF_H

#include <stdbool.h>

#include "core/base/list.h"
#include "core/options.h"

/* In the environment of a migbench that another one started: the first alone speaks. */
#define LAB_CHILD "MIGBENCH_CHILD"

/* mb_self_path() and mb_built_path(), but NULL comes after one line. */
char *lab_self_path(void);
char *lab_self_beside(const char *name);

/* A command line that begins with this very program. */
void lab_self_begin(struct mb_list *words, const char *command, const char *subcommand);

/* Add what lab run and lab profile measure and where; @topology NULL: the default. */
void lab_self_words(struct mb_list *words, const char *suite, const char *topology,
		    const struct mb_strings *set, bool quiet);

/*
 * Run it, its stdout to @out (-1: nowhere), its stderr to ours, and empty @words. Returns the exit
 * status; MB_MACHINE after one line when it could not be started, without one when interrupted.
 */
int lab_self_run(struct mb_list *words, int out);

/* The same without its stdout, and with its stderr only once it has failed. */
int lab_self_run_quietly(struct mb_list *words);

/* The same with its stdout, malloc'd, in *@output; NULL unless the status is MB_OK or MB_BAD. */
int lab_self_capture(struct mb_list *words, char **output);

/*
 * Whether @word of a command of ours, which has been parsed, gives @option ("--out"): also with =VALUE, and by a
 * beginning that getopt_long(3) took for it.
 */
bool lab_self_option(const char *word, const char *option);

#endif
