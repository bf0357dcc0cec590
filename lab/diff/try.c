// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that patches name, copied; and the patches applied to them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/diff/names.h"
#include "lab/diff/tool.h"
#include "lab/diff/try.h"

unsigned int *lab_try_strips(const struct lab_patches *patches, const char *tree)
{
	unsigned int *strips = mb_alloc(patches->count, sizeof(*strips));

	for (size_t i = 0; i < patches->count; i++)
		strips[i] = lab_diff_strip(patches->at[i].text, tree);
	return strips;
}

/* The names of those that are files of the tree, each once. */
static void list_files(const struct lab_patches *patches, const char *tree, struct mb_list *files)
{
	struct mb_list names = { 0 };

	for (size_t i = 0; i < patches->count; i++)
		lab_diff_names(patches->at[i].text, lab_diff_strip(patches->at[i].text, tree),
			       &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = mb_format("%s/%s", tree, names.at[i]);
		struct stat st;

		if (!lstat(path, &st) && (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)))
			mb_list_add(files, "./%s", names.at[i]);
		free(path);
	}
	mb_list_free(&names);
}

char *lab_try_copy(const struct lab_patches *patches, const char *tree)
{
	static unsigned int tries;
	const char *scratch = lab_diff_scratch();
	struct mb_list files = { 0 }, words = { 0 };
	char *folder, *said = NULL;
	int status = 0;

	if (!scratch)
		return NULL;
	folder = mb_format("%s/try-%u", scratch, tries++);
	list_files(patches, tree, &files);
	if (mb_make_folders(folder)) {
		mb_fail(MB_MACHINE, "%s: %m", folder);
		status = -1;
	} else if (files.count) {
		mb_list_add(&words, "cp");
		mb_list_add(&words, "-a");
		mb_list_add(&words, "--parents");
		mb_list_add(&words, "--target-directory=%s", folder);
		for (size_t i = 0; i < files.count; i++)
			mb_list_add(&words, "%s", files.at[i]);
		status = lab_diff_run(&words, tree, NULL, &said);
		if (status && !lab_interrupted)
			mb_fail(MB_MACHINE, "%s: cannot copy from it: %.*s", tree,
				said ? (int)strcspn(said, "\n") : 0, said ? said : "");
	}
	mb_list_free(&files);
	free(said);
	if (!status)
		return folder;
	free(folder);
	return NULL;
}

size_t lab_try_index(const struct lab_patches *patches, bool reverse, size_t done)
{
	return reverse ? patches->count - 1 - done : done;
}

size_t lab_try_all(const struct lab_patches *patches, const char *folder, bool reverse,
		   const unsigned int *strips, char **said)
{
	size_t done = 0;

	if (said)
		*said = NULL;
	for (; done < patches->count; done++) {
		size_t i = lab_try_index(patches, reverse, done);
		const struct lab_diff_how how = { .folder = folder,
						  .strip = strips[i],
						  .reverse = reverse };
		char *words = NULL;

		if (!lab_diff_tool(&patches->at[i], &how, &words)) {
			if (said)
				*said = words;
			else
				free(words);
			break;
		}
		free(words);
	}
	return done;
}

bool lab_try_undo(const struct lab_patches *patches, const char *tree)
{
	unsigned int *strips = lab_try_strips(patches, tree);
	char *folder = lab_try_copy(patches, tree);
	bool could = folder && lab_try_all(patches, folder, !patches->reverse, strips, NULL) ==
				       patches->count;

	free(folder);
	free(strips);
	return could;
}
