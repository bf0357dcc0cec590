/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual machine before it starts: what it is to be, and QEMU's words for that. */
#ifndef MIGBENCH_LAB_VM_MACHINE_H
#define MIGBENCH_LAB_VM_MACHINE_H

#include "core/base/list.h"
#include "core/record/clock.h"
#include "lab/kernel/cache.h"
#include "lab/vm/qemu.h"
#include "lab/vm/topology.h"

/* What counts the guest's instructions: a plugin for QEMU, and the file that it writes. */
struct lab_vm_plugin {
	const char *path, *out;
	const char *more; /* what else it is told, such as "memory=on"; NULL: nothing */
};

/* "time" or "insns" into *@clock. Returns MB_OK, or MB_REQUEST after one line. */
int lab_clock_read(const char *name, enum mb_clock *clock);

enum lab_accel {
	LAB_TCG, /* QEMU's emulation */
	LAB_KVM, /* the host's CPUs; under the clock time only */
};

/* "tcg" or "kvm". */
const char *lab_accel_name(enum lab_accel accel);

/*
 * Whether --accel (NULL: not given) is a word that suits the clock. Returns MB_OK, or MB_REQUEST
 * after one line.
 */
int lab_accel_check(const char *name, enum mb_clock clock);

/*
 * The CPU of an emulated machine: --cpu, NULL for the default. What the kernel patches in for it
 * (alternatives) hinges on it, so it is one of a few, each the same for every version of QEMU.
 */
int lab_cpu_check(const char *name, const char *accel_name);

/* Whether @kernel runs on it. MB_OK, or MB_REQUEST after one line. */
int lab_cpu_suits(const char *name, const struct lab_kernel *kernel);

/* Whether QEMU 7.2 cannot emulate it, as those can that give CPUs their turns (10.0.2 was tried). */
bool lab_cpu_is_new(const char *name);

/* QEMU's words for it, "qemu64,+ssse3"; of KVM "host". */
const char *lab_cpu_model(const struct lab_arch *arch, const char *name, enum lab_accel accel);

struct lab_vm_spec {
	const struct lab_kernel *kernel;
	const struct lab_topology *topology;
	const struct lab_qemu *qemu;
	enum mb_clock clock;
	enum lab_accel accel;
	const char *cpu; /* QEMU's words for it */
	const char *initrd;
	const char *append; /* further words of the kernel's command line, or NULL */
	const struct lab_vm_plugin *plugin; /* or NULL */
};

/* The command line of @spec, but for its ports and the plugin. MB_OK, or MB_MACHINE after one line. */
int lab_machine_words(const struct lab_vm_spec *spec, struct mb_list *words);

/*
 * All of it. What comes over the two serial ports, the kernel's log and the frames of init, goes to
 * the files "log" and "port" in @folder.
 */
int lab_machine_command(const struct lab_vm_spec *spec, const char *folder, struct mb_list *words);

#endif
