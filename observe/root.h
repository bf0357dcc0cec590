/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel's files are looked for. */
#ifndef MIGBENCH_OBSERVE_ROOT_H
#define MIGBENCH_OBSERVE_ROOT_H

/* @path, below $MIGBENCH_OBSERVE_ROOT where a test has set that; malloc'd. */
char *ob_path(const char *path);

#endif
