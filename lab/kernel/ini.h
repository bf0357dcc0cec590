/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How kernels are described: configs/kernels/NAME.ini. */
#ifndef MIGBENCH_LAB_KERNEL_INI_H
#define MIGBENCH_LAB_KERNEL_INI_H

#include <stdbool.h>

#include "lab/base/files.h"

/* A file configs/kernels/NAME.ini. */
struct lab_kernel_config {
	char *description;
	char *package; /* Debian's source package, "linux-source-6.1" */
	char *suite; /* that has it where the machine's own suites don't; NULL: none is known */
	struct lab_list fragments; /* full paths */
	struct lab_list essential; /* options that must be set in the end */
};

/* Read the configuration @name. Returns MB_OK, or MB_REQUEST after one line. */
int lab_kernel_config(const char *name, struct lab_kernel_config *config);
void lab_kernel_config_free(struct lab_kernel_config *config);

/* Whether configs/kernels has @name, so that no kernel of other content may be called that. */
bool lab_is_config(const char *name);

#endif
