// SPDX-License-Identifier: GPL-2.0-or-later
/* The answers of trial boots, kept in the cache until this machine starts again. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/datadir.h"
#include "lab/vm/kvm.h"

#define DEVICE "/dev/kvm"
#define SUFFIX ".json"

bool lab_kvm_opens(char why[256])
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		snprintf(why, 256, DEVICE ": %s", strerror(errno));
		return false;
	}
	close(fd);
	return true;
}

/* Another start may come with another host kernel, CPU or setting: then it must be tried again. */
static void boot_id(char id[64])
{
	FILE *in = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!in || !fgets(id, 64, in))
		id[0] = '\0';
	if (in)
		fclose(in);
	id[strcspn(id, "\n")] = '\0';
}

static char *trial_path(const char *key, const char *suffix)
{
	char relative[128];

	snprintf(relative, sizeof(relative), "kvm/%.80s%s", key, suffix);
	return mb_cache_path(relative);
}

bool lab_kvm_recall(const char *key, struct lab_kvm_trial *trial)
{
	char *path = trial_path(key, SUFFIX), now[64];
	json_t *file = json_load_file(path, 0, NULL);
	const char *id, *kernel, *why;
	int works;
	bool good;

	free(path);
	boot_id(now);
	good = file && !json_unpack(file, "{s:s, s:s, s:b, s:s}", "boot_id", &id, "kernel", &kernel,
				    "works", &works, "why", &why);
	good = good && *now && !strcmp(id, now);
	if (good) {
		*trial = (struct lab_kvm_trial){ .works = works };
		snprintf(trial->kernel, sizeof(trial->kernel), "%s", kernel);
		snprintf(trial->why, sizeof(trial->why), "%s", why);
	}
	json_decref(file);
	return good;
}

void lab_kvm_remember(const char *key, const struct lab_kvm_trial *trial)
{
	char *folder = mb_cache_path("kvm"), *path = trial_path(key, SUFFIX);
	char *partial = trial_path(key, ".partial"), now[64];
	json_t *file;

	boot_id(now);
	file = json_pack("{s:s, s:s, s:b, s:s}", "boot_id", now, "kernel", trial->kernel, "works",
			 trial->works, "why", trial->why);
	if (file) {
		mb_make_folders(folder);
		if (!json_dump_file(file, partial, JSON_INDENT(2)))
			rename(partial, path);
	}
	json_decref(file);
	free(partial);
	free(path);
	free(folder);
}

void lab_kvm_each(void (*visit)(const struct lab_kvm_trial *trial))
{
	char *folder = mb_cache_path("kvm");
	struct mb_list keys = { 0 };
	struct lab_kvm_trial trial;

	mb_names_in(folder, SUFFIX, &keys);
	for (size_t i = 0; i < keys.count; i++)
		if (lab_kvm_recall(keys.at[i], &trial))
			visit(&trial);
	mb_list_free(&keys);
	free(folder);
}
