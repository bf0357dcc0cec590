/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INI files of configs/, with error lines that name file, line and what is allowed. */
#ifndef MIGBENCH_LAB_BASE_CONFIG_H
#define MIGBENCH_LAB_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* The reason why a value was refused, for the error line, and what that makes of the command. */
struct lab_reason {
	char *text; /* malloc'd; lab_config_read() frees it */
	int status; /* MB_REQUEST, unless the callback says otherwise */
};

/*
 * Called for each "[section]", with @key and @value NULL, and for each "key = value" in it; returns
 * false, with @reason filled in by lab_refuse(), to refuse it.
 */
typedef bool (*lab_config_value)(void *context, const char *section, const char *key,
				 const char *value, struct lab_reason *reason);

/* Fill in @reason. Returns false, so that a callback can write: return lab_refuse(...). */
bool lab_refuse(struct lab_reason *reason, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Read @path. Returns MB_OK, or the reason's status after one error line with file and line. A
 * key given twice in one section is an error, too.
 */
int lab_config_read(const char *path, lab_config_value value, void *context);

/* Whether @name can be a file name in the cache: letters, digits and "._+-", no leading dot. */
bool lab_good_name(const char *name);

#endif
