/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench complete: what the next word can be, for the shell; asks the tables of all commands. */
#ifndef MIGBENCH_CLI_COMPLETE_H
#define MIGBENCH_CLI_COMPLETE_H

#include "core/command.h"

/*
 * Print what the last of @words can become, one a line; @words is what stands behind the program's
 * name, and @program its table. Returns MB_OK, MB_BAD where no file can stand there either, or
 * MB_REQUEST.
 */
int cli_complete(const struct mb_group *program, int count, char **words);

#endif
