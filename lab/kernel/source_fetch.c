// SPDX-License-Identifier: GPL-2.0-or-later
/* Fetching a kernel's source: downloaded, unpacked, copied and patched in the cache. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/source.h"

struct said {
	char last[256];
};

static void note_last(void *context, const char *line)
{
	struct said *said = context;

	if (*line)
		snprintf(said->last, sizeof(said->last), "%s", line);
}

/* Run @words and empty them; the last line of what is said in *@said. Returns as lab_run_words(). */
static int run(struct lab_list *words, FILE *log, struct said *said)
{
	struct lab_spawn how = { .argv = words->at, .in = -1 };
	int status;

	*said = (struct said){ .last = "" };
	status = lab_run_logged(&how, log, note_last, said);
	lab_list_free(words);
	return status;
}

/* One line, with the reason as far as it is known. Returns MB_MACHINE. */
static int failed(const char *what, const char *subject, const struct said *said)
{
	const char *why =
		strstr(said->last, "No space left on device") ? "the disk is full" : said->last;

	return lab_interrupted ? MB_MACHINE
			       : mb_fail(MB_MACHINE, "%s: cannot %s%s%s", subject, what,
					 *why ? ": " : "", why);
}

/* Get the package into @folder and name its archive; NULL, after one line, without it. */
static char *download(struct lab_source *source, const char *folder, FILE *log)
{
	struct lab_list words = { 0 }, debs = { 0 };
	char *archive = NULL;
	struct said said;
	int status;

	lab_list_add(&words, "%s", source->package);
	source->apt.log = log;
	status = lab_apt_download(&source->apt, &words, LAB_APT_ALONE, folder);
	lab_list_free(&words);
	if (status)
		return NULL;
	lab_names_in(folder, ".deb", &debs);
	if (debs.count) {
		lab_list_add(&words, "dpkg-deb");
		lab_list_add(&words, "--extract");
		lab_list_add(&words, "%s/%s.deb", folder, debs.at[0]);
		lab_list_add(&words, "%s", folder);
		if (run(&words, log, &said))
			failed("unpack it", source->package, &said);
		else
			archive = lab_format("%s/usr/src/%s.tar.xz", folder, source->package);
	}
	lab_list_free(&debs);
	return archive;
}

static int unpack(struct lab_source *source, const char *tree, struct lab_progress *progress,
		  FILE *log)
{
	char *partial = lab_format("%s" LAB_SOURCE_PARTIAL, tree),
	     *fetched = lab_format("%s" LAB_SOURCE_FETCH, tree);
	char *installed = lab_installed_version(source->package), *archive = NULL;
	struct lab_list words = { 0 };
	struct said said;
	int status = MB_OK;

	if (installed && !strcmp(installed, source->package_version)) {
		archive = lab_installed_archive(source->package);
	} else {
		lab_step(progress, "download %s %s", source->package, source->package_version);
		lab_remove_tree(fetched);
		if (lab_make_folders(fetched))
			status = mb_fail(MB_MACHINE, "%s: %m", fetched);
		else if (!(archive = download(source, fetched, log)))
			status = MB_MACHINE;
	}
	if (!status) {
		lab_step(progress, "unpack %s", source->package);
		lab_remove_tree(partial);
		if (lab_make_folders(partial))
			status = mb_fail(MB_MACHINE, "%s: %m", partial);
	}
	if (!status) {
		lab_list_add(&words, "tar");
		lab_list_add(&words, "-xf");
		lab_list_add(&words, "%s", archive);
		lab_list_add(&words, "--strip-components=1");
		lab_list_add(&words, "-C");
		lab_list_add(&words, "%s", partial);
		if (run(&words, log, &said))
			status = failed("unpack it", lab_base_name(archive), &said);
		else if (rename(partial, tree))
			status = mb_fail(MB_MACHINE, "%s: %m", tree);
	}
	lab_remove_tree(partial);
	lab_remove_tree(fetched);
	free(archive);
	free(installed);
	free(fetched);
	free(partial);
	return status;
}

/* Copy @from into the new folder @to: by links within the cache, else without the history. */
static int copy_tree(const char *from, const char *to, bool link, FILE *log, struct said *said)
{
	struct lab_list words = { 0 };
	struct dirent *entry;
	DIR *dir = opendir(from);

	if (!dir)
		return -1;
	lab_list_add(&words, "cp");
	lab_list_add(&words, link ? "-al" : "-a");
	lab_list_add(&words, "--target-directory=%s", to);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    strcmp(entry->d_name, ".git"))
			lab_list_add(&words, "%s/%s", from, entry->d_name);
	closedir(dir);
	return run(&words, log, said);
}

static int patch(const struct lab_source *source, char *const *patches, size_t count,
		 struct lab_progress *progress, FILE *log)
{
	char *partial = lab_format("%s" LAB_SOURCE_PARTIAL, source->tree);
	struct lab_list words = { 0 };
	struct said said = { .last = "" };
	int status = MB_OK;

	lab_step(progress, "copy the source");
	lab_remove_tree(partial);
	if (lab_make_folders(partial))
		status = mb_fail(MB_MACHINE, "%s: %m", partial);
	/* patch(1) replaces files and so leaves the original behind a link alone. */
	else if (copy_tree(source->original, partial, source->package, log, &said))
		status = failed("copy it", source->original, &said);
	for (size_t i = 0; !status && i < count; i++) {
		char *full = realpath(patches[i], NULL);

		lab_step(progress, "patch %s", patches[i]);
		lab_list_add(&words, "patch");
		lab_list_add(&words, "-p1");
		lab_list_add(&words, "--batch");
		lab_list_add(&words, "--forward");
		/* What does not fit is not guessed at. */
		lab_list_add(&words, "--fuzz=0");
		lab_list_add(&words, "-i");
		lab_list_add(&words, "%s", full ? full : patches[i]);
		free(full);
		if (lab_run_words(&words, partial, log))
			status = lab_interrupted ? MB_MACHINE
						 : mb_fail(MB_MACHINE, "--patch %s: does not apply",
							   patches[i]);
	}
	if (!status && rename(partial, source->tree))
		status = mb_fail(MB_MACHINE, "%s: %m", source->tree);
	lab_remove_tree(partial);
	free(partial);
	return status;
}

int lab_source_fetch(struct lab_source *source, char *const *patches, size_t patch_count,
		     struct lab_progress *progress, FILE *log)
{
	const char *original = source->original ? source->original : source->tree;
	int status = MB_OK;

	if (lab_exists(source->tree))
		return MB_OK;
	if (!lab_exists(original))
		status = unpack(source, original, progress, log);
	if (!status && source->original)
		status = patch(source, patches, patch_count, progress, log);
	return status;
}
