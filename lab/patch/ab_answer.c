// SPDX-License-Identifier: GPL-2.0-or-later
/* lab ab's answer: the comparison, the profiles of what changed, and what that means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/patch/ab.h"
#include "lab/patch/ab_plan.h"

/* What compare says of the two runs, told what is in @more; malloc'd in *@output, with its status. */
static int compare(const struct lab_ab *ab, const char *folder, const char *format,
		   const struct mb_list *more, char **output)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "compare", NULL);
	for (size_t i = 0; i < 2; i++)
		mb_list_add(&words, "%s/run-%s.jsonl", folder, ab->name[i]);
	mb_list_add(&words, "--format=%s", format);
	if (ab->margin)
		mb_list_add(&words, "--margin=%s", ab->margin);
	for (size_t i = 0; i < ab->fail_on.count; i++)
		mb_list_add(&words, "--fail-on=%s", ab->fail_on.at[i]);
	for (size_t i = 0; i < more->count; i++)
		mb_list_add(&words, "%s", more->at[i]);
	return lab_self_capture(&words, output);
}

static int keep(const char *folder, const char *name, const char *text)
{
	char *path = mb_format("%s/%s", folder, name);
	int status = MB_OK;

	if (mb_write_file(path, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: %m", path);
	free(path);
	return status;
}

static void print_kernels(const struct lab_ab *ab)
{
	const struct mb_strings *files = &ab->patch_files;
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	for (size_t i = 0; i < files->count; i++)
		fprintf(out, "%s%s", i ? ", " : ab->reverse ? ": without " : ": ", files->at[i]);
	mb_text_close(out);
	mb_say(stdout, "A  kernel %s", ab->name[0]);
	mb_say(stdout, "B  kernel %s%s", ab->name[1], text);
	free(text);
	if (ab->reverse)
		puts("B has not what A has: where B is faster, that is the price of the patch.");
	putchar('\n');
}

/* What was measured: the suite, or the words of the program. */
static void print_what(const struct lab_ab *ab)
{
	const char *const suite[] = { ab->suite, NULL };

	for (const char *const *word = ab->program ? (const char *const *)ab->program : suite;
	     *word; word++) {
		char *shown = mb_shown(*word);

		printf("%s%s", shown, word[1] ? " " : ": ");
		free(shown);
	}
}

/* The comparison into @folder, the changes into @changes. */
static int judge(const struct lab_ab *ab, const char *folder, const struct mb_list *more,
		 struct lab_ab_changes *changes)
{
	char *json = NULL;
	int verdict = compare(ab, folder, "json", more, &json), status = verdict;

	if (status <= MB_BAD)
		status = keep(folder, "compare.json", json);
	if (!status)
		status = lab_ab_changes_read(json, changes);
	free(json);
	return status ? status : verdict;
}

/*
 * The profiles of what changed most, as texts; of a program in any case, for what user space and the
 * kernel have of it.
 */
static int explain(const struct lab_ab *ab, const char *folder,
		   const struct lab_ab_changes *changes, struct mb_list *profiles)
{
	size_t all = ab->program ? 1 : changes->count;
	size_t count = all < ab->profiles ? all : ab->profiles;
	int status = MB_OK;

	for (size_t i = 0; !status && i < count; i++) {
		char *name = mb_format("profile-%zu", i + 1), *text = NULL;

		status = lab_ab_profile(ab, folder, ab->program ? NULL : changes->at[i].worst, name,
					false, &text);
		if (text)
			mb_list_add(profiles, "%s", text);
		free(text);
		free(name);
	}
	return status;
}

/* What the change means, with the functions of @profiles; git is left out where it can't answer. */
static char *find_meaning(const struct lab_ab *ab, const char *folder,
			  const struct mb_list *profiles)
{
	struct lab_ab_changes changes = { 0 };
	char *meaning;
	int status;

	for (int with_git = ab->git != NULL; with_git >= 0; with_git--) {
		struct mb_list more = { 0 };

		for (size_t i = 1; i <= profiles->count; i++)
			mb_list_add(&more, "--profile=%s/profile-%zu.json", folder, i);
		if (with_git && profiles->count)
			mb_list_add(&more, "--git=%s", ab->git);
		if (with_git && profiles->count && ab->range)
			mb_list_add(&more, "--range=%s", ab->range);
		lab_ab_changes_free(&changes);
		status = judge(ab, folder, &more, &changes);
		mb_list_free(&more);
		if (status <= MB_BAD)
			break;
	}
	meaning = changes.meaning;
	changes.meaning = NULL;
	lab_ab_changes_free(&changes);
	return meaning;
}

/* The answer; its first word is what the change means, its last one can stand below a patch. */
static int print_answer(const struct lab_ab *ab, const char *folder,
			const struct lab_ab_changes *changes, const struct mb_list *profiles,
			const char *memory)
{
	char *meaning = find_meaning(ab, folder, profiles), *text = NULL, *mail = NULL;
	struct mb_list more = { 0 };
	int status;

	if (meaning)
		mb_list_add(&more, "--meaning=%s", meaning);
	status = compare(ab, folder, "text", &more, &text);
	for (size_t i = 0; i < ab->command.count; i++)
		mb_list_add(&more, "--command=%s", ab->command.at[i]);
	if (status <= MB_BAD)
		status = compare(ab, folder, "lkml", &more, &mail);
	if (status <= MB_BAD)
		status = keep(folder, "compare.txt", text);
	if (!status)
		status = keep(folder, "compare.lkml", mail);
	if (!status) {
		/* compare begins with that paragraph, too, and has broken it into lines. */
		if (meaning)
			printf("%.*s", (int)(strstr(text, "\n\n") + 2 - text), text);
		print_kernels(ab);
		print_what(ab);
		lab_ab_changes_print(changes);
		if (memory)
			printf("\n%s", memory);
		for (size_t i = 0; i < profiles->count; i++)
			printf("\n%s", profiles->at[i]);
		if (profiles->count && profiles->count < changes->count)
			printf("\n%zu more of the above changed; --profile %zu explains them, too.\n",
			       changes->count - profiles->count, changes->count);
		putchar('\n');
		mb_say(stdout, "All of it: %s/", folder);
		printf("For a mail (compare.lkml there):\n\n%s", mail);
	}
	mb_list_free(&more);
	free(meaning);
	free(text);
	free(mail);
	return status;
}

int lab_ab_answer(const struct lab_ab *ab, const char *folder)
{
	const struct mb_list nothing = { 0 };
	struct lab_ab_changes changes = { 0 };
	struct mb_list profiles = { 0 };
	char *memory = NULL;
	int status = judge(ab, folder, &nothing, &changes), explained, touched, answered;

	if (status <= MB_BAD) {
		/* A profile that did not come is no reason to keep the answer back. */
		explained = explain(ab, folder, &changes, &profiles);
		touched = lab_ab_memory(ab, folder, &changes, &memory);
		answered = print_answer(ab, folder, &changes, &profiles, memory);
		status = answered > status ? answered : status;
		status = touched > status ? touched : status;
		status = explained > status ? explained : status;
	}
	free(memory);
	mb_list_free(&profiles);
	lab_ab_changes_free(&changes);
	return status;
}
