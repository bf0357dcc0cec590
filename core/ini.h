/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What inih does not tell of an INI file: its sections, and what stands behind one. */
#ifndef MIGBENCH_CORE_INI_H
#define MIGBENCH_CORE_INI_H

#include <stdbool.h>

/*
 * Whether @line begins a section. *@name is what stands in the brackets, NULL where the second one is missing;
 * *@behind is what stands behind them and is no comment, without blanks around it, NULL: nothing. Both malloc'd.
 */
bool mb_ini_section(const char *line, char **name, char **behind);

/* The line's text of an error for what stands behind a section. */
#define MB_INI_BEHIND "'%s' stands behind [%s]; a key begins a line of its own"

#endif
