// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches tried on a source before anything is made of it. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/ini.h"
#include "lab/kernel/source.h"

/* Kernels' sources in the cache, as lab_patches_check() takes them. */
struct others {
	struct lab_patches_other *at;
	size_t count;
};

static int by_version(const void *left, const void *right)
{
	const struct lab_patches_other *a = left, *b = right;

	return strverscmp(a->label, b->label);
}

/* Sources of packages, by age, without @tree. */
static void list_others(const char *tree, struct others *others)
{
	char *cache = mb_cache_path("src");
	struct mb_list names = { 0 };

	mb_names_in(cache, "", &names);
	others->at = mb_alloc(names.count, sizeof(*others->at));
	for (size_t i = 0; i < names.count; i++) {
		const char *version = strchr(names.at[i], '_');
		char *path = mb_format("%s/%s", cache, names.at[i]);

		if (!version || lab_source_unfinished(names.at[i]) || !lab_source_is_tree(path) ||
		    !strcmp(path, tree)) {
			free(path);
			continue;
		}
		/* 6.1.192-2: the package's own number says nothing here. */
		others->at[others->count++] = (struct lab_patches_other){
			.label = mb_format("%.*s", (int)strcspn(version + 1, "-~+"), version + 1),
			.tree = path,
		};
	}
	qsort(others->at, others->count, sizeof(*others->at), by_version);
	mb_list_free(&names);
	free(cache);
}

static void free_others(struct others *others)
{
	for (size_t i = 0; i < others->count; i++) {
		free(others->at[i].label);
		free(others->at[i].tree);
	}
	free(others->at);
}

int lab_source_check(struct lab_source *source, const struct lab_patches *patches,
		     struct mb_progress *progress)
{
	const char *tree = source->original ? source->original : source->tree;
	struct others others = { 0 };
	FILE *log = fopen("/dev/null", "we");
	int status;

	if (!log)
		return mb_fail(MB_MACHINE, "/dev/null: %m");
	status = lab_source_fetch_original(source, progress, log);
	mb_progress_clear(progress);
	fclose(log);
	if (status)
		return status;
	list_others(tree, &others);
	status = lab_patches_check(patches, tree, others.at, others.count);
	free_others(&others);
	return status;
}

int lab_source_check_config(const char *config, const char *path, const struct lab_patches *patches,
			    struct mb_progress *progress)
{
	struct lab_kernel_config read;
	struct lab_source source = { 0 };
	int status = lab_kernel_config(config, &read);

	if (!status) {
		const struct lab_wanted wanted = { .package = read.package,
						   .head = read.newest,
						   .version = read.version,
						   .suite = read.suite,
						   .path = path,
						   .patches = patches };

		status = lab_source_find(&wanted, progress, &source);
	}
	if (!status)
		status = lab_source_check(&source, patches, progress);
	lab_source_free(&source);
	lab_kernel_config_free(&read);
	return status;
}
