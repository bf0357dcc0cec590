// SPDX-License-Identifier: GPL-2.0-or-later
/* An INI file read by inih, every error with its file and line. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <ini.h>

#include "core/base/list.h"
#include "core/status.h"
#include "lab/base/config.h"

struct reading {
	lab_config_value value;
	void *context;
	struct mb_list seen;
	struct lab_reason reason; /* of the first refusal: the one whose line inih reports */
};

bool lab_refuse(struct lab_reason *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason->text, sizeof(reason->text), fmt, ap);
	va_end(ap);
	return false;
}

static int on_value(void *user, const char *section, const char *key, const char *value)
{
	struct reading *reading = user;
	struct lab_reason reason = { .status = MB_REQUEST };
	bool good = true;

	if (*reading->reason.text)
		return 1;
	mb_list_add(&reading->seen, "%s]%s", section, key);
	for (size_t i = 0; good && i + 1 < reading->seen.count; i++)
		if (!strcmp(reading->seen.at[i], reading->seen.at[reading->seen.count - 1]))
			good = lab_refuse(&reason, "'%s' is given twice in [%s]", key, section);
	if (good)
		good = reading->value(reading->context, section, key, value, &reason);
	if (!good)
		reading->reason = reason;
	return good;
}

int lab_config_read(const char *path, lab_config_value value, void *context)
{
	struct reading reading = { .value = value,
				   .context = context,
				   .reason.status = MB_REQUEST };
	struct stat st;
	int line;

	/* Which reads as an empty file. */
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return mb_fail(MB_REQUEST, "%s: is a folder, and no INI file", path);
	line = ini_parse(path, on_value, &reading);

	mb_list_free(&reading.seen);
	if (line < 0)
		return mb_fail(MB_REQUEST, "%s: cannot read: %s", path, strerror(errno));
	if (line > 0)
		return mb_fail(reading.reason.status, "%s:%d: %s", path, line,
			       *reading.reason.text ? reading.reason.text
						    : "neither [section] nor key = value");
	return MB_OK;
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
