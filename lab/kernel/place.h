/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kernel that is being built: what goes in, the key of it, and the folder where it grows. */
#ifndef MIGBENCH_LAB_KERNEL_PLACE_H
#define MIGBENCH_LAB_KERNEL_PLACE_H

#include <stdio.h>

#include "core/digest.h"
#include "core/options.h"
#include "core/progress.h"
#include "lab/diff/patches.h"
#include "lab/kernel/cache.h"
#include "lab/kernel/compiler.h"
#include "lab/kernel/ini.h"
#include "lab/kernel/source.h"

struct lab_build {
	/* from the command line */
	const char *config_name; /* of configs/kernels */
	const char *folder; /* --source, which may be an archive, too */
	const char *name;
	struct mb_strings patch_files; /* --patch */
	unsigned long jobs;
	bool quiet;
	bool newest, reverse, dry_run; /* --newest, --reverse, --dry-run */

	struct lab_patches patches;
	struct lab_kernel_config config;
	struct lab_source source;
	char *fragment; /* content of all fragments */
	struct lab_compiler compiler;
	char key[MB_DIGEST_HEX];
	bool fresh, seeded; /* the build began now: from nothing, or from a copy */
	bool kept; /* partial stays, and final is a copy of it: for a folder of the user's own */
	char *partial; /* folder while it is not complete; its name is hidden */
	int lock; /* on it; what make starts holds it, too, and may outlive us */
	char *final;
	char *log_path; /* in partial */
	FILE *log;
	struct mb_progress progress;
};

/* MiB that a build may take in the cache, beside the source; and MiB that are free there. */
#define LAB_BUILD_ROOM 1024UL
unsigned long lab_build_room(void);

/* The cache key of what b's configuration and compiler make of the source @version. */
void lab_build_key(const struct lab_build *b, const char *version, char key[MB_DIGEST_HEX]);

/*
 * What run files call the kernel: malloc'd. What configs/kernels has is told by its release; all else
 * by its name, too.
 */
char *lab_build_label(const struct lab_build *b, const char *release);

/* What the cache will say of the kernel that is built; nothing in it is to be freed. */
struct lab_kernel lab_build_kernel(const struct lab_build *b, char *release, char *label);

/* A lock on a folder, or -1: somebody builds there (EWOULDBLOCK), or it can't be opened. */
int lab_lock_folder(const char *path);

/*
 * The same of a folder that is made if need be, for the kernel @name; waits for another migbench that
 * builds there, and says so. -1 after one line, or when interrupted.
 */
int lab_take_folder(const char *path, const char *name);

/* Remove what earlier, unfinished builds of the same name but of other content left. */
void lab_build_remove_stale(const struct lab_build *b);

#endif
