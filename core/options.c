// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of options, walked for getopt_long(3). */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/options.h"
#include "core/record/record.h"
#include "core/status.h"

#define MAX_OPTIONS 48
/* Beyond any letter, so that getopt's optopt tells a long option from a short one. */
#define FIRST_OPTION 1000
#define HELP_OPTION (FIRST_OPTION + MAX_OPTIONS)
#define VERSION_OPTION (HELP_OPTION + 1)

struct mb_listener *mb_listener;

bool mb_number(const char *text, unsigned long min, unsigned long max, unsigned long *value)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || number < min || number > max)
		return false;
	*value = number;
	return true;
}

bool mb_duration(const char *text, unsigned long *seconds)
{
	static const struct {
		char letter;
		unsigned long seconds;
	} units[] = { { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	unsigned long sum = 0, number;
	size_t unit = 0;

	do {
		char *end;

		if (!isdigit((unsigned char)*text))
			return false;
		errno = 0;
		number = strtoul(text, &end, 10);
		while (unit < 3 && units[unit].letter != *end)
			unit++;
		if (errno || unit == 3 || number > 1000000)
			return false;
		sum += number * units[unit++].seconds;
		text = end + 1;
	} while (*text);
	*seconds = sum;
	return true;
}

/* What an option wants that takes files or folders, by its metavar; NULL: it takes something else. */
static const char *wanted(const char *metavar)
{
	if (!strcmp(metavar, "FILE"))
		return "the name of a file";
	if (!strcmp(metavar, "DIR") || !strcmp(metavar, "TREE"))
		return "the name of a folder";
	return strstr(metavar, "FILE") || strstr(metavar, "DIR") || strstr(metavar, "PATH")
		       ? "a name"
		       : NULL;
}

static int store(const struct mb_usage *usage, const struct mb_option *option, const char *arg)
{
	struct mb_strings *strings = option->value;
	unsigned long number;

	/* What is put behind it would lie in the root folder. */
	if (option->metavar && !*arg && wanted(option->metavar))
		return mb_fail(MB_REQUEST, "%s: --%s needs %s, not ''", usage->command,
			       option->name, wanted(option->metavar));
	switch (option->kind) {
	case MB_OPT_FLAG:
		*(bool *)option->value = true;
		break;
	case MB_OPT_STRING:
	case MB_OPT_OUTPUT:
		*(const char **)option->value = arg;
		break;
	case MB_OPT_STRINGS:
		if (strings->count == MB_MAX_STRINGS)
			return mb_fail(MB_REQUEST, "%s: --%s can be given %d times at most",
				       usage->command, option->name, MB_MAX_STRINGS);
		strings->at[strings->count++] = arg;
		break;
	case MB_OPT_NUMBER:
		if (!mb_number(arg, option->min, option->max, option->value))
			return mb_fail(MB_REQUEST,
				       "%s: --%s takes a number from %lu to %lu, not '%s'",
				       usage->command, option->name, option->min, option->max, arg);
		break;
	case MB_OPT_DURATION:
		if (!mb_duration(arg, &number) || number < option->min || number > option->max)
			return mb_fail(MB_REQUEST,
				       "%s: --%s takes a time such as 90s, 20m or 1h30m, from %lus "
				       "to %lus, not '%s'",
				       usage->command, option->name, option->min, option->max, arg);
		*(unsigned long *)option->value = number;
		break;
	case MB_OPT_HEADING:
		break;
	}
	return MB_PARSED;
}

/* What getopt would not take, and why: only the word as it was typed helps. */
static int refuse(const struct mb_usage *usage, const struct option *table, char **argv)
{
	const char *word = argv[optind - 1], *what = "unknown option";
	char letter[] = { '-', (char)optopt, '\0' };
	size_t length, like = 0;

	if (optopt && optopt < FIRST_OPTION)
		word = letter;
	length = strcspn(word, "=");
	for (const struct option *o = table; length > 2 && o->name; o++) {
		like += !strncmp(o->name, word + 2, length - 2);
		if (optopt == o->val)
			return mb_fail(
				MB_REQUEST,
				"%s: --%s takes no value, as in '%s'; see migbench %s --help",
				usage->command, o->name, word, usage->command);
	}
	if (like > 1)
		what = "several options begin with";
	return mb_fail(MB_REQUEST, "%s: %s '%s'; see migbench %s --help", usage->command, what,
		       word, usage->command);
}

/* Of a single value the last one counts; who gives two of what takes a list means both. @before: NULL, or the last. */
static int check_once(const struct mb_usage *usage, const struct mb_option *option,
		      const char *before)
{
	if (!before || option->kind == MB_OPT_STRINGS || !strstr(option->metavar, "…"))
		return MB_PARSED;
	return mb_fail(MB_REQUEST, "%s: --%s is given twice; it takes a list: --%s %s,%s",
		       usage->command, option->name, option->name, before, optarg);
}

/* Whether @word is @path, or one of the files in it that commas separate is. */
static bool names(const char *word, const char *path)
{
	struct mb_list parts = { 0 };
	bool found = mb_same_place(word, path);

	if (!found && strchr(word, ',')) {
		mb_list_split(&parts, word);
		for (size_t i = 0; i < parts.count && !found; i++)
			found = mb_same_place(parts.at[i], path);
		mb_list_free(&parts);
	}
	return found;
}

/* Whether what @option takes may be a file; "NAME|FILE" by its looks. */
static bool is_file(const struct mb_option *option, const char *word)
{
	if (!strncmp(option->metavar, "NAME", 4))
		return strchr(word, '/') || strchr(word, '.');
	return strstr(option->metavar, "FILE") || strstr(option->metavar, "PATH");
}

/* Whether @option gives the file @path, in any of its words. */
static bool gives(const struct mb_option *option, const char *path)
{
	const struct mb_strings *words = option->value;
	const char *word;

	if (option->kind == MB_OPT_STRINGS) {
		for (size_t i = 0; i < words->count; i++)
			if (is_file(option, words->at[i]) && names(words->at[i], path))
				return true;
		return false;
	}
	if (option->kind != MB_OPT_STRING && option->kind != MB_OPT_OUTPUT)
		return false;
	word = *(const char *const *)option->value;
	return word && is_file(option, word) && names(word, path);
}

/*
 * Whether each MB_OPT_OUTPUT of @options, as they were parsed, is a file of its own: no other option's, and none of the
 * @count files of @operands, each of which may be several, separated by commas. MB_OK, or MB_REQUEST after one line.
 */
static int check_apart(const char *command, const struct mb_option *options, char *const *operands,
		       size_t count)
{
	for (const struct mb_option *out = options; out->name; out++) {
		const char *path =
			out->kind == MB_OPT_OUTPUT ? *(const char *const *)out->value : NULL;

		for (const struct mb_option *o = options; path && o->name; o++) {
			if (o == out || !gives(o, path))
				continue;
			if (o->kind == MB_OPT_OUTPUT)
				return mb_fail(MB_REQUEST, "%s: --%s and --%s would both write %s",
					       command, out->name, o->name,
					       *(const char *const *)o->value);
			return mb_fail(MB_REQUEST,
				       "%s: --%s %s would write over what --%s is read from; "
				       "choose another file",
				       command, out->name, path, o->name);
		}
		for (size_t i = 0; path && i < count; i++)
			if (names(operands[i], path))
				return mb_fail(MB_REQUEST,
					       "%s: --%s %s would write over what is read; choose "
					       "another file",
					       command, out->name, path);
	}
	return MB_OK;
}

int mb_options(const struct mb_usage *usage, const struct mb_option *options, int argc, char **argv,
	       int *first)
{
	const char *letters = usage->command_follows ? "+:" : ":";
	struct option table[MAX_OPTIONS + 3] = { 0 };
	const char *given[MAX_OPTIONS] = { 0 };
	size_t count = 0, operands;
	int c;

	if (mb_listener) {
		mb_listener->options(mb_listener, usage, options, argc, argv);
		return MB_OK;
	}
	for (size_t i = 0; options[i].name; i++) {
		if (i == MAX_OPTIONS)
			abort();
		if (options[i].kind != MB_OPT_HEADING)
			table[count++] = (struct option){ .name = options[i].name,
							  .has_arg = options[i].kind != MB_OPT_FLAG,
							  .val = FIRST_OPTION + (int)i };
	}
	table[count++] = (struct option){ .name = "help", .val = HELP_OPTION };
	table[count] = (struct option){ .name = "version", .val = VERSION_OPTION };

	/* --help shows the defaults, which are in the variables until something is stored. */
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, table, NULL)) != -1 && c != ':' && c != '?')
		if (c == HELP_OPTION) {
			mb_help_print(usage, options);
			return MB_OK;
		} else if (c == VERSION_OPTION) {
			puts(MB_TOOL);
			return MB_OK;
		}
	optind = 0;
	while ((c = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		int status;

		if (c == ':')
			return mb_fail(MB_REQUEST, "%s: %s needs a value; see migbench %s --help",
				       usage->command, argv[optind - 1], usage->command);
		if (c == '?')
			return refuse(usage, table, argv);
		c -= FIRST_OPTION;
		status = check_once(usage, &options[c], given[c]);
		if (status == MB_PARSED)
			status = store(usage, &options[c], optarg);
		if (status != MB_PARSED)
			return status;
		given[c] = optarg;
	}
	*first = optind;
	operands = (size_t)(argc - optind);
	if (operands < usage->min_operands)
		return mb_fail(MB_REQUEST, "%s: %s is missing; see migbench %s --help",
			       usage->command, usage->operands, usage->command);
	if (operands > usage->max_operands)
		return mb_fail(MB_REQUEST, "%s: unexpected '%s'; see migbench %s --help",
			       usage->command, argv[optind + (int)usage->max_operands],
			       usage->command);
	/* Words behind "--" are no files of ours. */
	if (strstr(usage->operands, "-- "))
		operands = 0;
	return check_apart(usage->command, options, argv + optind, operands) ?: MB_PARSED;
}
