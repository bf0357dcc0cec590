/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab arch: guests of another architecture than the host's. */
#ifndef MIGBENCH_LAB_VM_ARCH_FETCH_H
#define MIGBENCH_LAB_VM_ARCH_FETCH_H

int lab_arch_main(int argc, char **argv);

#endif
