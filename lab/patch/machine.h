/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would fail with every commit, and must not be taken for a fault of one. */
#ifndef MIGBENCH_LAB_PATCH_MACHINE_H
#define MIGBENCH_LAB_PATCH_MACHINE_H

/*
 * Can kernels like @config, a name or a file, be built here, and booted with @topology (NULL: that of the clock insns)? Notes the
 * topology for all that is started from here. MB_OK, or another exit status after one line.
 */
int lab_patch_machine(const char *topology, const char *config);

#endif
