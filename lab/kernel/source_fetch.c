// SPDX-License-Identifier: GPL-2.0-or-later
/* Fetching a kernel's source: downloaded, unpacked, copied and patched in the cache. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/deb.h"
#include "lab/base/spawn.h"
#include "lab/base/timings.h"
#include "lab/kernel/source.h"

/* Of what a program says: the first line, where the reason stands, and whether the disk is full. */
struct said {
	char first[256];
	bool full;
};

static void note(void *context, const char *line)
{
	struct said *said = context;

	if (!*said->first)
		snprintf(said->first, sizeof(said->first), "%s", line);
	said->full |= strstr(line, "No space left on device") != NULL;
}

/* Run @words and empty them; what is said in *@said. Returns as lab_run_words() does. */
static int run(struct mb_list *words, FILE *log, struct said *said)
{
	struct lab_spawn how = { .argv = words->at, .in = -1 };
	int status;

	*said = (struct said){ .full = false };
	status = lab_run_logged(&how, log, note, said);
	mb_list_free(words);
	return status;
}

/* One line, with the reason as far as it is known. Returns MB_MACHINE. */
static int failed(const char *what, const char *subject, const struct said *said)
{
	const char *why = said->full ? "the disk is full" : said->first;

	return lab_interrupted ? MB_MACHINE
			       : mb_fail(MB_MACHINE, "%s: cannot %s%s%s", subject, what,
					 *why ? ": " : "", why);
}

/* Get the package into @folder and name its archive; NULL, after one line, without it. */
static char *download(struct lab_source *source, const char *folder, FILE *log)
{
	struct mb_list words = { 0 }, debs = { 0 };
	struct said said = { .full = false };
	char *archive = NULL;
	int status;

	if (source->exact)
		mb_list_add(&words, "%s=%s", source->package, source->package_version);
	else
		mb_list_add(&words, "%s", source->package);
	source->apt.log = log;
	status = lab_apt_download(&source->apt, &words, LAB_APT_ALONE, folder);
	mb_list_free(&words);
	if (status)
		return NULL;
	mb_names_in(folder, ".deb", &debs);
	if (debs.count) {
		char *deb = mb_format("%s/%s.deb", folder, debs.at[0]), *why;

		if (lab_deb_unpack(deb, folder, &why)) {
			note(&said, why ? why : "");
			failed("unpack it", source->package, &said);
			free(why);
		} else {
			archive = mb_format("%s/usr/src/%s.tar.xz", folder, source->package);
		}
		free(deb);
	}
	mb_list_free(&debs);
	return archive;
}

/* The archive that the source comes in: malloc'd in *@archive. Fetched into @folder if need be. */
static int get_archive(struct lab_source *source, const char *folder, struct mb_progress *progress,
		       FILE *log, char **archive)
{
	char *installed;
	bool is;

	if (source->archive) {
		*archive = mb_strdup(source->archive);
		return MB_OK;
	}
	installed = lab_installed_version(source->package);
	is = installed && !strcmp(installed, source->package_version);
	free(installed);
	if (is) {
		*archive = lab_installed_archive(source->package);
		return MB_OK;
	}
	mb_step(progress, "download %s %s", source->package, source->package_version);
	mb_progress_watch(folder);
	mb_remove_tree(folder);
	if (mb_make_folders(folder))
		return mb_fail(MB_MACHINE, "%s: %m", folder);
	*archive = download(source, folder, log);
	return *archive ? MB_OK : MB_MACHINE;
}

/* The kernel's tree in @folder: the folder itself or the only one in it; malloc'd, or NULL. */
static char *tree_in(const char *folder)
{
	struct mb_list names = { 0 };
	char *inner = NULL;

	if (lab_source_is_tree(folder))
		return mb_strdup(folder);
	mb_names_in(folder, "", &names);
	if (names.count == 1)
		inner = mb_format("%s/%s", folder, names.at[0]);
	mb_list_free(&names);
	if (inner && lab_source_is_tree(inner))
		return inner;
	free(inner);
	return NULL;
}

/* Unpack @archive into the folder @partial; what is its kernel's tree becomes @tree. */
static int unpack_archive(const char *archive, const char *partial, const char *tree, FILE *log)
{
	struct mb_list words = { 0 };
	struct said said;
	char *root;
	int status = MB_OK;

	mb_remove_tree(partial);
	if (mb_make_folders(partial))
		return mb_fail(MB_MACHINE, "%s: %m", partial);
	mb_list_add(&words, "tar");
	mb_list_add(&words, "-xf");
	mb_list_add(&words, "%s", archive);
	mb_list_add(&words, "-C");
	mb_list_add(&words, "%s", partial);
	if (run(&words, log, &said))
		return failed("unpack it", mb_base_name(archive), &said);
	root = tree_in(partial);
	if (!root)
		return mb_fail(MB_REQUEST, "%s: no kernel's source (it has no Kconfig)", archive);
	if (mb_put_in_place(root, tree))
		status = mb_fail(MB_MACHINE, "%s: %m", tree);
	free(root);
	return status;
}

static int unpack(struct lab_source *source, const char *tree, struct mb_progress *progress,
		  FILE *log)
{
	char *partial = mb_format("%s" LAB_SOURCE_PARTIAL, tree), *archive = NULL;
	char *fetched = mb_format("%s" LAB_SOURCE_FETCH, tree);
	int status = get_archive(source, fetched, progress, log, &archive);
	double began;

	if (!status) {
		began = lab_timing_now();
		mb_step(progress, "unpack %s", mb_base_name(archive));
		mb_progress_expect(lab_timing(LAB_TIMING_UNPACK));
		status = unpack_archive(archive, partial, tree, log);
		if (!status)
			lab_timing_note(LAB_TIMING_UNPACK, lab_timing_now() - began);
	}
	mb_remove_tree(partial);
	mb_remove_tree(fetched);
	free(archive);
	free(fetched);
	free(partial);
	return status;
}

/* Copy @from into the new folder @to: by links within the cache, else without the history. */
static int copy_tree(const char *from, const char *to, bool link, FILE *log, struct said *said)
{
	struct mb_list words = { 0 };
	struct dirent *entry;
	DIR *dir = opendir(from);

	if (!dir)
		return -1;
	mb_list_add(&words, "cp");
	mb_list_add(&words, link ? "-al" : "-a");
	mb_list_add(&words, "--target-directory=%s", to);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    strcmp(entry->d_name, ".git"))
			mb_list_add(&words, "%s/%s", from, entry->d_name);
	closedir(dir);
	return run(&words, log, said);
}

static int patch(const struct lab_source *source, const struct lab_patches *patches,
		 struct mb_progress *progress, FILE *log)
{
	char *partial = mb_format("%s" LAB_SOURCE_PARTIAL, source->tree);
	struct said said = { .full = false };
	int status = MB_OK;

	mb_step(progress, "copy the source");
	mb_remove_tree(partial);
	if (mb_make_folders(partial))
		status = mb_fail(MB_MACHINE, "%s: %m", partial);
	/* git and patch(1) make new files and so leave the original behind a link alone. */
	else if (copy_tree(source->original, partial, source->package || source->archive, log,
			   &said))
		status = failed("copy it", source->original, &said);
	if (!status) {
		mb_step(progress, "%s the source", patches->reverse ? "unpatch" : "patch");
		if (lab_patches_apply(patches, partial))
			status = MB_MACHINE;
	}
	if (!status) {
		mb_progress_clear(progress);
		status = lab_source_unchanged(source);
	}
	if (!status && mb_put_in_place(partial, source->tree))
		status = mb_fail(MB_MACHINE, "%s: %m", source->tree);
	mb_remove_tree(partial);
	free(partial);
	return status;
}

/* Two kernels may be of one source: the second waits, and finds it there. -1: errno. */
static int lock_sources(struct mb_progress *progress)
{
	char *folder = mb_cache_path("src");
	int lock = -1;

	if (!mb_make_folders(folder))
		lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (lock < 0 || !flock(lock, LOCK_EX | LOCK_NB))
		return lock;
	mb_step(progress, "wait for another migbench, which fetches a source");
	while (flock(lock, LOCK_EX | LOCK_NB) && (errno == EWOULDBLOCK || errno == EINTR) &&
	       !lab_interrupted) {
		poll(NULL, 0, 200);
		mb_progress_wait();
	}
	return lock;
}

/* What is missing of the source, and of its patched copy unless @patches is NULL. */
static int fetch(struct lab_source *source, const struct lab_patches *patches,
		 struct mb_progress *progress, FILE *log)
{
	const char *original = source->original ? source->original : source->tree;
	int lock = lock_sources(progress), status = MB_OK;

	if (lock < 0)
		return mb_fail(MB_MACHINE, "%s: %m", source->tree);
	if (lab_interrupted)
		status = MB_MACHINE;
	if (!status && !mb_exists(original))
		status = unpack(source, original, progress, log);
	if (!status && patches && source->original && !mb_exists(source->tree))
		status = patch(source, patches, progress, log);
	close(lock);
	return status;
}

int lab_source_fetch(struct lab_source *source, const struct lab_patches *patches,
		     struct mb_progress *progress, FILE *log)
{
	return mb_exists(source->tree) ? MB_OK : fetch(source, patches, progress, log);
}

int lab_source_fetch_original(struct lab_source *source, struct mb_progress *progress, FILE *log)
{
	const char *original = source->original ? source->original : source->tree;

	return mb_exists(original) ? MB_OK : fetch(source, NULL, progress, log);
}
