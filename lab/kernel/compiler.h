/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which compiler builds which kernel. */
#ifndef MIGBENCH_LAB_KERNEL_COMPILER_H
#define MIGBENCH_LAB_KERNEL_COMPILER_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/base/arch.h"

struct lab_compiler {
	char *command; /* for make's CC and HOSTCC; NULL: gcc, as make would take it anyway */
	char *line; /* the first line of its version, and its dialect: part of a kernel's key */
	char *advice; /* what may help where it fails; NULL: nothing known */
	bool lenient; /* the C library here makes old host programs warn: no errors of that */
};

/*
 * Choose for a kernel of this version, as in linux-@major.@minor; 0, 0: an unknown one. Returns
 * MB_OK, or MB_MACHINE after one line. lab_compiler_free() is right in both cases.
 */
int lab_compiler_choose(const struct lab_arch *arch, unsigned int major, unsigned int minor,
			struct lab_compiler *compiler);
void lab_compiler_free(struct lab_compiler *compiler);

/* The version in a package's name ("linux-source-6.1"). Returns whether it has one. */
bool lab_compiler_series(const char *package, unsigned int *major, unsigned int *minor);

/* The version in the Makefile of the kernel's @tree. Returns whether it can be read. */
bool lab_compiler_tree(const char *tree, unsigned int *major, unsigned int *minor);

/* For the choice and its test. */

enum lab_dialect {
	LAB_ITS_OWN, /* what the compiler takes C for */
	LAB_OLDER, /* C as it was, asked for by option */
};

struct lab_choice {
	unsigned int gcc; /* gcc-N; 0: gcc itself */
	enum lab_dialect dialect;
};

/*
 * For a kernel of this version, where gcc is of version @gcc and gcc-N is installed for each N in
 * @installed.
 */
struct lab_choice lab_compiler_pick(unsigned int major, unsigned int minor, unsigned int gcc,
				    const unsigned int *installed, size_t count);

#endif
