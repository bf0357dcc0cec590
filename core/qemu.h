/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMUs: which one a program is, and what its version can do. lab/ runs them, doctor tells. */
#ifndef MIGBENCH_CORE_QEMU_H
#define MIGBENCH_CORE_QEMU_H

#include <stdbool.h>

#define MB_QEMU "qemu-system-x86_64"

/* The program's path within a folder of the cache, CACHE/qemu/VERSION. */
#define MB_QEMU_FETCHED "usr/bin/" MB_QEMU

struct mb_qemu {
	char version[32]; /* "7.2.22" */
	bool turns; /* gives every CPU its turn under the instruction clock */
	bool plugins; /* loads TCG plugins */
};

/* What QEMUs from this version on do, and older ones do not: see struct mb_qemu. */
#define MB_QEMU_TURNS "8.1"

/*
 * Ask @program (looked up in PATH; with the shared libraries in @libraries, NULL: the system's)
 * for its version. Returns whether it is a QEMU that starts.
 */
bool mb_qemu_ask(const char *program, const char *libraries, struct mb_qemu *qemu);

#endif
