/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of the guest's CPU that the plugin reads, on either architecture. */
#ifndef MIGBENCH_LAB_PAYLOAD_REGISTERS_H
#define MIGBENCH_LAB_PAYLOAD_REGISTERS_H

#include "lab/payload/plugin_api.h"

enum {
	/* Below: the general ones, by the number that an instruction has for them; on arm64 31 is zero. */
	PLUGIN_GENERAL = 32,
	PLUGIN_ROOT = PLUGIN_GENERAL, /* of the task's page tables; on x86-64 the kernel's, too */
	PLUGIN_KERNEL_ROOT,
	PLUGIN_TRANSLATION, /* sizes of pages and of addresses */
	PLUGIN_OWN, /* where the CPU's own variables are: … */
	PLUGIN_OWN_ASIDE, /* … on x86-64 here while a program runs */
	PLUGIN_REGISTERS
};

/* Before the first CPU is there. */
void registers_wanted(qemu_plugin_id_t id);

/* Of the CPU that runs, in a callback with QEMU_PLUGIN_CB_R_REGS. 0 where there is none of this number. */
uint64_t registers_read(size_t number);

#endif
