/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that one command writes: no two into one, whatever it is called. */
#ifndef MIGBENCH_CORE_OUTPUTS_H
#define MIGBENCH_CORE_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

struct mb_output {
	const char *option; /* without its dashes */
	const char *path; /* NULL: not given */
};

/* Whether there is one file that both names are of. */
bool mb_same_file(const char *a, const char *b);

/* Whether what is written to both would go into one file, which need not be there yet. A device is none. */
bool mb_same_place(const char *a, const char *b);

/* Whether no two of @outputs are one file: MB_OK, or MB_REQUEST after one line. */
int mb_outputs_apart(const char *command, const struct mb_output *outputs, size_t count);

#endif
