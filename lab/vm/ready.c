// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest that was found, made ready to start. */
#include <stdlib.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/status.h"
#include "lab/kernel/module.h"
#include "lab/vm/accel.h"
#include "lab/vm/ready.h"

static int digest_program(struct lab_guest *guest)
{
	char *path = lab_guest_program(guest, "migbench");
	int status = path ? MB_OK : MB_MACHINE;

	if (path && mb_digest_file(path, guest->program))
		status = mb_fail(MB_MACHINE, "%s: %m", path);
	free(path);
	return status;
}

static void fill_in(struct lab_guest *guest, const char *folder, struct lab_vm_spec *spec)
{
	mb_list_add(&guest->initrds, "%s/initramfs", folder);
	*spec = (struct lab_vm_spec){ .kernel = &guest->kernel,
				      .topology = &guest->topology,
				      .qemu = &guest->qemu,
				      .clock = guest->clock,
				      .accel = guest->accel,
				      .cpu = lab_cpu_model(guest->kernel.arch, guest->cpu_name,
							   guest->accel),
				      .initrd = guest->initrds.at[guest->initrds.count - 1],
				      .append = guest->append };
}

int lab_guest_ready(struct lab_guest *guest, char *const *command, const char *folder,
		    struct lab_vm_spec *spec)
{
	int status = MB_OK;

	if (!guest->module) {
		status = lab_accel_choose(guest);
		if (!status)
			status = lab_module(&guest->kernel, &guest->module);
		if (!status)
			status = lab_module_check_params(guest->module, &guest->module_params);
		if (!status)
			status = digest_program(guest);
	}
	if (!status && mb_make_folders(folder))
		status = mb_fail(MB_MACHINE, "%s: %m", folder);
	if (status)
		return status;
	fill_in(guest, folder, spec);
	return lab_guest_initramfs(guest, command, spec->initrd);
}

void lab_guest_foresee(struct lab_guest *guest, const char *folder, struct lab_vm_spec *spec)
{
	lab_accel_foresee(guest);
	fill_in(guest, folder, spec);
}
