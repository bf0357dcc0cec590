// SPDX-License-Identifier: GPL-2.0-or-later
/* KTAP, to a terminal and a file at a time. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/say.h"
#include "core/base/text.h"
#include "lab/patch/ktap.h"

static void print(struct lab_ktap *ktap, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void print(struct lab_ktap *ktap, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = mb_vformat(fmt, args);
	va_end(args);
	for (size_t i = 0; i < sizeof(ktap->outs) / sizeof(ktap->outs[0]); i++) {
		if (!ktap->outs[i])
			continue;
		mb_say(ktap->outs[i], "%*s%s", 4 * ktap->depth, "", text);
		fflush(ktap->outs[i]);
	}
	free(text);
}

void lab_ktap_begin(struct lab_ktap *ktap, const char *name, size_t count)
{
	print(ktap, "KTAP version 1");
	if (name)
		print(ktap, "# Subtest: %s", name);
	print(ktap, "1..%zu", count);
}

void lab_ktap_say(struct lab_ktap *ktap, const char *fmt, ...)
{
	char *text, *rest, *line;
	va_list args;

	va_start(args, fmt);
	text = mb_vformat(fmt, args);
	va_end(args);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			print(ktap, "# %s", line);
	free(text);
}

/* '#' begins a directive, and a backslash its escape: neither may come from a name. */
static char *plain(const char *name)
{
	char *copy = mb_strdup(name);

	for (char *p = copy; *p; p++)
		if (*p == '#' || *p == '\\' || (unsigned char)*p < ' ')
			*p = '_';
	return copy;
}

void lab_ktap_result(struct lab_ktap *ktap, bool good, const char *name)
{
	char *copy = plain(name);

	ktap->failed += !good;
	print(ktap, "%sok %zu %s", good ? "" : "not ", ++ktap->number, copy);
	free(copy);
}

void lab_ktap_skip(struct lab_ktap *ktap, const char *name, const char *why)
{
	char *copy = plain(name), *reason = plain(why);

	print(ktap, "ok %zu %s # SKIP %s", ++ktap->number, copy, reason);
	free(reason);
	free(copy);
}

void lab_ktap_bail_out(struct lab_ktap *ktap, const char *why)
{
	print(ktap, "Bail out! %s", why);
}
