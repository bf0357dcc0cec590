/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debian's packages of kernel sources. */
#ifndef MIGBENCH_LAB_KERNEL_SOURCE_PACKAGE_H
#define MIGBENCH_LAB_KERNEL_SOURCE_PACKAGE_H

#include "core/progress.h"
#include "lab/diff/patches.h"
#include "lab/kernel/apt.h"

struct lab_source {
	char *version; /* tells one content from another: part of the kernel's cache key */
	char *tree; /* the folder, which need not exist yet */
	char *package; /* NULL: the user's own */
	char *archive; /* of the user's own, unpacked into @tree; or NULL */
	char *package_version;
	bool exact; /* that version was asked for, and no other */
	struct lab_apt apt; /* of the suite that has it; all zero: the machine's own lists do */
	char *original; /* the unpatched folder, where @tree is a patched copy; else NULL */
	char *content; /* digest of the user's own folder as it was found; NULL: none of those */
};

struct lab_wanted {
	const char *package; /* of Debian; NULL: see head */
	const char *version; /* of the package, and no other; NULL: the newest */
	const char *head; /* "linux-source-": the one of the highest version in @suite */
	const char *suite; /* or NULL */
	const char *path; /* the user's own folder or archive, instead; or NULL */
	const struct lab_patches *patches; /* or NULL */
	bool anew; /* what the cache has from another suite is not enough */
};

/* What the names of folders in the cache end in, in which a source is being fetched. */
#define LAB_SOURCE_PARTIAL ".partial"
#define LAB_SOURCE_FETCH ".fetch"

/* lab_source_find() for a package; nothing else is looked at but the suites and the cache. */
int lab_source_find_package(const struct lab_wanted *wanted, struct mb_progress *progress,
			    struct lab_source *source);

/* Where Debian's @package puts its archive, and the version installed (NULL: none); malloc'd. */
char *lab_installed_archive(const char *package);
char *lab_installed_version(const char *package);

/* The newest version of @package of which the cache holds the tree, malloc'd; NULL: none. */
char *lab_source_cached(const char *package);

/* Whether a folder called @name in the cache is a source that was being fetched. */
bool lab_source_unfinished(const char *name);

/* Whether the folder @tree is a kernel's source. */
bool lab_source_is_tree(const char *tree);

#endif
