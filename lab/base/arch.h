/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The architectures of guests: what each is called by make, QEMU, the linker and the packages. */
#ifndef MIGBENCH_LAB_BASE_ARCH_H
#define MIGBENCH_LAB_BASE_ARCH_H

#include <stdbool.h>
#include <stddef.h>

/* A topology's coherent memory is as its file says up to this page size, and grows in proportion. */
#define LAB_SCALED_PAGE 16384UL

/* A size of base pages that an architecture's kernels are built for. */
struct lab_page {
	const char *name; /* "64k", as --page takes it and kernels are called after it */
	unsigned long bytes;
	const char *flavour; /* of Debian's images, "cloud-arm64"; NULL: Debian has none */
};

struct lab_arch {
	const char *name; /* as --arch takes it: "arm64" */
	const char *make; /* ARCH= */
	const char *dpkg; /* what Debian calls it */
	const char *triplet; /* of its compiler and its folders of libraries */
	const char *image; /* what boots: where make leaves it, … */
	const char *target; /* … and what make calls it */
	const char *qemu, *qemu_package; /* the program, and Debian's package of it */
	const char *compiler; /* Debian's package of the cross compiler that others need for it */
	const char *console; /* the port that the kernel's log goes to */
	const char *const
		*ports; /* what a kernel must have built in for it, and for results; NULL ends */
	unsigned int machine; /* EM_… of its programs */
	/* Of several sizes a kernel's name says which: "6.1-arm64-64k". */
	const struct lab_page *pages;
	size_t page_count;
};

/* The architecture of the lab's kernels unless their name says another: x86-64, on every host. */
const struct lab_arch *lab_arch_default(void);

/*
 * This machine's: what gcc builds for, what KVM runs, and whose libraries are installed. NULL: one that
 * guests can't have. Tests set another in MIGBENCH_HOST_ARCH.
 */
const struct lab_arch *lab_arch_host(void);

/* The @number-th architecture, or NULL: there are no more. */
const struct lab_arch *lab_arch_at(size_t number);

/* The architecture of this @name, or NULL. */
const struct lab_arch *lab_arch_find(const char *name);

/* The page size of this @name that @arch has, or NULL. */
const struct lab_page *lab_arch_page(const struct lab_arch *arch, const char *name);

/* Whether some architecture has base pages of that name. */
bool lab_page_known(const char *name);

/*
 * What these names mean, NULL: the default architecture, its first page size. MB_OK, or MB_REQUEST after
 * one line.
 */
int lab_arch_choose(const char *arch_name, const char *page_name, const struct lab_arch **arch,
		    const struct lab_page **page);

/*
 * Take "6.1-arm64-64k" apart. Returns the length of what stands before the architecture, "6.1", or
 * 0: the name has no architecture and page size at its end.
 */
size_t lab_arch_split(const char *name, const struct lab_arch **arch, const struct lab_page **page);

/*
 * What a kernel that configs/kernels calls @name is called for --arch and --page, either of which may
 * be NULL: "6.1-arm64-64k", malloc'd in *@target. MB_OK, or MB_REQUEST after one line.
 */
int lab_arch_target(const char *name, const char *arch_name, const char *page_name, char **target);

#endif
