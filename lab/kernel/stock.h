/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of lab kernel build --stock. */
#ifndef MIGBENCH_LAB_KERNEL_STOCK_H
#define MIGBENCH_LAB_KERNEL_STOCK_H

#include "lab/kernel/apt.h"
#include "lab/kernel/steps.h"

struct lab_stock {
	const char *name;
	struct lab_kernel_config config;
	struct lab_apt apt;
	char *image, *version; /* of the package */
	const char *release; /* within image */
	char key[MB_DIGEST_HEX];
	char *partial, *final, *log_path;
	FILE *log;
	struct lab_progress progress;
};

/* One line: "kernel NAME: cannot @what"; none when interrupted. Returns MB_MACHINE. */
int lab_stock_failed(const struct lab_stock *s, const char *what);

/* Unpack all packages in @debs below @root. Returns an exit status, after one line if it failed. */
int lab_stock_unpack(struct lab_stock *s, const char *debs, const char *root);

/* The compiler that the unpacked @headers name ("gcc-12"), malloc'd; NULL: none. */
char *lab_stock_compiler(const char *headers);

/*
 * Give the kernel whose @headers lie below @root its own release's @compiler, for a machine that
 * has none. Returns an exit status, after one line if it failed.
 */
int lab_stock_foreign(struct lab_stock *s, const char *root, const char *headers,
		      const char *compiler);

/*
 * From the layout of the packages unpacked below @root, in s->partial, to that of a kernel we built.
 * Returns an exit status, after one line if the kernel is of no use here.
 */
int lab_stock_arrange(struct lab_stock *s, const char *root);

#endif
