// SPDX-License-Identifier: GPL-2.0-or-later
/* git and patch(1) started. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/diff/tool.h"

/* No settings and no repository: a patch means the same wherever it is read. */
static void environment(struct mb_list *env)
{
	static const char *const kept[] = { "PATH", "TMPDIR" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (getenv(kept[i]))
			mb_list_add(env, "%s=%s", kept[i], getenv(kept[i]));
	mb_list_add(env, "LC_ALL=C");
	mb_list_add(env, "HOME=/nonexistent");
	mb_list_add(env, "GIT_DIR=/nonexistent");
	mb_list_add(env, "GIT_CONFIG_NOSYSTEM=1");
}

int lab_diff_run(struct mb_list *words, const char *folder, const char *input, char **said)
{
	struct mb_list env = { 0 };
	struct lab_spawn how = { .folder = folder,
				 .in = input ? open(input, O_RDONLY | O_CLOEXEC) : -1 };
	char *text = NULL;
	size_t size;
	FILE *log = mb_text_open(&text, &size);
	int status;

	environment(&env);
	how.argv = words->at;
	how.env = env.at;
	status = lab_run_logged(&how, log, NULL, NULL);
	mb_text_close(log);
	if (how.in >= 0)
		close(how.in);
	mb_list_free(words);
	mb_list_free(&env);
	if (said)
		*said = text;
	else
		free(text);
	return status;
}

const char *lab_diff_scratch(void)
{
	static char *scratch;

	if (!scratch)
		scratch = lab_temporary();
	return scratch;
}

/* Hunks that name their lines by number alone (diff -U0): git wants to be told that it may. */
static bool bare(const char *text)
{
	unsigned long hunks = 0, with = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		hunks += !strncmp(line, "@@ -", 4);
		with += hunks && *line == ' ';
	}
	return hunks && !with;
}

static void git_words(const struct lab_patch *patch, const struct lab_diff_how *how,
		      const char *path, struct mb_list *words)
{
	mb_list_add(words, "git");
	mb_list_add(words, "apply");
	mb_list_add(words, "-p%u", how->strip);
	mb_list_add(words, "--whitespace=nowarn");
	if (!how->folder)
		mb_list_add(words, "--numstat");
	if (how->reverse)
		mb_list_add(words, "-R");
	if (how->check)
		mb_list_add(words, "--check");
	if (bare(patch->text))
		mb_list_add(words, "--unidiff-zero");
	mb_list_add(words, "%s", path);
}

static void patch_words(const struct lab_diff_how *how, const char *path, struct mb_list *words)
{
	mb_list_add(words, "patch");
	mb_list_add(words, "-p%u", how->strip);
	mb_list_add(words, "--batch");
	mb_list_add(words, how->reverse ? "--reverse" : "--forward");
	/* What does not fit is not guessed at, and leaves nothing behind. */
	mb_list_add(words, "--fuzz=0");
	mb_list_add(words, "--no-backup-if-mismatch");
	mb_list_add(words, "--reject-file=-");
	if (how->check)
		mb_list_add(words, "--dry-run");
	mb_list_add(words, "-i");
	mb_list_add(words, "%s", path);
}

bool lab_diff_tool(const struct lab_patch *patch, const struct lab_diff_how *how, char **said)
{
	const char *scratch = lab_diff_scratch();
	char *path = mb_format("%s/patch", scratch ? scratch : ""), *words_said = NULL;
	struct mb_list words = { 0 };
	bool taken = false;

	if (scratch && mb_write_file(path, patch->text, strlen(patch->text))) {
		mb_fail(MB_MACHINE, "%s: %m", path);
	} else if (scratch) {
		if (patch->context && how->folder)
			patch_words(how, path, &words);
		else
			git_words(patch, how, path, &words);
		taken = !lab_diff_run(&words, how->folder, NULL, &words_said);
		/* A mode that a file has already is a warning; but then there is nothing to do. */
		if (taken && strstr(words_said, " has type ") && !strstr(patch->text, "\n@@ -"))
			taken = false;
	}
	if (said)
		*said = words_said;
	else
		free(words_said);
	free(path);
	return taken;
}
