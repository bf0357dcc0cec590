// SPDX-License-Identifier: GPL-2.0-or-later
/* A patch looked for in other sources and in the history of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/base/spawn.h"
#include "lab/diff/history.h"
#include "lab/diff/names.h"
#include "lab/diff/sort.h"
#include "lab/diff/try.h"

#define PATIENCE "6" /* seconds for git to look through a kernel's history */

/* The number behind @name in the kernel's Makefile; -1: none. */
static long number(const char *makefile, const char *name)
{
	char *line = mb_format("\n%s = ", name);
	const char *found = strstr(makefile, line);
	long value = found ? strtol(found + strlen(line), NULL, 10) : -1;

	free(line);
	return value;
}

char *lab_patches_call(const char *tree)
{
	char *path = mb_format("%s/Makefile", tree), *text = mb_read_file(path, NULL), *called;
	long major = text ? number(text, "VERSION") : -1, minor = -1, stable = -1;

	if (major >= 0) {
		minor = number(text, "PATCHLEVEL");
		stable = number(text, "SUBLEVEL");
	}
	if (minor < 0)
		called = mb_strdup("this source");
	else if (stable > 0)
		called = mb_format("this source (%ld.%ld.%ld)", major, minor, stable);
	else
		called = mb_format("this source (%ld.%ld)", major, minor);
	free(text);
	free(path);
	return called;
}

/* What git says in @tree, or NULL. */
static char *git(const char *tree, const char *const *words)
{
	struct mb_list list = { 0 };
	char *said = NULL;

	mb_list_add(&list, "timeout");
	mb_list_add(&list, PATIENCE);
	mb_list_add(&list, "git");
	mb_list_add(&list, "-C");
	mb_list_add(&list, "%s", tree);
	for (; *words; words++)
		mb_list_add(&list, "%s", *words);
	if (lab_capture(list.at, NULL, &said)) {
		free(said);
		said = NULL;
	}
	mb_list_free(&list);
	return said;
}

/* The commit in @log, lines of a hash and a subject, whose subject is @title; malloc'd, or NULL. */
static char *commit_of(const char *log, const char *title)
{
	for (const char *line = log; *line; line = lab_diff_next(line)) {
		size_t hash = strcspn(line, " \n"), length = strcspn(line, "\n");

		if (length > hash && length - hash - 1 == strlen(title) &&
		    !strncmp(line + hash + 1, title, strlen(title)))
			return mb_format("%.*s", (int)hash, line);
	}
	return NULL;
}

/* "as of v6.2-rc1 (commit 0123456789ab)" of the tree's own history; malloc'd, or NULL. */
static char *in_git(const struct lab_patch *patch, const char *tree)
{
	const char *title = lab_diff_title(patch->subject);
	char *repository = mb_format("%s/.git", tree), *log = NULL, *commit = NULL, *tag, *since;
	char *grep = mb_format("--grep=%s", title);

	if (*title && mb_exists(repository))
		log = git(tree, (const char *const[]){ "log", "--fixed-strings", grep,
						       "--abbrev=12", "--format=%h %s", NULL });
	if (log)
		commit = commit_of(log, title);
	free(grep);
	free(log);
	free(repository);
	if (!commit)
		return NULL;
	tag = git(tree, (const char *const[]){ "describe", "--contains", "--match=v[0-9]*", commit,
					       NULL });
	since = tag ? mb_format("as of %.*s (commit %s)", (int)strcspn(tag, "~^\n"), tag, commit)
		    : mb_format("as of commit %s", commit);
	free(tag);
	free(commit);
	return since;
}

/* Whether @label is of an older kernel than the source that is called @called. */
static bool is_older(const char *label, const char *called)
{
	const char *open = strchr(called, '(');
	char *version = open ? mb_format("%.*s", (int)strcspn(open + 1, ")"), open + 1) : NULL;
	bool is = !version || strverscmp(label, version) < 0;

	free(version);
	return is;
}

char *lab_patches_since(const struct lab_patches *patches, const char *tree,
			const struct lab_patches_other *others, size_t other_count)
{
	char *since = in_git(&patches->at[0], tree), *called;
	const char *without = NULL, *with = NULL;

	if (since)
		return since;
	/* The oldest that has it, and the youngest before that. */
	called = lab_patches_call(tree);
	for (size_t i = 0; !with && i < other_count && !lab_interrupted; i++) {
		if (!is_older(others[i].label, called))
			continue;
		if (lab_try_undo(patches, others[i].tree))
			with = others[i].label;
		else
			without = others[i].label;
	}
	free(called);
	if (with && without)
		return mb_format("as of %s, and not in %s", with, without);
	if (with)
		return mb_format("as of %s or earlier", with);
	return without ? mb_format("and not in %s", without) : mb_strdup("");
}
