/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab kernel build --image: a kernel that another tool built. */
#ifndef MIGBENCH_LAB_KERNEL_IMPORTED_H
#define MIGBENCH_LAB_KERNEL_IMPORTED_H

struct lab_imported {
	const char *name; /* how --kernel will call it */
	const char *image; /* a bzImage of x86, or an Image of arm64 */
	const char *modules; /* what INSTALL_MOD_PATH was, or lib/modules/RELEASE in it; or NULL */
	const char *build; /* where it was built, or its headers; NULL: found from the other two */
};

/*
 * Copy the image, its configuration and the few modules that the lab uses into the cache; the build
 * tree stays where it is, and migbench.ko is built against it. Returns an exit status, after one
 * line if it is not MB_OK.
 */
int lab_kernel_import(const struct lab_imported *from);

#endif
