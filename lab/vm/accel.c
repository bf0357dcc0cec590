// SPDX-License-Identifier: GPL-2.0-or-later
/* KVM or emulation, by a trial boot where it is not known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/vm/accel.h"
#include "lab/vm/kvm.h"

/* Under KVM a kernel is up within two seconds; what is slower than this is no gain. */
#define TRIAL_S 20
#define TRIAL_SILENCE_S 8

static void drop_output(void *context, char kind, const char *data, size_t length)
{
	(void)context;
	(void)kind;
	(void)data;
	(void)length;
}

/* Boot the kernel to user space and off again, under KVM. */
static void boot(const struct lab_guest *guest, const char *folder, const char *initrd,
		 struct lab_kvm_trial *trial)
{
	struct lab_vm vm = { .output = drop_output,
			     .timeout = TRIAL_S,
			     .silence = TRIAL_SILENCE_S };
	struct lab_vm *machines[] = { &vm };
	const struct lab_vm_spec spec = { .kernel = &guest->kernel,
					  .topology = &guest->topology,
					  .qemu = &guest->qemu,
					  .clock = guest->clock,
					  .accel = LAB_KVM,
					  .cpu = lab_cpu_model(guest->kernel.arch, NULL, LAB_KVM),
					  .initrd = initrd };
	char *reason;

	if (lab_vm_start(&vm, &spec, folder)) {
		snprintf(trial->why, sizeof(trial->why), "QEMU does not start");
		return;
	}
	while (vm.state == LAB_VM_RUNS && !lab_interrupted)
		lab_vm_poll(machines, 1);
	trial->works = vm.state == LAB_VM_DONE && vm.frames.status == 0;
	if (vm.state == LAB_VM_FAILED) {
		reason = lab_vm_reason(&vm);
		snprintf(trial->why, sizeof(trial->why), "%s", reason);
		free(reason);
	} else if (!trial->works) {
		snprintf(trial->why, sizeof(trial->why), "a command in it ended with status %u",
			 vm.frames.status);
	}
	lab_vm_end(&vm);
}

static int try(const struct lab_guest *guest, struct lab_kvm_trial *trial)
{
	static char busybox[] = "/bin/busybox", applet[] = "true";
	char *const command[] = { busybox, applet, NULL };
	char *folder = lab_temporary(), *initrd;
	int status;

	if (!folder)
		return MB_MACHINE;
	*trial = (struct lab_kvm_trial){ .works = false };
	snprintf(trial->kernel, sizeof(trial->kernel), "%s", guest->kernel.name);
	initrd = mb_format("%s/initramfs", folder);
	status = lab_guest_bare_initramfs(command, initrd);
	if (!status) {
		boot(guest, folder, initrd, trial);
		if (lab_interrupted)
			status = MB_MACHINE;
	}
	free(initrd);
	free(folder);
	return status;
}

static bool is_forced(const struct lab_guest *guest)
{
	return guest->accel_name && !strcmp(guest->accel_name, "kvm");
}

/* Whether there is nothing to choose. */
static bool must_emulate(const struct lab_guest *guest)
{
	return guest->clock == MB_INSNS || (guest->accel_name && !is_forced(guest)) ||
	       guest->kernel.arch != lab_arch_host();
}

void lab_accel_foresee(struct lab_guest *guest)
{
	struct lab_kvm_trial trial = { .works = false };

	guest->accel = LAB_TCG;
	if (must_emulate(guest))
		return;
	if (is_forced(guest) ||
	    (lab_kvm_opens(trial.why) && lab_kvm_recall(guest->kernel.key, &trial) && trial.works))
		guest->accel = LAB_KVM;
}

int lab_accel_choose(struct lab_guest *guest)
{
	struct lab_kvm_trial trial = { .works = false };
	bool forced = is_forced(guest);
	int status = MB_OK;

	guest->accel = LAB_TCG;
	if (must_emulate(guest))
		return MB_OK;
	if (lab_kvm_opens(trial.why)) {
		/* Who insists may know that something has changed. */
		if (forced || !lab_kvm_recall(guest->kernel.key, &trial)) {
			status = try(guest, &trial);
			if (!status)
				lab_kvm_remember(guest->kernel.key, &trial);
		}
	}
	if (status)
		return status;
	if (trial.works)
		guest->accel = LAB_KVM;
	else if (forced)
		return mb_fail(MB_MACHINE, "--accel kvm: kernel %s does not boot under KVM: %s",
			       guest->kernel_name, trial.why);
	return MB_OK;
}
