// SPDX-License-Identifier: GPL-2.0-or-later
/* The command of one step of a bisection, out of the words of the whole search. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/patch/bisect.h"

/* Options of the search, not of its steps: those with a value, and those without. */
static const char *const valued[] = { "--good", "--bad", "--width", "--on", NULL };
static const char *const flags[] = { "--explain", "--dry-run", NULL };

static bool is_one(const char *word, const char *const *options)
{
	while (*options && !lab_self_option(word, *options))
		options++;
	return *options;
}

int lab_bisect_words(char *const *argv, unsigned long jobs, struct mb_list *words)
{
	char *self = lab_self_path();

	if (!self)
		return MB_MACHINE;
	mb_list_add(words, "%s", self);
	free(self);
	mb_list_add(words, "lab");
	mb_list_add(words, "%s", *argv++);
	if (jobs)
		mb_list_add(words, "--jobs=%lu", jobs);
	/* What stands behind "--" is a program's. */
	for (; *argv && strcmp(*argv, "--"); argv++) {
		if (is_one(*argv, valued)) {
			if (!strchr(*argv, '=') && argv[1])
				argv++;
		} else if (!is_one(*argv, flags)) {
			mb_list_add(words, "%s", *argv);
		}
	}
	for (; *argv; argv++)
		mb_list_add(words, "%s", *argv);
	return MB_OK;
}
