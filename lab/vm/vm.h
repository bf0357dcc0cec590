/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtual machine: QEMU started, listened to, and ended in every way out. */
#ifndef MIGBENCH_LAB_VM_VM_H
#define MIGBENCH_LAB_VM_VM_H

#include <stdbool.h>
#include <sys/types.h>

#include "lab/vm/frames.h"
#include "lab/vm/machine.h"

enum lab_vm_state {
	LAB_VM_RUNS,
	LAB_VM_DONE, /* frames.status is the command's exit status */
	LAB_VM_FAILED, /* lab_vm_explain() says why */
};

struct lab_vm {
	/* Set by the owner before lab_vm_start(). */
	void (*output)(void *context, char kind, const char *data, size_t length);
	void *context;
	unsigned long timeout; /* seconds for all of it, 0: none */
	unsigned long silence; /* seconds without a byte on either port, 0: none */
	bool needs_module; /* a guest whose kernel refuses migbench.ko has failed */

	/* For the owner to read. */
	enum lab_vm_state state;
	struct lab_frames frames;
	char *log; /* path of the kernel's log */

	/* The rest is lab_vm's own. */
	pid_t pid;
	int exit_fd; /* readable when QEMU has ended */
	int port;
	char *port_path, *messages;
	long long started, heard, ended; /* milliseconds, monotonic */
	long long log_size;
	const char *reason;
	bool unsteady; /* it should have loaded steady.so, and has not been seen to */
	bool died; /* QEMU ended by itself: what it said may be the reason */
};

/* Start it; its files go to the existing @folder. MB_OK, or MB_MACHINE after one line. */
int lab_vm_start(struct lab_vm *vm, const struct lab_vm_spec *spec, const char *folder);

/*
 * Wait a moment for any of @count machines, pass on what their guests said, and update their
 * states. Machines that do not run are left alone. An interrupted wait comes back at once.
 */
void lab_vm_poll(struct lab_vm *const *machines, size_t count);

/* Kill it if it still runs, and free what it holds; its log file stays. */
void lab_vm_end(struct lab_vm *vm);

/* Why a machine failed, in the words of whoever knows best; malloc'd. */
char *lab_vm_reason(const struct lab_vm *vm);

/* One error line for a failed machine, then the last lines of its log. Returns MB_MACHINE. */
int lab_vm_explain(const struct lab_vm *vm, const char *what);

/* One error line for a guest that has frames.refused. Returns MB_MACHINE. */
int lab_vm_explain_refusal(const struct lab_vm *vm, const char *what);

/* Run QEMU on the user's terminal until it ends. MB_OK, or MB_MACHINE after one line. */
int lab_vm_interactive(const struct lab_vm_spec *spec);

#endif
