/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations by name: suites, kernels and topologies that came with us, or a file of the user's. */
#ifndef MIGBENCH_CORE_CONFIG_H
#define MIGBENCH_CORE_CONFIG_H

#include <stdbool.h>

/* Whether @name is a file: it holds a slash or ends in .ini. */
bool mb_config_is_file(const char *name);

/*
 * Path of the configuration @name: the file itself, or configs/@kind/@name.ini in the data folder.
 * malloc'd, in *@path. Returns MB_OK, or MB_REQUEST after one line that lists the known names.
 */
int mb_config_find(const char *kind, const char *name, char **path);

/* NULL where configs/@kind has @name; else why not, with the names that it has; malloc'd. */
char *mb_config_missing(const char *kind, const char *name);

/* What the configuration @name is called: without folders and .ini; malloc'd. */
char *mb_config_name(const char *name);

#endif
