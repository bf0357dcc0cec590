/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest that was found, made ready to start. */
#ifndef MIGBENCH_LAB_VM_READY_H
#define MIGBENCH_LAB_VM_READY_H

#include "lab/vm/guest.h"

/*
 * All that stands between @guest and its start: choose what runs it, build its module if need be,
 * and write its file system for @command (NULL-terminated; NULL itself: an interactive shell) into
 * @folder, which is made if need be. What an earlier call has done for another command is
 * not repeated. @spec is then what the machine is to be; it points into @guest. Returns an exit
 * status, after one line if it is not MB_OK (none when interrupted).
 */
int lab_guest_ready(struct lab_guest *guest, char *const *command, const char *folder,
		    struct lab_vm_spec *spec);

/*
 * The same for whoever only wants to know: nothing is run, built or written, and there may be no
 * @folder. What only a trial boot could tell is taken for emulated.
 */
void lab_guest_foresee(struct lab_guest *guest, const char *folder, struct lab_vm_spec *spec);

#endif
