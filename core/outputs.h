/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that one command writes: no two into one, whatever it is called, and none over what the command reads. */
#ifndef MIGBENCH_CORE_OUTPUTS_H
#define MIGBENCH_CORE_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/options.h"

/* Whether there is one file that both names are of. */
bool mb_same_file(const char *a, const char *b);

/* Whether what is written to both would go into one file, which need not be there yet. A device is none. */
bool mb_same_place(const char *a, const char *b);

/*
 * Whether each MB_OPT_OUTPUT of @options, as they were parsed, is a file of its own: no other option's, and none of the
 * @count files of @operands, each of which may be several, separated by commas. MB_OK, or MB_REQUEST after one line.
 */
int mb_outputs_apart(const char *command, const struct mb_option *options, char *const *operands,
		     size_t count);

#endif
