/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user who interrupted a command of the lab is told: the command that goes on. */
#ifndef MIGBENCH_LAB_BASE_INTERRUPTED_H
#define MIGBENCH_LAB_BASE_INTERRUPTED_H

/*
 * The one line of `migbench lab` with @argv as the user gave it (getopt_long(3) moves words, so
 * keep a copy), after all that was begun has been ended.
 */
void lab_interrupted_say(int argc, char *const *argv);

/* The command's results are in @place, which it may have chosen itself: --out names it to go on there. */
void lab_interrupted_folder(const char *place);

#endif
