/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab kernel build. */
#ifndef MIGBENCH_LAB_KERNEL_BUILD_H
#define MIGBENCH_LAB_KERNEL_BUILD_H

int lab_kernel_build(int argc, char **argv);

#endif
