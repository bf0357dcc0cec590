// SPDX-License-Identifier: GPL-2.0-or-later
/* A program of the user's own, judged before anything boots. */
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/program.h"
#include "lab/vm/guest.h"

/* Whether the first part of the relative path @word is the name of something that is added. */
static bool is_added(const char *word, const struct mb_strings *adds)
{
	while (!strncmp(word, "./", 2))
		word += 2;
	for (size_t i = 0; i < adds->count; i++) {
		char *base = lab_guest_add_name(adds->at[i]);
		size_t length = strcspn(word, "/");
		bool is = strlen(base) == length && !strncmp(word, base, length);

		free(base);
		if (is)
			return true;
	}
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int lab_program_digest(const struct mb_strings *adds, char hex[MB_DIGEST_HEX])
{
	char *all = mb_strdup(""), *roots[MB_MAX_STRINGS + 1] = { NULL };
	int status = MB_OK;
	FTSENT *entry;
	FTS *walk;

	for (size_t i = 0; i < adds->count; i++)
		roots[i] = mb_strdup(adds->at[i]);
	walk = adds->count ? fts_open(roots, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, by_name)
			   : NULL;
	while (walk && !status && (entry = fts_read(walk))) {
		char one[MB_DIGEST_HEX] = "", *next;

		if (entry->fts_info == FTS_F && mb_digest_file(entry->fts_path, one))
			status = mb_fail(MB_REQUEST, "--add %s: %m", entry->fts_path);
		next = mb_format("%s%s %s\n", all, entry->fts_path, one);
		free(all);
		all = next;
	}
	if (walk)
		fts_close(walk);
	mb_digest(all, strlen(all), hex);
	for (size_t i = 0; i < adds->count; i++)
		free(roots[i]);
	free(all);
	return status;
}

int lab_program_take(const char *command, char *const *words, const struct mb_strings *adds,
		     const char *clock, char *const **program)
{
	*program = *words ? words : NULL;
	if (!*program)
		return adds->count ? mb_fail(MB_REQUEST,
					     "%s: --add is for a program: give it behind --, as in "
					     "--add ./prog -- ./prog",
					     command)
				   : MB_OK;
	if (strcmp(clock, "insns"))
		return mb_fail(MB_REQUEST,
			       "%s: a program of one's own is counted in instructions, not in "
			       "--clock %s",
			       command, clock);
	for (size_t i = 0; i < adds->count; i++)
		if (access(adds->at[i], R_OK))
			return mb_fail(MB_REQUEST, "--add %s: %m", adds->at[i]);
	/* One without a folder is looked for in the guest's PATH. */
	if (strchr(words[0], '/') && words[0][0] != '/' && !is_added(words[0], adds))
		return mb_fail(MB_REQUEST,
			       "%s: %s is not in the guest; give --add FILE as well, whose "
			       "name there is ./%s",
			       command, words[0], mb_base_name(words[0]));
	return MB_OK;
}

void lab_program_words(char *const *program, const struct mb_strings *adds, struct mb_list *words)
{
	for (size_t i = 0; program && adds && i < adds->count; i++)
		mb_list_add(words, "--add=%s", adds->at[i]);
	if (program)
		mb_list_add(words, "--");
	for (size_t i = 0; program && program[i]; i++)
		mb_list_add(words, "%s", program[i]);
}
