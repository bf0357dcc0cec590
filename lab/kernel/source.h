/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel sources: Debian's package or a folder, with or without patches. */
#ifndef MIGBENCH_LAB_KERNEL_SOURCE_H
#define MIGBENCH_LAB_KERNEL_SOURCE_H

#include <stdio.h>

#include "lab/base/files.h"
#include "lab/base/progress.h"
#include "lab/kernel/apt.h"

struct lab_source {
	char *version; /* tells one content from another: part of the kernel's cache key */
	char *tree; /* the folder, which need not exist yet */
	char *package; /* NULL: the user's own folder */
	char *package_version;
	struct lab_apt apt; /* of the suite that has it; all zero: the machine's own lists do */
	char *original; /* the unpatched folder, where @tree is a patched copy; else NULL */
};

/*
 * Name the source of Debian's @package, or of @folder when that is not NULL, with @patches (paths)
 * on top; nothing is fetched yet but package lists: those of @suite (or NULL), if neither the
 * machine's own nor the cache have the package, or if @newest is asked for. Returns an exit
 * status, after one line if it is not MB_OK; MB_MACHINE and no line when interrupted.
 */
struct lab_wanted {
	const char *package, *suite, *folder;
	char *const *patches;
	size_t patch_count;
	bool newest;
};
int lab_source_find(const struct lab_wanted *wanted, struct lab_progress *progress,
		    struct lab_source *source);

/*
 * Make source->tree exist: download, unpack, copy, patch as far as needed. What the programs say
 * goes to @log. Returns an exit status, after one line if it is not MB_OK; MB_MACHINE and no line
 * when interrupted.
 */
int lab_source_fetch(struct lab_source *source, char *const *patches, size_t patch_count,
		     struct lab_progress *progress, FILE *log);

/* Where Debian's @package puts its archive, and the version installed (NULL: none); malloc'd. */
char *lab_installed_archive(const char *package);
char *lab_installed_version(const char *package);

/* What the names of folders in the cache end in, in which a source is being fetched. */
#define LAB_SOURCE_PARTIAL ".partial"
#define LAB_SOURCE_FETCH ".fetch"

/* Whether a folder called @name in the cache is one of those. */
bool lab_source_unfinished(const char *name);

void lab_source_free(struct lab_source *source);

#endif
