/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How kernels are described: configs/kernels/NAME.ini. */
#ifndef MIGBENCH_LAB_KERNEL_INI_H
#define MIGBENCH_LAB_KERNEL_INI_H

#include <stdbool.h>

#include "core/base/list.h"
#include "lab/base/arch.h"

/* A file configs/kernels/NAME.ini, or one of the user's own. */
struct lab_kernel_config {
	char *name; /* the file's, without folder and .ini, and the architecture if it is another */
	const struct lab_arch *arch;
	const struct lab_page *page;
	char *path; /* of the user's own file; NULL: it is one of configs/kernels */
	char *description;
	char *package; /* Debian's source package, "linux-source-6.1"; NULL: see newest */
	char *newest; /* "linux-source-": of those the one of the highest version that suite has */
	char *version; /* of the package, "6.12.118-1"; NULL: what the machine would install */
	char *suite; /* that has it where the machine's own suites don't; NULL: none is known */
	char *arch_name, *page_name; /* what the file says of them; NULL: nothing */
	struct mb_list fragments; /* full paths; beside the file, else in configs/kernels */
	struct mb_list essential; /* options that must be set in the end */
};

/*
 * Read the configuration @name, or that file; "6.1-arm64-64k" is 6.1 for another architecture. Returns
 * MB_OK, or MB_REQUEST after one line.
 */
int lab_kernel_config(const char *name, struct lab_kernel_config *config);
void lab_kernel_config_free(struct lab_kernel_config *config);

/* Whether configs/kernels has @name, so that no kernel of other content may be called that. */
bool lab_is_config(const char *name);

#endif
