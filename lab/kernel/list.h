/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab kernel: what the cache holds, and the way to the other subcommands. */
#ifndef MIGBENCH_LAB_KERNEL_LIST_H
#define MIGBENCH_LAB_KERNEL_LIST_H

int lab_kernel_main(int argc, char **argv);

#endif
