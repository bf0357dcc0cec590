// SPDX-License-Identifier: GPL-2.0-or-later
/* An INI file read by inih, every error with its file and line. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ini.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/ini.h"
#include "core/status.h"
#include "lab/base/config.h"

struct reading {
	lab_config_value value;
	void *context;
	struct mb_list seen;
	struct lab_reason reason; /* of the first refusal */
	int refused; /* its line; 0: none */
	struct mb_ini_lines lines;
};

bool lab_refuse(struct lab_reason *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	reason->text = mb_vformat(fmt, ap);
	va_end(ap);
	return false;
}

static bool refuse(struct reading *reading, const struct lab_reason *reason)
{
	reading->reason = *reason;
	reading->refused = (int)reading->lines.number;
	return false;
}

static int on_value(void *user, const char *section, const char *key, const char *value)
{
	struct reading *reading = user;
	struct lab_reason reason = { .status = MB_REQUEST };
	bool good = true;

	if (reading->refused)
		return 1;
	if (reading->lines.rest)
		value = reading->lines.rest;
	mb_list_add(&reading->seen, "%s]%s", section, key);
	for (size_t i = 0; good && i + 1 < reading->seen.count; i++)
		if (!strcmp(reading->seen.at[i], reading->seen.at[reading->seen.count - 1]))
			good = lab_refuse(&reason, "'%s' is given twice in [%s]", key, section);
	if (good)
		good = reading->value(reading->context, section, key, value, &reason);
	return good || refuse(reading, &reason);
}

/* inih reports only keys: a section that has none would reach nobody. It says itself where a bracket is missing. */
static bool begin_section(struct reading *reading, const char *name, const char *behind)
{
	struct lab_reason reason = { .status = MB_REQUEST };
	bool good = true;

	if (behind)
		good = lab_refuse(&reason, MB_INI_BEHIND, behind, name);
	else if (name)
		good = reading->value(reading->context, name, NULL, NULL, &reason);
	return good || refuse(reading, &reason);
}

/* Hands inih its lines. */
static char *next_line(char *line, int size, void *user)
{
	struct reading *reading = user;
	char *name, *behind;
	bool good;

	if (reading->refused)
		return NULL;
	if (!mb_ini_next(&reading->lines)) {
		if (reading->lines.binary)
			refuse(reading, &(struct lab_reason){ .status = MB_REQUEST,
							      .text = mb_strdup(MB_INI_BINARY) });
		return NULL;
	}
	good = !mb_ini_section(reading->lines.line, &name, &behind) ||
	       begin_section(reading, name, behind);
	free(name);
	free(behind);
	return good ? mb_ini_give(&reading->lines, line, size) : NULL;
}

int lab_config_read(const char *path, lab_config_value value, void *context)
{
	struct reading reading = { .value = value,
				   .context = context,
				   .reason.status = MB_REQUEST };
	struct stat st;
	int line, status = MB_OK;

	/* Which reads as an empty file. */
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return mb_fail(MB_REQUEST, "%s: is a folder, and no INI file", path);
	reading.lines.in = fopen(path, "re");
	line = reading.lines.in ? ini_parse_stream(next_line, &reading, on_value, &reading) : -1;
	if (reading.lines.in && ferror(reading.lines.in))
		line = -1;
	if (reading.lines.in)
		fclose(reading.lines.in);
	mb_ini_free(&reading.lines);
	mb_list_free(&reading.seen);
	/* The first line that is wrong: inih goes on behind one that is nothing at all. */
	if (line < 0)
		status = mb_fail(MB_REQUEST, "%s: cannot read: %s", path, strerror(errno));
	else if (line > 0 && line != reading.refused)
		status =
			mb_fail(MB_REQUEST, "%s:%d: neither [section] nor key = value", path, line);
	else if (reading.refused)
		status = mb_fail(reading.reason.status, "%s:%d: %s", path, reading.refused,
				 reading.reason.text);
	free(reading.reason.text);
	return status;
}

bool lab_good_name(const char *name)
{
	if (!*name || *name == '.' || *name == '-' || strlen(name) > 64)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._+-", *name))
			return false;
	return true;
}
