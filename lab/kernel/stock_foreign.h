/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler that a kernel of another release is built with. */
#ifndef MIGBENCH_LAB_KERNEL_STOCK_FOREIGN_H
#define MIGBENCH_LAB_KERNEL_STOCK_FOREIGN_H

#include "lab/kernel/stock_unpack.h"

/* The compiler that the unpacked @headers name ("gcc-12"), malloc'd; NULL: none. */
char *lab_stock_compiler(const char *headers);

/*
 * Let kbuild take @compiler in @headers, it and its tools called by @prefix: the last word on it,
 * whatever make is told. Returns an exit status, after one line if it failed.
 */
int lab_stock_name_compiler(const struct lab_stock *s, const char *headers, const char *prefix,
			    const char *compiler);

/*
 * Give the kernel whose @headers lie below @root its own release's @compiler, for a machine that
 * has none. Returns an exit status, after one line if it failed.
 */
int lab_stock_foreign(struct lab_stock *s, const char *root, const char *headers,
		      const char *compiler);

#endif
