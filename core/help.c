// SPDX-License-Identifier: GPL-2.0-or-later
/* --help of a command: its options by group, each with its default, and an example. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/options.h"

#define LEFT 29 /* columns of an option, before what it does */
#define WIDTH 79

/* Columns that @length bytes of UTF-8 take. */
static size_t columns(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

char *mb_help_synopsis(const struct mb_usage *usage)
{
	return mb_format("migbench %s%s%s [OPTION]…%s%s", usage->command, usage->needs ? " " : "",
			 usage->needs ? usage->needs : "", *usage->operands ? " " : "",
			 usage->operands);
}

char *mb_help_option(const struct mb_option *option)
{
	const unsigned long *number = option->value;
	const char *const *text = option->value;

	if (option->kind == MB_OPT_STRING && *text)
		return mb_format("%s (default: %s)", option->help, *text);
	if (option->kind == MB_OPT_NUMBER && *number && *number >= option->min &&
	    *number <= option->max)
		return mb_format("%s (default: %lu)", option->help, *number);
	return mb_strdup(option->help);
}

/* @text word by word from column @indent on; the line has @used columns already. */
static void print_wrapped(const char *text, size_t indent, size_t used)
{
	while (*text) {
		size_t length = strcspn(text, " "), wide = columns(text, length);

		if (used > indent && used + 1 + wide > WIDTH) {
			putchar('\n');
			used = 0;
		}
		if (used > indent)
			putchar(' ');
		else
			printf("%*s", (int)(indent - used), "");
		used = (used > indent ? used + 1 : indent) + wide;
		fwrite(text, 1, length, stdout);
		text += length + (text[length] == ' ');
	}
	putchar('\n');
}

static void print_option(const struct mb_option *option)
{
	char *left = mb_format("  --%s%s%s", option->name, option->metavar ? " " : "",
			       option->metavar ? option->metavar : "");
	char *right = mb_help_option(option);
	size_t used = columns(left, strlen(left));

	fputs(left, stdout);
	if (used >= LEFT) {
		putchar('\n');
		used = 0;
	}
	print_wrapped(right, LEFT, used);
	free(left);
	free(right);
}

void mb_help_print(const struct mb_usage *usage, const struct mb_option *options)
{
	static const struct mb_option help = { .name = "help", .help = "show this and stop" },
				      version = { .name = "version",
						  .help = "show migbench's version and stop" };
	char *synopsis = mb_help_synopsis(usage);

	printf("usage: %s\n", synopsis);
	print_wrapped(usage->summary, 0, 0);
	if (options->kind != MB_OPT_HEADING)
		puts("\nOptions:");
	for (const struct mb_option *o = options; o->name; o++)
		if (o->kind == MB_OPT_HEADING)
			printf("\n%s:\n", o->help);
		else
			print_option(o);
	if (options->kind == MB_OPT_HEADING)
		putchar('\n');
	print_option(&help);
	print_option(&version);
	if (usage->example)
		printf("\nExample:\n  %s\n", usage->example);
	free(synopsis);
}
