/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench.ko for a kernel of the lab, built from the data folder's kmod/ and kept beside it. */
#ifndef MIGBENCH_LAB_KERNEL_MODULE_H
#define MIGBENCH_LAB_KERNEL_MODULE_H

#include "core/digest.h"
#include "core/options.h"
#include "lab/kernel/cache.h"

/*
 * Give the path of migbench.ko for @kernel in *@path (malloc'd), built if need be; the compiler's
 * warnings are errors. Returns MB_OK, or MB_MACHINE after one line and the end of the log (and
 * without any when interrupted).
 */
int lab_module(const struct lab_kernel *kernel, char **path);

/* Of all that the module is made of. MB_OK, or MB_MACHINE after one line. */
int lab_module_digest(char hex[MB_DIGEST_HEX]);

/*
 * Whether the module at @path has all @params (NAME=VALUE): the kernel would load it without those
 * that it does not know. Returns MB_OK, or MB_REQUEST after one line that lists the known.
 */
int lab_module_check_params(const char *path, const struct mb_strings *params);

#endif
