// SPDX-License-Identifier: GPL-2.0-or-later
/* This machine, before a commit is judged: tools, parts of migbench, topology and QEMU. */
#include <stdlib.h>

#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/self.h"
#include "lab/kernel/cache.h"
#include "lab/kernel/tools.h"
#include "lab/patch/machine.h"
#include "lab/vm/qemu.h"
#include "lab/vm/topology_choose.h"

int lab_patch_machine(const char *name, const char *config)
{
	struct lab_topology topology = { 0 };
	struct lab_qemu qemu = { 0 };
	static const char *const built[] = { "guest-init", "steady.so" };
	const struct lab_arch *arch;
	const struct lab_page *page;
	int status = lab_tools_check();

	for (size_t i = 0; !status && i < sizeof(built) / sizeof(built[0]); i++) {
		char *path = lab_self_beside(built[i]);

		status = path ? MB_OK : MB_MACHINE;
		free(path);
	}
	if (!status)
		status = lab_topology_choose(name ? name : LAB_TOPOLOGY_INSNS, 1, &topology);
	if (!status)
		status = lab_kernel_arch(config, &arch, &page);
	if (!status)
		status = lab_qemu_choose(arch, NULL, topology.cpus > 1 ? topology.name : NULL, NULL,
					 false, &qemu);
	if (!status)
		lab_topology_note(&topology);
	lab_qemu_free(&qemu);
	lab_topology_free(&topology);
	return status;
}
