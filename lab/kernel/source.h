/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel sources: Debian's package, a folder or an archive, with or without patches. */
#ifndef MIGBENCH_LAB_KERNEL_SOURCE_H
#define MIGBENCH_LAB_KERNEL_SOURCE_H

#include <stdio.h>

#include "lab/kernel/source_package.h"

/*
 * Name the source of @wanted, with its patches on top; nothing is fetched yet but package lists:
 * those of the suite, if neither the machine's own nor the cache have the package. Returns an exit
 * status, after one line if it is not MB_OK; MB_MACHINE and no line when interrupted.
 */
int lab_source_find(const struct lab_wanted *wanted, struct mb_progress *progress,
		    struct lab_source *source);

/* What the kernel of the folder or archive @path is called unless the user says: as it. malloc'd; NULL after one line. */
char *lab_source_name(const char *path);

/*
 * Make source->tree exist: download, unpack, copy, patch as far as needed. What the programs say
 * goes to @log. Returns an exit status, after one line if it is not MB_OK; MB_MACHINE and no line
 * when interrupted.
 */
int lab_source_fetch(struct lab_source *source, const struct lab_patches *patches,
		     struct mb_progress *progress, FILE *log);

/* The same, but without the patches: of a patched source its original. */
int lab_source_fetch_original(struct lab_source *source, struct mb_progress *progress, FILE *log);

/*
 * Whether the user's own folder is still what it was when the source was named; all else is. Returns
 * MB_OK, or an exit status after one line: what was made of it has no version.
 */
int lab_source_unchanged(const struct lab_source *source);

/*
 * Whether the user's own folder @tree is still what it was when the kernel @name was built of it, whose source was @version,
 * as the file @config describes it (or NULL);
 * all other sources are. Returns MB_OK, or MB_MACHINE after one line.
 */
int lab_source_stays(const char *version, const char *tree, const char *name, const char *config);

/*
 * Try the patches on the original of @source, which is fetched if need be. Returns MB_OK, or an exit
 * status after one line: MB_REQUEST where they do not apply.
 */
int lab_source_check(struct lab_source *source, const struct lab_patches *patches,
		     struct mb_progress *progress);

/* The same for the source of the configuration @config, or the folder or archive @path if not NULL. */
int lab_source_check_config(const char *config, const char *path, const struct lab_patches *patches,
			    struct mb_progress *progress);

void lab_source_free(struct lab_source *source);

#endif
