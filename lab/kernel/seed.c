// SPDX-License-Identifier: GPL-2.0-or-later
/* A finished build copied, and make's notes in it told of its new place. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/seed.h"

/* With more files than this another tree has so much to compile that a copy gains nothing. */
#define MAX_DIFFERENT 500

struct seed {
	struct lab_build *b;
	struct lab_kernel best;
	struct mb_list different; /* files of our tree, full paths */
};

/* Whether @kernel was made as ours will be, but for the source. */
static bool same_recipe(const struct lab_build *b, const struct lab_kernel *kernel)
{
	char key[MB_DIGEST_HEX];

	lab_build_key(b, kernel->source, key);
	return !strcmp(key, kernel->key);
}

/* Whether the tree of @kernel, still as it was when it was built, is one to compare ours with. */
static bool comparable(const struct lab_build *b, const struct lab_kernel *kernel)
{
	size_t length = strlen(kernel->source);
	char *cached;
	bool is;

	if (b->source.original)
		return !strcmp(b->source.original, kernel->tree) &&
		       !strncmp(b->source.version, kernel->source, length) &&
		       b->source.version[length] == '+';
	/* For a folder of the user's: the cache's own trees never change. */
	cached = mb_cache_path("src/");
	is = !strncmp(kernel->tree, cached, strlen(cached)) && mb_exists(kernel->tree);
	free(cached);
	return is;
}

/*
 * The files of @tree that @other has not, or not the same; no more than one over the limit.
 * Copies keep their times, and a patch makes new files.
 */
static void list_different(const char *tree, const char *other, struct mb_list *different)
{
	char *roots[] = { (char *)tree, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t skip = strlen(tree);
	FTSENT *entry;

	while (walk && different->count <= MAX_DIFFERENT && (entry = fts_read(walk))) {
		const struct stat *ours = entry->fts_statp;
		struct stat st;
		char *path;

		if (entry->fts_info == FTS_D && !strcmp(entry->fts_name, ".git"))
			fts_set(walk, entry, FTS_SKIP);
		if (entry->fts_info != FTS_F)
			continue;
		path = mb_format("%s%s", other, entry->fts_path + skip);
		if (stat(path, &st) || st.st_size != ours->st_size ||
		    st.st_mtim.tv_sec != ours->st_mtim.tv_sec ||
		    st.st_mtim.tv_nsec != ours->st_mtim.tv_nsec)
			mb_list_add(different, "%s", entry->fts_path);
		free(path);
	}
	if (walk)
		fts_close(walk);
}

/* Whether make will see that these files changed since @kernel was built. */
static bool all_newer(const struct mb_list *files, const struct lab_kernel *kernel)
{
	struct stat st;

	for (size_t i = 0; i < files->count; i++)
		if (stat(files->at[i], &st) || st.st_mtim.tv_sec <= kernel->built)
			return false;
	return true;
}

static void consider(struct lab_kernel *kernel, void *context)
{
	struct seed *seed = context;
	const struct lab_source *source = &seed->b->source;
	bool own = !source->original; /* the user's folder, whose times are not ours to change */
	struct mb_list different = { 0 };

	if (!same_recipe(seed->b, kernel) || !comparable(seed->b, kernel))
		return;
	list_different(source->tree, kernel->tree, &different);
	if (different.count > MAX_DIFFERENT || (own && !all_newer(&different, kernel)) ||
	    (seed->best.name && different.count >= seed->different.count)) {
		mb_list_free(&different);
		return;
	}
	lab_kernel_free(&seed->best);
	mb_list_free(&seed->different);
	seed->best = *kernel;
	seed->different = different;
	*kernel = (struct lab_kernel){ 0 };
}

/* The folder in which @kernel was made, and which make has noted in many places; malloc'd. */
static char *made_in(const struct lab_kernel *kernel)
{
	size_t length = strlen(kernel->tree), tail = strlen(mb_base_name(kernel->folder));
	bool kept = !strncmp(kernel->source, kernel->tree, length) &&
		    kernel->source[length] == ':' && !strchr(kernel->source + length, '+');
	char *work = kept ? lab_kernel_work_folder(kernel->tree)
			  : mb_format("%.*s.%s.partial", (int)(strlen(kernel->folder) - tail),
				      kernel->folder, mb_base_name(kernel->folder));
	char *folder = mb_format("%s/build", work);

	free(work);
	return folder;
}

/* @text with each path @from, whole or as the head of a longer one, as @to; malloc'd. */
static char *replace(char *text, const char *from, const char *to)
{
	size_t length = strlen(from), size;
	char *out = NULL, *at, *next = text;
	FILE *stream = mb_text_open(&out, &size);

	while ((at = strstr(next, from))) {
		const char *put = at[length] && strchr("/ \t\n)':;,=", at[length]) ? to : from;

		fprintf(stream, "%.*s%s", (int)(at - next), next, put);
		next = at + length;
	}
	fputs(next, stream);
	mb_text_close(stream);
	return out;
}

/* Change the paths in one of make's notes, and nothing else about it. Returns 0, or -1: errno. */
static int rewrite(const FTSENT *entry, const char *const paths[4])
{
	const struct timespec times[2] = { entry->fts_statp->st_atim, entry->fts_statp->st_mtim };
	char *text = mb_read_file(entry->fts_path, NULL), *one, *both;
	int status;

	if (!text)
		return -1;
	one = replace(text, paths[0], paths[1]);
	both = replace(one, paths[2], paths[3]);
	status = mb_write_file(entry->fts_path, both, strlen(both)) ||
		 utimensat(AT_FDCWD, entry->fts_path, times, 0);
	free(both);
	free(one);
	free(text);
	return status ? -1 : 0;
}

static bool is_note(const FTSENT *entry)
{
	const char *dot = strrchr(entry->fts_name, '.');

	return entry->fts_info == FTS_F && (!strcmp(entry->fts_name, "Makefile") ||
					    (dot && (!strcmp(dot, ".cmd") || !strcmp(dot, ".d"))));
}

/*
 * Make compares commands and names what a file depends on by full paths: with the old ones all
 * would be made again.
 */
static int move_paths(const char *build, const char *const paths[4])
{
	char *roots[] = { (char *)build, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int status = walk ? 0 : -1;
	FTSENT *entry;

	while (!status && (entry = fts_read(walk)))
		if (is_note(entry))
			status = rewrite(entry, paths);
	if (walk)
		fts_close(walk);
	return status;
}

static int copy_build(struct lab_build *b, const char *from, const char *to)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1 };
	int status;

	mb_remove_tree(to);
	mb_list_add(&words, "cp");
	mb_list_add(&words, "-a");
	mb_list_add(&words, "--reflink=auto");
	mb_list_add(&words, "%s", from);
	mb_list_add(&words, "%s", to);
	how.argv = words.at;
	status = lab_run_logged(&how, b->log, NULL, NULL);
	mb_list_free(&words);
	return status;
}

/* From a finished kernel's folder to @build, complete or not at all. */
static int plant(struct lab_build *b, const struct seed *seed, const char *build)
{
	char *from = lab_kernel_build_tree(&seed->best), *copy = mb_format("%s.copy", build);
	char *made = made_in(&seed->best);
	const char *paths[] = { seed->best.tree, b->source.tree, made, build };
	int status;

	mb_step(&b->progress, "copy the build of kernel %s: %zu files differ", seed->best.name,
		seed->different.count);
	status = copy_build(b, from, copy);
	if (!status)
		status = move_paths(copy, paths);
	/* A patched copy may be older than the kernel that is built only now. */
	for (size_t i = 0; !status && b->source.original && i < seed->different.count; i++)
		status = utimensat(AT_FDCWD, seed->different.at[i], NULL, 0);
	/* An interrupted configuration may have left something there that is no build yet. */
	if (!status)
		status = mb_remove_tree(build) || rename(copy, build);
	if (status && !lab_interrupted)
		mb_fail(MB_MACHINE, "%s: cannot copy %s: %m", build, from);
	if (status)
		mb_remove_tree(copy);
	free(made);
	free(copy);
	free(from);
	return status ? MB_MACHINE : MB_OK;
}

int lab_kernel_seed(struct lab_build *b, const char *build)
{
	struct seed seed = { .b = b };
	char *makefile = mb_format("%s/Makefile", build);
	int status = MB_OK;

	b->fresh = !mb_exists(makefile);
	if (b->fresh)
		lab_kernel_each(consider, &seed);
	if (seed.best.name)
		status = plant(b, &seed, build);
	b->seeded = seed.best.name && !status;
	lab_kernel_free(&seed.best);
	mb_list_free(&seed.different);
	free(makefile);
	return status;
}
