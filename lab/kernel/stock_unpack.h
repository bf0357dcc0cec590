/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kernel of the distribution on its way into the cache, and its packages unpacked. */
#ifndef MIGBENCH_LAB_KERNEL_STOCK_UNPACK_H
#define MIGBENCH_LAB_KERNEL_STOCK_UNPACK_H

#include "lab/kernel/apt.h"
#include "lab/kernel/place.h"

struct lab_stock {
	const char *name;
	struct lab_kernel_config config;
	struct lab_apt apt;
	char *image, *version; /* of the package */
	const char *release; /* within image */
	char *kbuild; /* the package of kbuild's programs */
	char key[MB_DIGEST_HEX];
	char *partial, *final, *log_path;
	FILE *log;
	struct mb_progress progress;
};

/* One line: "kernel NAME: cannot @what"; none when interrupted. Returns MB_MACHINE. */
int lab_stock_failed(const struct lab_stock *s, const char *what);

/* Unpack all packages in @debs below @root. Returns an exit status, after one line if it failed. */
int lab_stock_unpack(struct lab_stock *s, const char *debs, const char *root);

#endif
