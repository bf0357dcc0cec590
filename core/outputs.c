// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that one command writes: no two into one, whatever it is called, and none over what the command reads. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/outputs.h"
#include "core/status.h"

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool mb_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) && is_one(&one, &other);
}

/* @path without links and dots, as far as its folders are there; malloc'd. */
static char *place_of(const char *path)
{
	char *real = realpath(path, NULL), *folder, *in;
	const char *name = mb_base_name(path);

	if (real)
		return real;
	folder = mb_folder_of(path);
	/* Of "." and "/" there is a real path, where there is any. */
	in = strcmp(folder, path) ? place_of(folder) : mb_strdup(folder);
	real = *name && strcmp(name, ".") ? mb_format("%s/%s", in, name) : mb_strdup(in);
	free(in);
	free(folder);
	return real;
}

bool mb_same_place(const char *a, const char *b)
{
	struct stat one, other;
	bool there = !stat(a, &one), same;
	char *mine, *others;

	if (there != !stat(b, &other))
		return false;
	if (there)
		return is_one(&one, &other) && S_ISREG(one.st_mode);
	mine = place_of(a);
	others = place_of(b);
	same = !strcmp(mine, others);
	free(others);
	free(mine);
	return same;
}

/* Whether @word is @path, or one of the files in it that commas separate is. */
static bool names(const char *word, const char *path)
{
	struct mb_list parts = { 0 };
	bool found = mb_same_place(word, path);

	if (!found && strchr(word, ',')) {
		mb_list_split(&parts, word);
		for (size_t i = 0; i < parts.count && !found; i++)
			found = mb_same_place(parts.at[i], path);
		mb_list_free(&parts);
	}
	return found;
}

/* Whether what @option takes may be a file; "NAME|FILE" by its looks. */
static bool is_file(const struct mb_option *option, const char *word)
{
	if (!strncmp(option->metavar, "NAME", 4))
		return strchr(word, '/') || strchr(word, '.');
	return strstr(option->metavar, "FILE") || strstr(option->metavar, "PATH");
}

/* Whether @option gives the file @path, in any of its words. */
static bool gives(const struct mb_option *option, const char *path)
{
	const struct mb_strings *words = option->value;
	const char *word;

	if (option->kind == MB_OPT_STRINGS) {
		for (size_t i = 0; i < words->count; i++)
			if (is_file(option, words->at[i]) && names(words->at[i], path))
				return true;
		return false;
	}
	if (option->kind != MB_OPT_STRING && option->kind != MB_OPT_OUTPUT)
		return false;
	word = *(const char *const *)option->value;
	return word && is_file(option, word) && names(word, path);
}

int mb_outputs_apart(const char *command, const struct mb_option *options, char *const *operands,
		     size_t count)
{
	for (const struct mb_option *out = options; out->name; out++) {
		const char *path =
			out->kind == MB_OPT_OUTPUT ? *(const char *const *)out->value : NULL;

		for (const struct mb_option *o = options; path && o->name; o++) {
			if (o == out || !gives(o, path))
				continue;
			if (o->kind == MB_OPT_OUTPUT)
				return mb_fail(MB_REQUEST, "%s: --%s and --%s would both write %s",
					       command, out->name, o->name,
					       *(const char *const *)o->value);
			return mb_fail(MB_REQUEST,
				       "%s: --%s %s would write over what --%s is read from; "
				       "choose another file",
				       command, out->name, path, o->name);
		}
		for (size_t i = 0; path && i < count; i++)
			if (names(operands[i], path))
				return mb_fail(MB_REQUEST,
					       "%s: --%s %s would write over what is read; choose "
					       "another file",
					       command, out->name, path);
	}
	return MB_OK;
}
