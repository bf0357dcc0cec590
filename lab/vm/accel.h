/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a virtual machine runs on: the host's CPUs through KVM, or QEMU's emulation. */
#ifndef MIGBENCH_LAB_VM_ACCEL_H
#define MIGBENCH_LAB_VM_ACCEL_H

#include <stdbool.h>

#include "lab/vm/guest.h"

/*
 * Set guest->accel: under the clock time KVM where this kernel boots with it, which is tried
 * once per kernel and start of this machine; else TCG. Returns MB_OK; MB_MACHINE after one line
 * when --accel kvm was asked for and does not work, and without any when interrupted.
 */
int lab_accel_choose(struct lab_guest *guest);

/* The same without a trial: what is not known is TCG, unless --accel kvm was asked for. */
void lab_accel_foresee(struct lab_guest *guest);

#endif
