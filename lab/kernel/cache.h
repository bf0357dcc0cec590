/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lab's kernels that the cache holds. */
#ifndef MIGBENCH_LAB_KERNEL_CACHE_H
#define MIGBENCH_LAB_KERNEL_CACHE_H

#include <stdbool.h>

#include "core/base/list.h"
#include "lab/base/arch.h"

/* A complete kernel in the cache. */
struct lab_kernel {
	char *name; /* what --kernel takes */
	char *release; /* uname -r */
	char *label; /* for run files: release, and the name where the release says too little */
	char *key; /* SHA-256 of all that it is made of */
	char *source; /* the source's version, for the reader */
	char *tree; /* folder of the source that it was built from */
	char *config; /* the user's own file that describes it, full path; or NULL */
	char *compiler; /* with which it and its modules are built, unless it is gcc; or NULL */
	const struct lab_arch *arch;
	const struct lab_page *page; /* the base page that it was built for */
	char *build; /* where another tool built it, full path; NULL: in its own folder */
	long long built; /* seconds since 1970 */
	long long size; /* bytes in the cache */
	char *folder; /* holds kernel.json, modules/, and build/ or, built elsewhere, image and config */
};

/*
 * Find a built kernel by name, or by the file that describes it; of several the one that was built, or asked for, last, unless
 * it is named as lab_kernel_exactly() has it. Returns MB_OK; MB_MACHINE after one line when it is known but not built; MB_REQUEST after one line with
 * the known names.
 */
int lab_kernel_find(const char *name, struct lab_kernel *kernel);

/* The same for who has no use for one that is not built. */
int lab_kernel_find_to_remove(const char *name, struct lab_kernel *kernel);

/* NAME@KEY: this one, whatever is built by that name later; malloc'd. */
char *lab_kernel_exactly(const struct lab_kernel *kernel);

/*
 * What the kernel @name is built for, or would be: one of the cache, of configs/kernels, or of a file. Of
 * a name that nobody knows the default: who needs the kernel will say so. MB_OK, or MB_REQUEST after one
 * line: there is something wrong with the file.
 */
int lab_kernel_arch(const char *name, const struct lab_arch **arch, const struct lab_page **page);

/* Find any built kernel of this @key, by whatever name. Returns whether there is one. */
bool lab_kernel_find_key(const char *key, struct lab_kernel *kernel);
void lab_kernel_free(struct lab_kernel *kernel);

/* Whether a kernel of the cache was built from @tree; its modules are built with it, too. */
bool lab_kernel_has_tree(const char *tree);

/*
 * Where kernels from the user's own folder @tree are built, again and again with small changes.
 * It stays, and under one name: objtool is made with absolute paths, and all depends on it.
 */
char *lab_kernel_work_folder(const char *tree);

/* Read FOLDER/kernel.json. Returns whether it is that of a complete kernel. */
bool lab_kernel_load(const char *folder, struct lab_kernel *kernel);

/*
 * The folders of the cache's kernels, complete or not, in the order of their names. Where they can't
 * be read, a note says so once.
 */
void lab_kernel_folders(struct mb_list *folders);

/* Call @visit for each complete kernel of the cache, in the order of the folders' names. */
void lab_kernel_each(void (*visit)(struct lab_kernel *kernel, void *context), void *context);

/* Write FOLDER/kernel.json, by which a kernel becomes complete. Returns 0, or -1 with errno. */
int lab_kernel_store(const char *folder, const struct lab_kernel *kernel);

/*
 * Give the complete kernel in @folder its place @final. What a removal that was cut short has left there goes; a
 * complete kernel, which another migbench was quicker with, stays, and @folder goes. Returns 0, or -1 with errno.
 */
int lab_kernel_put(const char *folder, const char *final);

/*
 * Whether the complete kernel @name is at @final, which is then printed. Of several kernels of one name the last one
 * asked for counts: this one, unless @dry.
 */
bool lab_kernel_up_to_date(const char *final, const char *name, bool dry);

/* Paths of a kernel's parts, malloc'd. What was built elsewhere may have lost its build tree. */
char *lab_kernel_image(const struct lab_kernel *kernel);
char *lab_kernel_build_tree(const struct lab_kernel *kernel);
char *lab_kernel_configuration(const struct lab_kernel *kernel);
char *lab_kernel_modules(const struct lab_kernel *kernel);

#endif
