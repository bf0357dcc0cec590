// SPDX-License-Identifier: GPL-2.0-or-later
/* git, asked about the kernel's tree. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/plain.h"
#include "core/base/text.h"
#include "lab/base/spawn.h"
#include "lab/patch/bisect.h"

static void git_words(struct mb_list *list, const char *const *words)
{
	const char *tree = getenv(LAB_BISECT_TREE);

	mb_list_add(list, "git");
	if (tree) {
		mb_list_add(list, "-C");
		mb_list_add(list, "%s", tree);
	}
	for (; *words; words++)
		mb_list_add(list, "%s", *words);
}

char *lab_git(const char *const *words)
{
	struct mb_list list = { 0 };
	char *said = NULL;
	size_t length;

	git_words(&list, words);
	if (lab_capture(list.at, NULL, &said)) {
		free(said);
		said = NULL;
	}
	mb_list_free(&list);
	length = said ? strlen(said) : 0;
	if (length && said[length - 1] == '\n')
		said[length - 1] = '\0';
	return said;
}

int lab_git_run(const char *const *words)
{
	struct mb_list list = { 0 };
	struct lab_spawn how = { .in = -1, .out = 1, .err = 2 };
	int status;

	git_words(&list, words);
	how.argv = list.at;
	status = lab_run_program(&how);
	mb_list_free(&list);
	return status;
}

char *lab_git_commit(const char *revision)
{
	char *full = mb_format("%s^{commit}", revision);
	char *commit =
		lab_git((const char *const[]){ "rev-parse", "--verify", "--quiet", full, NULL });

	free(full);
	return commit;
}

char *lab_git_subject(const char *commit)
{
	char *subject = lab_git((const char *const[]){ "log", "-1", "--format=%s", commit, NULL });

	if (subject)
		mb_plain(subject);
	return subject;
}

bool lab_git_bisecting(void)
{
	char *path =
		lab_git((const char *const[]){ "rev-parse", "--git-path", "BISECT_LOG", NULL });
	bool is = path && mb_exists(path);

	free(path);
	return is;
}

bool lab_git_left(unsigned long *commits, unsigned long *steps)
{
	char *said = lab_git((const char *const[]){ "rev-list", "--bisect-vars", "refs/bisect/bad",
						    "--not", "--glob=refs/bisect/good-*", NULL });
	const char *all = said ? strstr(said, "\nbisect_all=") : NULL;
	const char *left = said ? strstr(said, "\nbisect_steps=") : NULL;

	if (all)
		*commits = strtoul(strchr(all, '=') + 1, NULL, 10);
	if (left)
		*steps = strtoul(strchr(left, '=') + 1, NULL, 10);
	free(said);
	return all && left;
}

char *lab_git_first_bad(const char *commit, bool is_bad)
{
	char *bad = is_bad ? mb_strdup(commit) : lab_git_commit("refs/bisect/bad");
	const char *goods = "--glob=refs/bisect/good-*", *good = is_bad ? NULL : commit;
	char *left;

	if (!bad || !lab_git_bisecting()) {
		free(bad);
		return NULL;
	}
	left = lab_git(
		(const char *const[]){ "rev-list", "--count", bad, "--not", goods, good, NULL });
	if (!left || strcmp(left, "1")) {
		free(bad);
		bad = NULL;
	}
	free(left);
	return bad;
}
