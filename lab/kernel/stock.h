/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab kernel build --stock: the distribution's own kernel. */
#ifndef MIGBENCH_LAB_KERNEL_STOCK_H
#define MIGBENCH_LAB_KERNEL_STOCK_H

#include <stdbool.h>

/*
 * The distribution's own image of the version that configs/kernels/@config_name.ini describes,
 * with its headers, unpacked in the cache as a kernel @name (NULL: lab_stock_name()). Returns an
 * exit status, after one line if it is not MB_OK.
 */
int lab_kernel_stock(const char *config_name, const char *name, bool quiet);

/* What the stock kernel of @config is called: "6.1-stock", "6.12-stock-arm64-4k"; malloc'd. */
char *lab_stock_name(const char *config);

/* Whether a package's @name is that of an image of exactly @series ("6.1") and @flavour ("cloud-amd64"). */
bool lab_stock_is_image(const char *name, const char *series, const char *flavour);

#endif
