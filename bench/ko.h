/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel module's file: where one for the running kernel can be, and what is in it. */
#ifndef MIGBENCH_BENCH_KO_H
#define MIGBENCH_BENCH_KO_H

#include <stdbool.h>
#include <stddef.h>

struct mb_ko {
	char *data;
	size_t size;
	bool packed; /* with gzip, xz or zstd; @data is not */
};

/*
 * Read the module at @path. Returns MB_OK; or MB_REQUEST after one line on stderr, when there is no
 * such file or it can't be read. @ko is to be freed either way.
 */
int mb_ko_read(const char *path, struct mb_ko *ko);
void mb_ko_free(struct mb_ko *ko);

/*
 * The module for the kernel @release: what was built with the program, else what DKMS built.
 * malloc'd; NULL: neither is there.
 */
char *mb_ko_find(const char *release);

#endif
