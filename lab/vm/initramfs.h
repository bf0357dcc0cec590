/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's file system: an uncompressed newc archive, the same bytes for the same content. */
#ifndef MIGBENCH_LAB_VM_INITRAMFS_H
#define MIGBENCH_LAB_VM_INITRAMFS_H

#include <stddef.h>
#include <sys/types.h>

#include "lab/base/arch.h"

struct lab_entry;

struct lab_initramfs {
	const struct lab_arch *arch; /* whose programs run there */
	const char *
		root; /* the folder with its libraries, of another architecture; NULL: the host's */
	struct lab_entry *entries;
	size_t count;
};

/* Each takes the path in the guest with its leading slash; folders above it come by themselves. */
void lab_initramfs_folder(struct lab_initramfs *fs, const char *path);
void lab_initramfs_file(struct lab_initramfs *fs, const char *path, const char *from, mode_t mode);
void lab_initramfs_data(struct lab_initramfs *fs, const char *path, const void *data,
			size_t length);
void lab_initramfs_link(struct lab_initramfs *fs, const char *path, const char *target);

/* Everything in the folder @from, its folders included; links are left out. 0, or -1: errno. */
int lab_initramfs_tree(struct lab_initramfs *fs, const char *path, const char *from);

/*
 * A program with the shared libraries that it needs. Returns an exit status, after one line if it
 * is not MB_OK: @from can't be read, is for another architecture, or a library is missing.
 */
int lab_initramfs_program(struct lab_initramfs *fs, const char *path, const char *from,
			  mode_t mode);

/*
 * Add the shared libraries that the program or library @from says it needs, out of fs->root, and what
 * these need. Returns an exit status, after one line if it is not MB_OK.
 */
int lab_initramfs_needed(struct lab_initramfs *fs, const char *from);

/* Whether something of this path is in already. */
int lab_initramfs_has(const struct lab_initramfs *fs, const char *path);

/* Write the archive. Returns an exit status, after one line if it is not MB_OK. */
int lab_initramfs_write(struct lab_initramfs *fs, const char *out);

void lab_initramfs_free(struct lab_initramfs *fs);

#endif
