// SPDX-License-Identifier: GPL-2.0-or-later
/* A suite's INI file and --set, checked against what the benchmarks take. */
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/suite.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/ini.h"
#include "core/options.h"
#include "core/status.h"

#define MAX_TITLE 49

static const char *const verify_words[] = { "stamp", "full", NULL };

#define FIELD(name) #name, offsetof(struct mb_suite, name)

static const struct mb_global globals[] = {
	{ FIELD(rounds), 1, 1000, 3, "recorded rounds; one more comes first as warm-up", NULL },
	{ FIELD(samples), 1, 100000, 5,
	  "samples in a round: exactly (insns), at least (time) unless the time is up", NULL },
	{ FIELD(target), 1, 1000, 10,
	  "time: tenths of a percent to which a point's median must be known, ±", NULL },
	{ FIELD(point_time), 1, 3600000, 1000, "time: milliseconds for a point, over all rounds",
	  NULL },
	{ FIELD(verify), MB_VERIFY_STAMP, MB_VERIFY_FULL, MB_VERIFY_STAMP,
	  "what is checked after a journey: a word of each page, or all of it", verify_words },
	{ 0 },
};

#define GLOBALS (sizeof(globals) / sizeof(globals[0]) - 1)

const struct mb_global *mb_globals(void)
{
	return globals;
}

static int set_global(struct mb_suite_reader *reader, const char *key, const char *value)
{
	const struct mb_global *global = globals;
	unsigned long *field;
	char words[256];

	while (global->name && strcmp(global->name, key))
		global++;
	if (!global->name)
		return -1;
	field = (unsigned long *)((char *)reader->suite + global->offset);
	if (!global->words)
		return mb_number(value, global->min, global->max, field) ||
		       mb_suite_complain(reader, "%s: '%s' is not a number from %lu to %lu", key,
					 value, global->min, global->max);
	for (unsigned long i = 0; global->words[i]; i++)
		if (!strcmp(global->words[i], value)) {
			*field = i;
			return 1;
		}
	return mb_suite_complain(reader, "%s: unknown value '%s'; allowed: %s", key, value,
				 mb_suite_allowed(global->words, words, sizeof(words)));
}

static int set_param(struct mb_suite_reader *reader, struct mb_section *section, const char *key,
		     const char *value)
{
	const struct mb_param *params = section->benchmark->params;

	for (size_t i = 0; params[i].name; i++)
		if (!strcmp(params[i].name, key))
			return mb_suite_values(reader, &params[i], value, &section->values[i]);
	return -1;
}

static int unknown_key(struct mb_suite_reader *reader, const struct mb_section *section,
		       const char *key)
{
	const char *words[MB_MAX_PARAMS + GLOBALS + 2];
	size_t count = 0;
	char text[256];

	for (size_t i = 0; section && section->benchmark->params[i].name; i++)
		words[count++] = section->benchmark->params[i].name;
	for (size_t i = 0; !section && i < GLOBALS; i++)
		words[count++] = globals[i].name;
	words[count] = NULL;
	return mb_suite_complain(reader, "unknown key '%s' in [%s]; allowed: %s", key,
				 section ? section->title : "global",
				 mb_suite_allowed(words, text, sizeof(text)));
}

static int unknown_benchmark(struct mb_suite_reader *reader, const char *name)
{
	const char *words[64];
	size_t count = 0;
	char text[512];

	for (const struct mb_case *const *c = mb_cases(); *c && count < 62; c++)
		words[count++] = (*c)->name;
	words[count] = NULL;
	return mb_suite_complain(reader, "no benchmark '%s'; allowed: global, %s", name,
				 mb_suite_allowed(words, text, sizeof(text)));
}

static struct mb_section *find_section(struct mb_suite *suite, const char *title)
{
	for (struct mb_section *s = suite->sections; s; s = s->next)
		if (!strcmp(s->title, title))
			return s;
	return NULL;
}

static struct mb_section *add_section(struct mb_suite_reader *reader, const char *title)
{
	struct mb_section *section, **end = &reader->suite->sections;
	const struct mb_case *benchmark;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(title, " "), title);
	benchmark = mb_case_find(name);

	if (!benchmark) {
		unknown_benchmark(reader, name);
		return NULL;
	}
	section = mb_alloc(1, sizeof(*section));
	section->benchmark = benchmark;
	snprintf(section->title, sizeof(section->title), "%s", title);
	for (size_t i = 0; benchmark->params[i].name; i++)
		if (!mb_suite_values(reader, &benchmark->params[i], benchmark->params[i].defaults,
				     &section->values[i]))
			abort(); /* a benchmark whose own defaults are wrong */
	while (*end)
		end = &(*end)->next;
	return *end = section;
}

static int on_setting(void *user, const char *section_name, const char *key, const char *value)
{
	struct mb_suite_reader *reader = user;
	struct mb_section *section;
	int good;

	if (reader->lines.rest)
		value = reader->lines.rest;
	/* Nor does a list go on in the next line, which inih takes for the key once more. */
	mb_list_add(&reader->seen, "%s]%s", section_name, key);
	for (size_t i = 0; i + 1 < reader->seen.count; i++)
		if (!strcmp(reader->seen.at[i], reader->seen.at[reader->seen.count - 1]))
			return mb_suite_complain(
				reader,
				"'%s' is given twice in [%s]; one line has all its "
				"values",
				key, section_name);
	if (!strcmp(section_name, "global")) {
		good = set_global(reader, key, value);
		return good >= 0 ? good : unknown_key(reader, NULL, key);
	}
	if (!*section_name)
		return mb_suite_complain(reader, "'%s' stands before the first [section]", key);
	section = find_section(reader->suite, section_name);
	if (!section)
		section = add_section(reader, section_name);
	if (!section)
		return 0;
	good = set_param(reader, section, key, value);
	return good >= 0 ? good : unknown_key(reader, section, key);
}

/* A section without keys is measured with its defaults; inih reports only keys. */
static bool begin_section(struct mb_suite_reader *reader, const char *name, const char *behind)
{
	if (!name)
		return mb_suite_complain(reader, "a [section] without its ']'");
	/* inih keeps no more of it. */
	if (strlen(name) > MAX_TITLE)
		return mb_suite_complain(reader, "a [section] of more than %d characters",
					 MAX_TITLE);
	if (behind)
		return mb_suite_complain(reader, MB_INI_BEHIND, behind, name);
	return !strcmp(name, "global") || find_section(reader->suite, name) ||
	       add_section(reader, name);
}

/* Hands inih its lines and counts them: its handlers are not told where they are. */
static char *next_line(char *line, int size, void *user)
{
	struct mb_suite_reader *reader = user;
	struct mb_ini_lines *lines = &reader->lines;
	bool more = mb_ini_next(lines), good;
	char *name, *behind;

	reader->line = (int)lines->number;
	if (lines->binary)
		mb_suite_complain(reader, MB_INI_BINARY);
	if (!more)
		return NULL;
	good = !mb_ini_section(lines->line, &name, &behind) || begin_section(reader, name, behind);
	free(name);
	free(behind);
	return good ? mb_ini_give(lines, line, size) : NULL;
}

static bool is_among(const char *word, const char *const *words, size_t count)
{
	while (count)
		if (!strcmp(words[--count], word))
			return true;
	return false;
}

/* --set with a key that no part of the suite has. */
static int unknown_in_all(struct mb_suite_reader *reader, const char *setting, const char *key)
{
	const char *words[128];
	size_t count = 0;
	char text[512];

	for (size_t i = 0; i < GLOBALS; i++)
		words[count++] = globals[i].name;
	for (const struct mb_section *s = reader->suite->sections; s; s = s->next)
		for (const struct mb_param *p = s->benchmark->params; p->name && count < 127; p++)
			if (!is_among(p->name, words, count))
				words[count++] = p->name;
	words[count] = NULL;
	return mb_suite_complain(reader, "'%s': suite %s has no key '%s'; allowed: %s", setting,
				 reader->suite->name, key,
				 mb_suite_allowed(words, text, sizeof(text)));
}

/* --set BENCHMARK.KEY=VALUE for a benchmark that the suite has not. */
static int not_in_suite(struct mb_suite_reader *reader, const char *setting, const char *benchmark)
{
	const char *words[64];
	size_t count = 0;
	char text[512];

	for (const struct mb_section *s = reader->suite->sections; s && count < 63; s = s->next)
		if (!is_among(s->benchmark->name, words, count))
			words[count++] = s->benchmark->name;
	words[count] = NULL;
	return mb_suite_complain(reader, "'%s': benchmark '%s' is not in suite %s; allowed: %s",
				 setting, benchmark, reader->suite->name,
				 mb_suite_allowed(words, text, sizeof(text)));
}

static int apply_set(struct mb_suite_reader *reader, const char *setting)
{
	const char *equals = strchr(setting, '='), *dot;
	char key[64], benchmark[64];
	bool known = false;
	int good;

	if (!equals || (size_t)(equals - setting) >= sizeof(key))
		return mb_suite_complain(reader, "'%s' is not key=value or benchmark.key=value",
					 setting);
	snprintf(key, sizeof(key), "%.*s", (int)(equals - setting), setting);
	dot = strchr(key, '.');
	if (dot) {
		snprintf(benchmark, sizeof(benchmark), "%.*s", (int)(dot - key), key);
		for (struct mb_section *s = reader->suite->sections; s; s = s->next) {
			if (strcmp(s->benchmark->name, benchmark))
				continue;
			known = true;
			good = set_param(reader, s, dot + 1, equals + 1);
			if (good <= 0)
				return good ? unknown_key(reader, s, dot + 1) : 0;
		}
		return known || not_in_suite(reader, setting, benchmark);
	}
	good = set_global(reader, key, equals + 1);
	if (good >= 0)
		return good;
	for (struct mb_section *s = reader->suite->sections; s; s = s->next) {
		good = set_param(reader, s, key, equals + 1);
		if (!good)
			return 0;
		known |= good > 0;
	}
	return known || unknown_in_all(reader, setting, key);
}

int mb_suite_read(struct mb_suite *suite, const char *name, const struct mb_strings *set)
{
	struct mb_suite_reader reader = { .suite = suite, .texts = &suite->texts };
	char *path;
	int bad, status;

	*suite = (struct mb_suite){ .name = mb_strdup(name) };
	for (size_t i = 0; i < GLOBALS; i++)
		*(unsigned long *)((char *)suite + globals[i].offset) = globals[i].initial;

	status = mb_config_find("suites", name, &path);
	if (status)
		return status;
	reader.path = path;
	/* It can be opened, and no line of it be read. */
	if (mb_is_folder(path))
		status = mb_fail(MB_REQUEST, "%s: is a folder, and no INI file", path);
	else if (!(reader.lines.in = fopen(path, "re")))
		status = mb_fail(MB_REQUEST, "%s: cannot read: %m", path);
	if (status) {
		free(path);
		return status;
	}
	bad = ini_parse_stream(next_line, &reader, on_setting, &reader);
	if (bad && !reader.failed) {
		reader.line = bad;
		mb_suite_complain(&reader, "neither a [section], key = value nor a ; comment");
	}
	if (ferror(reader.lines.in) && !reader.failed) {
		reader.failed = true;
		mb_fail(MB_REQUEST, "%s: cannot read: %s", path, strerror(errno));
	}
	fclose(reader.lines.in);
	mb_ini_free(&reader.lines);
	reader.lines.rest = NULL;
	mb_list_free(&reader.seen);
	reader.line += !reader.line; /* an empty file has a first line all the same */
	if (!reader.failed && !suite->sections)
		mb_suite_complain(&reader, "no benchmark in this suite");
	reader.path = NULL;
	for (size_t i = 0; !reader.failed && i < set->count; i++)
		apply_set(&reader, set->at[i]);
	free(path);
	return reader.failed ? MB_REQUEST : 0;
}

void mb_suite_free(struct mb_suite *suite)
{
	struct mb_section *next;

	for (struct mb_section *s = suite->sections; s; s = next) {
		next = s->next;
		free(s);
	}
	mb_list_free(&suite->texts);
	free(suite->name);
	*suite = (struct mb_suite){ 0 };
}
