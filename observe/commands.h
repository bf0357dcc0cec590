/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command of observe/, for cli/, and what doctor asks it. */
#ifndef MIGBENCH_OBSERVE_COMMANDS_H
#define MIGBENCH_OBSERVE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

/* migbench observe; @env makes the env object of its run file. Returns an exit status. */
int ob_observe(int argc, char **argv, json_t *(*env)(void));

/* One line: what observe would see on this kernel, or why nothing. Returns whether anything. */
bool ob_would_see(char *text, size_t size);

#endif
