/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of the user's own on the command line: what stands behind "--", and its --add. */
#ifndef MIGBENCH_LAB_CAMPAIGN_PROGRAM_H
#define MIGBENCH_LAB_CAMPAIGN_PROGRAM_H

#include "core/base/list.h"
#include "core/digest.h"
#include "core/options.h"

/* The suite of whoever gives a program and names none. */
#define LAB_PROGRAM_SUITE "own"

/*
 * The program in @words, NULL-terminated and perhaps empty, as the rest of the lab wants it: NULL
 * is none. Its name in the guest must be one that it will have there, from @adds or of its own, and
 * @clock insns. Returns MB_OK, or MB_REQUEST after one line that begins with @command.
 */
int lab_program_take(const char *command, char *const *words, const struct mb_strings *adds,
		     const char *clock, char *const **program);

/*
 * What is in @adds, its names and content, as a digest. Returns MB_OK, or MB_REQUEST after one line:
 * something can't be read.
 */
int lab_program_digest(const struct mb_strings *adds, char hex[MB_DIGEST_HEX]);

/* The same again, for another command of the lab: its --add (NULL: none) and what stands behind "--". */
void lab_program_words(char *const *program, const struct mb_strings *adds, struct mb_list *words);

#endif
