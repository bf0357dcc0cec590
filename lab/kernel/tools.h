/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What building a kernel takes of the machine. */
#ifndef MIGBENCH_LAB_KERNEL_TOOLS_H
#define MIGBENCH_LAB_KERNEL_TOOLS_H

#include "core/base/list.h"

/* Add the Debian packages of what a build needs and this machine does not have to @packages. */
void lab_tools_missing(struct mb_list *packages);

/* MB_OK, or MB_MACHINE after one line that names them. */
int lab_tools_check(void);

#endif
