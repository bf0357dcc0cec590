/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench manual: migbench(1), for whoever builds the program. */
#ifndef MIGBENCH_CLI_MANUAL_H
#define MIGBENCH_CLI_MANUAL_H

#include "core/command.h"

/*
 * Write the manual in the language of man(7): @words are the file that it is made of and the file
 * to write. A line of the first that begins with '@' stands for what --help and list say:
 *
 *	@command NAME	the command's heading, synopsis and summary
 *	@options	its options and an example
 *	@global		the keys of [global]
 *
 * and @version anywhere in a line for the program's version. Returns MB_OK, or MB_REQUEST after one
 * line: also when a command is left out, so that none can be forgotten.
 */
int cli_manual(const struct mb_group *program, int count, char **words);

#endif
