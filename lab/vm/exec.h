/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that boot one virtual machine for the user. */
#ifndef MIGBENCH_LAB_VM_EXEC_H
#define MIGBENCH_LAB_VM_EXEC_H

#include "lab/base/options.h"

/* The first options of both, for fields of a struct lab_guest and the name of the clock. */
#define LAB_OPTS_MACHINE(guest, clock_name)                                                        \
	MB_HEADING("The virtual machine"), LAB_OPT_KERNEL(&(guest).kernel_name),                   \
		LAB_OPT_TOPOLOGY(&(guest).topology_name,                                           \
				 LAB_TOPOLOGY_TIME "; with insns " LAB_TOPOLOGY_INSNS),            \
		{ "clock", "time|insns", "the clock", MB_OPT_STRING, clock_name, 0, 0 },           \
		LAB_OPT_ACCEL(&(guest).accel_name), LAB_OPT_CPU(&(guest).cpu_name),                \
		LAB_OPT_QEMU(&(guest).qemu_name), LAB_OPT_MODULE_PARAM(&(guest).module_params),    \
		LAB_OPT_APPEND(&(guest).append)

int lab_exec_main(int argc, char **argv);
int lab_shell_main(int argc, char **argv);

#endif
