/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two names are of one file, whatever it is called. */
#ifndef MIGBENCH_CORE_OUTPUTS_H
#define MIGBENCH_CORE_OUTPUTS_H

#include <stdbool.h>

/* Whether there is one file that both names are of. */
bool mb_same_file(const char *a, const char *b);

/* Whether what is written to both would go into one file, which need not be there yet. A device is none. */
bool mb_same_place(const char *a, const char *b);

#endif
