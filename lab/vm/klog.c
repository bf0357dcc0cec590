// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a kernel's log that matter. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/vm/klog.h"

char *lab_klog_complaint(const char *path)
{
	static const char *const signs[] = {
		"BUG:",
		"] BUG ", /* of a slab, by its name */
		"WARNING:",
		"Oops",
		"general protection fault",
		"KASAN",
		"UBSAN:",
		"possible circular locking",
		"possible recursive locking",
		"inconsistent lock state",
		"suspicious RCU usage",
		"detected stall",
		"blocked for more than",
		"Bad page",
		"kernel BUG at",
	};
	char *text = mb_read_file(path, NULL), *found = NULL, *next;

	for (char *line = text; line && !found; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && !found; i++)
			if (strstr(line, signs[i]))
				found = mb_format("%.*s", (int)strcspn(line, "\r"), line);
	}
	free(text);
	return found;
}

char *lab_klog_refusal(const char *path)
{
	static const char sign[] = "migbench: ";
	char *text = mb_read_file(path, NULL), *found = NULL, *next;

	for (char *line = text; line; line = next) {
		char *at;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		at = strstr(line, sign);
		/* Every module of ours is out of tree; that is no reason. */
		if (!at || strstr(line, "taints kernel"))
			continue;
		free(found);
		at += strlen(sign);
		found = mb_format("%.*s", (int)strcspn(at, "\r"), at);
	}
	free(text);
	return found;
}
