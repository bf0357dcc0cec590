/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which QEMU runs the lab's machines: the system's, a fetched one, or the user's own. */
#ifndef MIGBENCH_LAB_VM_QEMU_H
#define MIGBENCH_LAB_VM_QEMU_H

#include <stdbool.h>

#include "core/base/list.h"
#include "core/progress.h"
#include "lab/base/arch.h"
#include "lab/vm/qemu_ask.h"

struct lab_qemu {
	char *program; /* path, or a name in PATH */
	char *libraries; /* for LD_LIBRARY_PATH; NULL: it needs none of its own */
	struct lab_qemu_is is;
};

/*
 * The QEMU for guests of @arch of this @name: "system", a version in the cache, or a path; NULL: the
 * system's, where it has none the oldest fetched one, or where a newer one is needed the newest fetched
 * one that is: for @several, the name of a topology with several CPUs under the instruction clock, for
 * @cpu, one that old ones do not have, both may be NULL, and for a plugin that is to be told of
 * @accesses to memory. Returns MB_OK, or MB_REQUEST or MB_MACHINE after one line. lab_qemu_free() is
 * right in all cases.
 */
int lab_qemu_choose(const struct lab_arch *arch, const char *name, const char *several,
		    const char *cpu, bool accesses, struct lab_qemu *qemu);
void lab_qemu_free(struct lab_qemu *qemu);

/*
 * The beginning of an argv that starts it, with the shared library @preload unless that is NULL;
 * what follows are its arguments.
 */
void lab_qemu_command(const struct lab_qemu *qemu, const char *preload, struct mb_list *words);

/* The QEMU in @folder as its package left it. Returns whether it starts. */
bool lab_qemu_load(const struct lab_arch *arch, const char *folder, struct lab_qemu *qemu);

/* The fetched versions, oldest first. */
void lab_qemu_fetched(const struct lab_arch *arch, struct mb_list *versions);

/* The folder of the cache that holds them, each in one of its own: CACHE/qemu/VERSION. malloc'd. */
char *lab_qemu_folder(const struct lab_arch *arch);

/* The command that gets a newer one for guests of @arch. malloc'd. */
char *lab_qemu_how(const struct lab_arch *arch);

/*
 * Fetch the one that @suite of the distribution has, NULL: this machine's own. Returns an exit status,
 * after one line if it is not MB_OK or we were interrupted.
 */
int lab_qemu_get(const struct lab_arch *arch, const char *suite, struct mb_progress *progress);

/* The subcommand "lab qemu". */
int lab_qemu_main(int argc, char **argv);

#endif
