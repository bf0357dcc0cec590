/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMUs: which one a program is, and what its version can do. */
#ifndef MIGBENCH_LAB_VM_QEMU_ASK_H
#define MIGBENCH_LAB_VM_QEMU_ASK_H

#include <stdbool.h>

struct lab_qemu_is {
	char version[32]; /* "7.2.22" */
	bool turns; /* lab_qemu_turns() of it */
	bool plugins; /* loads TCG plugins */
	bool accesses; /* and tells them what memory is accessed, and what is in it */
};

/* From this version on the turns of CPUs under the instruction clock are fair. */
#define LAB_QEMU_TURNS "8.1"

/* And from this one on plugins read the guest's registers and memory. */
#define LAB_QEMU_ACCESSES "9.2"

/* Whether a QEMU of this version gives every CPU its turn under the instruction clock. */
bool lab_qemu_turns(const char *version);

/*
 * Ask @program (looked up in PATH; with the shared libraries in @libraries, NULL: the system's)
 * for its version. Returns whether it is a QEMU that starts.
 */
bool lab_qemu_ask(const char *program, const char *libraries, struct lab_qemu_is *qemu);

#endif
