/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the program finds what it reads: suites, kernels, topologies, plots, module source. */
#ifndef MIGBENCH_CORE_DATADIR_H
#define MIGBENCH_CORE_DATADIR_H

/* The path of this program, malloc'd; NULL: the system does not tell. */
char *mb_self_path(void);

/*
 * The path of what was built with it, malloc'd: beside it in a build, in PREFIX/lib/migbench when
 * installed. NULL: it is in neither.
 */
char *mb_built_path(const char *name);

/*
 * Full path of @relative ("configs/suites/quick.ini") in the data folder: the
 * one in $MIGBENCH_DATA, else the checkout that holds build/migbench, else
 * PREFIX/share/migbench beside PREFIX/bin/migbench. Returns a malloc'd string,
 * whether or not the file exists.
 */
char *mb_data_path(const char *relative);

/*
 * The cache outside the checkout, $MIGBENCH_CACHE or $XDG_CACHE_HOME/migbench, if that is absolute,
 * or ~/.cache/migbench, of the user database without $HOME, with @relative appended. malloc'd.
 */
char *mb_cache_path(const char *relative);

#endif
