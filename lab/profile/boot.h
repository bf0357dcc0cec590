/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One boot with the plugin: a run of one point, the trace of it, and the guest's symbols. */
#ifndef MIGBENCH_LAB_PROFILE_BOOT_H
#define MIGBENCH_LAB_PROFILE_BOOT_H

#include "core/base/list.h"
#include "lab/profile/layout.h"
#include "lab/profile/names.h"
#include "lab/profile/trace.h"
#include "lab/vm/guest.h"

struct lab_profile_boot {
	/* Set by the owner. */
	struct lab_guest guest;
	bool program; /* of the user's: what the guest executes is not migbench's own */
	bool memory; /* have accesses recorded */
	bool sharing; /* those of several CPUs, and no instructions */
	char *plugin; /* for its QEMU; NULL: boot without one */

	/* What came of it. */
	struct mb_list lines; /* of the run */
	struct lab_trace trace;
	struct lab_symbols symbols;
	struct lab_names names; /* with memory, or sharing */
	struct lab_layout layout; /* the same */

	/* The rest is its own. */
	struct lab_vm vm;
	struct lab_vm_plugin spec;
	char *folder, *out, *more;
	char *partial; /* the last, incomplete line */
	size_t partial_length;
};

/*
 * The plugin for @qemu and guests of @arch, malloc'd, in *@path, for accesses to memory, too, with
 * @memory. Returns MB_OK, or MB_MACHINE after one line: it loads none or doesn't tell that much, or there is none
 * beside the program.
 */
int lab_profile_plugin(const struct lab_qemu_is *qemu, const struct lab_arch *arch, bool memory,
		       char **path);

/*
 * Boot @count machines beside each other, each for @command, and read what they left. Returns an
 * exit status, after one line if it is not MB_OK (none when interrupted).
 */
int lab_profile_boot(struct lab_profile_boot *boots, size_t count, char *const *command,
		     bool quiet);
void lab_profile_boot_free(struct lab_profile_boot *boot);

/* What the guest printed. */
void lab_profile_keep_lines(const struct lab_profile_boot *boot, FILE *out);

#endif
