/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command of the lab boots: kernel, topology, clock, and the files of the guest. */
#ifndef MIGBENCH_LAB_VM_GUEST_H
#define MIGBENCH_LAB_VM_GUEST_H

#include "core/base/list.h"
#include "core/digest.h"
#include "core/options.h"
#include "lab/vm/vm.h"

struct lab_guest {
	/* From the command line. */
	const char *kernel_name;
	const char *topology_name; /* NULL: the clock's default */
	enum mb_clock clock;
	const char *accel_name; /* --accel, or NULL */
	const char *cpu_name; /* --cpu, or NULL; a guest with one is emulated */
	const char *qemu_name; /* --qemu, or NULL */
	bool accesses; /* a plugin is to be told of those to memory, and the log whose memory is */
	struct mb_strings adds;
	struct mb_strings module_params;
	const char *append;
	const char *suite; /* a file that becomes LAB_GUEST_SUITE, or NULL */

	/* Made by lab_guest_find(). */
	struct lab_kernel kernel;
	struct lab_topology topology;
	struct lab_qemu qemu;
	char *root; /* with the libraries of its architecture; NULL: it is the host's */

	/* Made by lab_guest_ready(). */
	enum lab_accel accel;
	char *module; /* path of migbench.ko */
	char program[MB_DIGEST_HEX]; /* of the migbench that runs in it */
	struct mb_list initrds; /* paths of the file systems that were written */
};

#define LAB_GUEST_SUITE "/etc/migbench/suite.ini"
/* Where a command of the user's runs, and its --add files lie. */
#define LAB_GUEST_WORK "/work/"

/* What --add @add is called there: its last part, also of "folder/"; malloc'd. */
char *lab_guest_add_name(const char *add);

/*
 * Find kernel and topology and check that all can be had, before any work. Returns an exit status,
 * after one line if it is not MB_OK; lab_guest_free() is right in both cases.
 */
int lab_guest_find(struct lab_guest *guest);
void lab_guest_free(struct lab_guest *guest);

/*
 * Write the guest's initramfs, with guest->module in it, to @path: for @command (NULL: an
 * interactive shell), NULL-terminated. Returns an exit status, after one line if it is not MB_OK.
 */
int lab_guest_initramfs(const struct lab_guest *guest, char *const *command, const char *path);

/*
 * The path of a program of migbench's own, such as "guest-init", that runs in @guest; malloc'd. NULL,
 * after one line, if it is not built.
 */
char *lab_guest_program(const struct lab_guest *guest, const char *name);

/* The same with nothing but init, busybox and @command: any kernel's. */
int lab_guest_bare_initramfs(char *const *command, const char *path);

#endif
