// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: patches and mails, and where their hunks would go. git is not asked: the first byte says
 * whether it would take the patch, and mails are taken apart here, roughly as git does it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/base/temporary.h"
#include "lab/diff/hunks.h"
#include "lab/diff/names.h"
#include "lab/diff/patches.h"
#include "lab/diff/place.h"
#include "lab/diff/tool.h"
#include "tests/fuzz/files/file.h"

bool __wrap_lab_diff_tool(const struct lab_patch *patch, const struct lab_diff_how *how,
			  char **said);
int __wrap_lab_diff_run(struct mb_list *words, const char *folder, const char *input, char **said);
bool __wrap_lab_have_program(const char *name);

static const char file[] = "one\ntwo\n\tthree();\n\nfour\nfive\n}\nsix\nseven\neight\n";
static bool git_takes;

bool __wrap_lab_have_program(const char *name)
{
	(void)name;
	return true;
}

bool __wrap_lab_diff_tool(const struct lab_patch *patch, const struct lab_diff_how *how,
			  char **said)
{
	(void)patch;
	if (said)
		*said = mb_strdup("error: corrupt patch\n");
	return git_takes || how->strip == 0;
}

/* Each mail begins with a line "From ". */
static void split(const char *path, const char *folder)
{
	char *text = mb_read_file(path, NULL), *at = text, *next;

	for (unsigned int i = 1; at && i < 20; at = next, i++) {
		char *to = mb_format("%s/%06u", folder, i);

		next = strstr(at, "\nFrom ");
		next = next ? next + 1 : NULL;
		mb_write_file(to, at, next ? (size_t)(next - at) : strlen(at));
		free(to);
	}
	free(text);
}

static void take_apart(const char *mail, const char *body, const char *diff, char **said)
{
	char *text = mb_read_file(mail, NULL), *below = text ? strstr(text, "\n\n") : NULL;
	const char *subject = text ? strstr(text, "Subject: ") : NULL;
	char *patch;

	below = below ? below + 2 : text;
	patch = below ? strstr(below, "---") : NULL;
	patch = patch ? patch : below ? below + strlen(below) : NULL;
	if (patch) {
		mb_write_file(body, below, (size_t)(patch - below));
		mb_write_file(diff, patch, strlen(patch));
	}
	if (said)
		*said = mb_format("%.*s\n", subject ? (int)strcspn(subject, "\n") : 0,
				  subject ? subject : "");
	free(text);
}

int __wrap_lab_diff_run(struct mb_list *words, const char *folder, const char *input, char **said)
{
	(void)folder;
	if (said)
		*said = NULL;
	if (!strcmp(words->at[1], "mailsplit"))
		split(words->at[5], words->at[4] + 2);
	else
		take_apart(input, words->at[4], words->at[5], said);
	mb_list_free(words);
	return 0;
}

static const char *tree(void)
{
	static char *folder;
	char *path;

	if (folder)
		return folder;
	folder = lab_temporary();
	path = folder ? mb_format("%s/mm", folder) : NULL;
	if (!path || mb_make_folders(path))
		abort();
	free(path);
	path = mb_format("%s/mm/migrate.c", folder);
	if (mb_write_file(path, file, strlen(file)))
		abort();
	free(path);
	return folder;
}

static void place(const struct lab_patch *patch)
{
	unsigned int strip = lab_diff_strip(patch->text, tree());
	struct mb_list names = { 0 };

	lab_diff_names(patch->text, strip, &names);
	mb_list_free(&names);
	for (int reverse = 0; reverse < 2; reverse++) {
		struct lab_changes changes;

		free(lab_diff_misfit(patch, tree(), strip, reverse, "the source"));
		lab_changes_read(patch->text, strip, reverse, &changes);
		lab_changes_free(&changes);
	}
}

/* A command reads its patches once and keeps what it wrote until it ends. */
static void empty_scratch(void)
{
	struct mb_list names = { 0 };

	mb_names_in(lab_diff_scratch(), "", &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = mb_format("%s/%s", lab_diff_scratch(), names.at[i]);

		mb_remove_tree(path);
		free(path);
	}
	mb_list_free(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lab_patches patches;
	struct mb_strings operands = { .count = 1 };
	int status;

	if (!size)
		return 0;
	git_takes = *data % 4;
	operands.at[0] = fuzz_file(0, data + 1, size - 1);
	status = lab_patches_read(&operands, *data & 128, &patches);
	fuzz_heard(status);
	for (size_t i = 0; !status && i < patches.count; i++)
		place(&patches.at[i]);
	lab_patches_free(&patches);
	empty_scratch();
	return 0;
}
