// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of patches, line by line. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/diff/names.h"

#define MAX_STRIP 6

const char *lab_diff_next(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

static bool begins(const char *line, const char *head)
{
	return !strncmp(line, head, strlen(head));
}

/* A name for itself, up to what may follow it (a time, the end of the line). */
static void add(const char *name, unsigned int strip, struct mb_list *names)
{
	size_t length = strcspn(name, "\t\n \"");
	const char *slash;

	if (!length || !strncmp(name, "/dev/null", length))
		return;
	for (; strip; strip--) {
		slash = memchr(name, '/', length);
		if (!slash)
			return;
		slash += strspn(slash, "/");
		length -= (size_t)(slash - name);
		name = slash;
	}
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->at[i]) == length && !strncmp(names->at[i], name, length))
			return;
	/* Nothing outside of the tree is looked at. */
	if (length && *name != '/' && strncmp(name, "../", 3) && !memmem(name, length, "/../", 4))
		mb_list_add(names, "%.*s", (int)length, name);
}

void lab_diff_names(const char *text, unsigned int strip, struct mb_list *names)
{
	static const char *const heads[] = { "--- ", "+++ ", "*** ", "Index: " };

	for (const char *line = text; *line; line = lab_diff_next(line)) {
		if (begins(line, "diff --git ")) {
			const char *name = line + strlen("diff --git ");

			add(name, strip, names);
			name += strcspn(name, " \n");
			if (*name == ' ')
				add(name + 1, strip, names);
		}
		for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			if (begins(line, heads[i]))
				add(line + strlen(heads[i]), strip, names);
	}
}

/* What speaks for these names: much where the file is there, little where its top folder is. */
static unsigned int score(const struct mb_list *names, const char *tree)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < names->count; i++) {
		char *path = mb_format("%s/%s", tree, names->at[i]);
		char *top =
			mb_format("%s/%.*s", tree, (int)strcspn(names->at[i], "/"), names->at[i]);

		if (mb_exists(path))
			sum += 4;
		else if (strchr(names->at[i], '/') && mb_exists(top))
			sum += 1;
		free(top);
		free(path);
	}
	return sum;
}

unsigned int lab_diff_strip(const char *text, const char *tree)
{
	unsigned int best = 1, most = 0;

	for (unsigned int strip = 0; strip <= MAX_STRIP; strip++) {
		struct mb_list names = { 0 };
		unsigned int sum;

		lab_diff_names(text, strip, &names);
		sum = score(&names, tree);
		if (sum > most) {
			most = sum;
			best = strip;
		}
		mb_list_free(&names);
	}
	return best;
}

bool lab_diff_has(const char *text)
{
	for (const char *line = text; *line; line = lab_diff_next(line))
		if (begins(line, "diff --git ") || begins(line, "@@ -") ||
		    begins(line, "GIT binary patch") ||
		    (begins(line, "--- ") && begins(lab_diff_next(line), "+++ ")))
			return true;
	return lab_diff_is_context(text);
}

bool lab_diff_is_context(const char *text)
{
	static const char stars[] = "***************";

	for (const char *line = text; *line; line = lab_diff_next(line))
		if (begins(line, "*** ") && begins(lab_diff_next(line), "--- ") &&
		    begins(lab_diff_next(lab_diff_next(line)), stars))
			return true;
	return false;
}

unsigned long lab_diff_quoted(const char *text)
{
	static const char *const heads[] = { "diff --git ", "@@ -", "--- a/",
					     "+++ b/",	    "--- ", "+++ " };
	unsigned long number = 1;

	for (const char *line = text; *line; line = lab_diff_next(line), number++) {
		size_t length = strspn(line, ">|: ");

		if (!memchr(line, '>', length) && !memchr(line, '|', length))
			continue;
		for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			if (begins(line + length, heads[i]))
				return number;
	}
	return 0;
}
