// SPDX-License-Identifier: GPL-2.0-or-later
/* A source named, and its content put into a version, before anything is fetched. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/config.h"
#include "lab/kernel/source.h"

static int compare_names(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Whether the folder at the top of a tree is the kernel's: make goes into it, or it has what all include. */
static bool is_kernels(const FTSENT *entry)
{
	static const char *const files[] = { "Makefile", "Kbuild", "Kconfig" };
	bool is = !strcmp(entry->fts_name, "include");

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !is; i++) {
		char *path = mb_format("%s/%s", entry->fts_path, files[i]);

		is = mb_exists(path);
		free(path);
	}
	return is;
}

/*
 * Whether a build may read what is at @entry. What Python puts beside a script when the build runs it is no source;
 * at the top, where people keep logs, patches, caches and results, few files are, and nothing hidden.
 */
static bool is_read(const FTSENT *entry)
{
	static const char *const files[] = { "Makefile", "Kbuild", "Kconfig", ".scmversion" };
	const char *name = entry->fts_name;

	if (entry->fts_info == FTS_D && !strcmp(name, "__pycache__"))
		return false;
	if (entry->fts_level != 1)
		return true;
	if (entry->fts_info == FTS_D)
		return *name != '.' && is_kernels(entry);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strcmp(name, files[i]))
			return true;
	return !strncmp(name, "localversion", strlen("localversion"));
}

/* Digest of the names, sizes and times of all that a build reads below @folder: changes whenever a file does. */
static int folder_digest(char *folder, char hex[MB_DIGEST_HEX])
{
	char *roots[] = { folder, NULL }, *listing = NULL;
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
	FILE *out;
	FTSENT *entry;
	size_t size;

	if (!walk)
		return -1;
	out = mb_text_open(&listing, &size);
	while ((entry = fts_read(walk))) {
		if (!is_read(entry))
			fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F)
			fprintf(out, "%s %lld %lld.%09ld\n", entry->fts_path,
				(long long)entry->fts_statp->st_size,
				(long long)entry->fts_statp->st_mtim.tv_sec,
				entry->fts_statp->st_mtim.tv_nsec);
	}
	fts_close(walk);
	mb_text_close(out);
	mb_digest(listing, size, hex);
	free(listing);
	return 0;
}

/* Whether somebody ran make in the tree itself: then the kernel refuses to build elsewhere. */
static bool built_in(const char *tree)
{
	static const char *const left[] = { ".config", "include/config",
					    "arch/x86/include/generated" };
	bool found = false;

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]) && !found; i++) {
		char *path = mb_format("%s/%s", tree, left[i]);

		found = mb_exists(path);
		free(path);
	}
	return found;
}

static int find_folder(const char *folder, struct lab_source *source)
{
	char hex[MB_DIGEST_HEX];

	if (!lab_source_is_tree(source->tree))
		return mb_fail(MB_REQUEST, "--source %s: no kernel tree (it has no Kconfig)",
			       folder);
	if (built_in(source->tree))
		return mb_fail(
			MB_REQUEST,
			"--source %s: holds an earlier build, and is not touched; run there: "
			"make mrproper",
			folder);
	if (folder_digest(source->tree, hex))
		return mb_fail(MB_MACHINE, "--source %s: cannot read: %m", folder);
	source->version = mb_format("%s:%.*s", source->tree, LAB_KEY_DIGITS, hex);
	source->content = mb_strdup(hex);
	return MB_OK;
}

int lab_source_unchanged(const struct lab_source *source)
{
	char *folder = source->original ? source->original : source->tree;
	char hex[MB_DIGEST_HEX];

	if (!source->content)
		return MB_OK;
	if (folder_digest(folder, hex))
		return mb_fail(MB_MACHINE, "--source %s: cannot read: %m", folder);
	if (!strcmp(hex, source->content))
		return MB_OK;
	return mb_fail(MB_REQUEST, "--source %s: has changed while it was read; try again", folder);
}

int lab_source_stays(const char *version, const char *tree, const char *name, const char *config)
{
	size_t length = strlen(tree);
	char hex[MB_DIGEST_HEX], *folder;
	int status;

	if (strncmp(version, tree, length) || version[length] != ':')
		return MB_OK;
	folder = mb_strdup(tree);
	status = folder_digest(folder, hex);
	free(folder);
	if (!status && !strncmp(hex, version + length + 1, LAB_KEY_DIGITS))
		return MB_OK;
	return mb_fail(MB_MACHINE,
		       "%s: has changed since kernel %s was built of it, so that migbench.ko can't "
		       "be built for that; build the kernel again: migbench lab kernel build %s%s"
		       "--source %s --name %s",
		       tree, name, config ? config : "", config ? " " : "", tree, name);
}

/* What an archive holds is unpacked into the cache, by its content. */
static int find_archive(const char *path, struct lab_source *source)
{
	char hex[MB_DIGEST_HEX], *relative;

	if (mb_digest_file(source->tree, hex))
		return mb_fail(MB_REQUEST, "--source %s: %m", path);
	source->archive = source->tree;
	source->version = mb_format("archive:%.*s", LAB_KEY_DIGITS, hex);
	relative = mb_format("src/archive_%.*s", LAB_KEY_DIGITS, hex);
	source->tree = mb_cache_path(relative);
	free(relative);
	return MB_OK;
}

static int find_own(const char *path, struct lab_source *source)
{
	struct stat st;

	source->tree = realpath(path, NULL);
	if (!source->tree || stat(source->tree, &st))
		return mb_fail(MB_REQUEST, "--source %s: %m", path);
	return S_ISDIR(st.st_mode) ? find_folder(path, source) : find_archive(path, source);
}

/* Put the patches' content into the version, and the tree beside the original. */
static void add_patches(const struct lab_patches *patches, struct lab_source *source)
{
	char hex[MB_DIGEST_HEX], *all = mb_strdup(source->version), *next, *relative;

	for (size_t i = 0; i < patches->count; i++) {
		mb_digest(patches->at[i].text, strlen(patches->at[i].text), hex);
		next = mb_format("%s%c%s", all, patches->reverse ? '-' : '+', hex);
		free(all);
		all = next;
	}
	mb_digest(all, strlen(all), hex);
	free(all);
	source->original = source->tree;
	next = mb_format("%s+%.*s", source->version, LAB_KEY_DIGITS, hex);
	free(source->version);
	source->version = next;
	relative = mb_format("src/patched/%.*s", LAB_KEY_DIGITS, hex);
	source->tree = mb_cache_path(relative);
	free(relative);
}

char *lab_source_name(const char *path)
{
	char *full = realpath(path, NULL), *name = NULL, *tar;

	if (!full) {
		mb_fail(MB_REQUEST, "--source %s: %m", path);
		return NULL;
	}
	tar = mb_is_folder(full) ? NULL : strstr(mb_base_name(full), ".tar");
	if (tar)
		*tar = '\0';
	if (lab_good_name(mb_base_name(full)))
		name = mb_strdup(mb_base_name(full));
	else
		mb_fail(MB_REQUEST, "--source %s: rename it to what can be a kernel's name", path);
	free(full);
	return name;
}

int lab_source_find(const struct lab_wanted *wanted, struct mb_progress *progress,
		    struct lab_source *source)
{
	int status;

	*source = (struct lab_source){ 0 };
	status = wanted->path ? find_own(wanted->path, source)
			      : lab_source_find_package(wanted, progress, source);
	if (!status && wanted->patches && wanted->patches->count)
		add_patches(wanted->patches, source);
	if (status)
		lab_source_free(source);
	return status;
}

void lab_source_free(struct lab_source *source)
{
	lab_apt_close(&source->apt);
	free(source->version);
	free(source->tree);
	free(source->package);
	free(source->archive);
	free(source->package_version);
	free(source->original);
	free(source->content);
	*source = (struct lab_source){ 0 };
}
