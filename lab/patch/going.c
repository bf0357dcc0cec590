// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupted measurements of lab ab and lab gate: recognised by a digest of all that they hang on. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/interrupted.h"
#include "lab/base/spawn.h"
#include "lab/campaign/journal.h"
#include "lab/campaign/program.h"
#include "lab/kernel/place.h"
#include "lab/patch/going.h"

#define TRACE ".measuring"

bool lab_going_is(const char *folder)
{
	struct mb_list names = { 0 };
	bool is;

	mb_hidden_names_in(folder, TRACE, &names);
	is = names.count;
	mb_list_free(&names);
	return is;
}

/* The kernels' keys and the content of all files into @all. */
static int add_content(const struct lab_going *going, struct mb_list *all)
{
	char hex[MB_DIGEST_HEX], *path = NULL;
	int status = MB_OK;

	for (size_t i = 0; !status && i < going->kernels.count; i++) {
		struct lab_kernel kernel = { 0 };

		status = lab_kernel_find(going->kernels.at[i], &kernel);
		if (!status)
			mb_list_add(all, "%s", kernel.key);
		lab_kernel_free(&kernel);
	}
	if (!status)
		status = mb_config_find("suites", going->suite, &path);
	if (!status && mb_digest_file(path, hex))
		status = mb_fail(MB_REQUEST, "%s: %m", path);
	if (!status)
		mb_list_add(all, "%s", hex);
	if (!status && mb_digest_file("/proc/self/exe", hex))
		status = mb_fail(MB_MACHINE, "/proc/self/exe: %m");
	if (!status)
		mb_list_add(all, "%s", hex);
	if (!status && going->program)
		status = lab_program_digest(going->adds, hex);
	if (!status && going->program)
		mb_list_add(all, "%s", hex);
	free(path);
	return status;
}

/* What the measurement hangs on, as a digest. */
static int digest(const struct lab_going *going, const struct mb_list *words,
		  char hex[MB_DIGEST_HEX])
{
	struct mb_list all = { 0 };
	int status = add_content(going, &all);
	char *text;

	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->at[i], "--quiet"))
			mb_list_add(&all, "%s", words->at[i]);
	for (size_t i = 0; going->program && going->program[i]; i++)
		mb_list_add(&all, "%s", going->program[i]);
	text = mb_list_join(&all);
	mb_digest(text, strlen(text), hex);
	free(text);
	mb_list_free(&all);
	return status;
}

/* Nothing older may be taken for what this measurement has done. */
static void remove_old(const struct lab_going *going)
{
	char *log = mb_format("%s/%s.log", going->folder, going->name);

	/* What an earlier run's kernel ended by is not this one's. */
	unlink(log);
	free(log);
	for (size_t i = 0; i <= going->kernels.count; i++) {
		bool plain = i == going->kernels.count;
		char *path = mb_format("%s/%s%s%s.jsonl", going->folder, going->name,
				       plain ? "" : "-", plain ? "" : going->kernels.at[i]);
		char *journal = lab_journal_path(path);

		unlink(path);
		unlink(journal);
		free(journal);
		free(path);
	}
}

int lab_going_begin(const struct lab_going *going, struct mb_list *words)
{
	char *path = mb_format("%s/.%s" TRACE, going->folder, going->name);
	char *before = going->force ? NULL : mb_read_file(path, NULL), now[MB_DIGEST_HEX];
	int status = digest(going, words, now);

	if (!status && before && strcmp(before, now))
		status = mb_fail(MB_REQUEST,
				 "%s: was begun with other kernels, settings or another build of "
				 "migbench, so it can't be gone on with; --force begins anew",
				 going->folder);
	if (!status && !before) {
		remove_old(going);
		if (mb_write_file(path, now, strlen(now)))
			status = mb_fail(MB_MACHINE, "%s: %m", path);
	}
	mb_list_add(words, before ? "--resume" : "--force");
	free(before);
	free(path);
	return status;
}

void lab_going_end(const char *folder, int status)
{
	struct mb_list names = { 0 };

	if (lab_interrupted)
		lab_interrupted_folder(folder);
	if (lab_interrupted || status > MB_BAD)
		return;
	mb_hidden_names_in(folder, TRACE, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = mb_format("%s/%s", folder, names.at[i]);

		unlink(path);
		free(path);
	}
	mb_list_free(&names);
}
