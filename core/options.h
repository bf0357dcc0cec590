/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command-line options: a table drives getopt_long(3), --help and the error lines. */
#ifndef MIGBENCH_CORE_OPTIONS_H
#define MIGBENCH_CORE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define MB_MAX_STRINGS 64

/* A repeatable option's values, in order. The strings belong to argv. */
struct mb_strings {
	const char *at[MB_MAX_STRINGS];
	size_t count;
};

enum mb_option_kind {
	MB_OPT_FLAG, /* bool * */
	MB_OPT_STRING, /* const char ** */
	MB_OPT_OUTPUT, /* const char **, a file that is written: no other one, and none that is read */
	MB_OPT_STRINGS, /* struct mb_strings *, repeatable */
	MB_OPT_NUMBER, /* unsigned long *, within [min, max] */
	MB_OPT_DURATION, /* unsigned long *, seconds, within [min, max]; "90s", "20m", "1h", "1h30m" */
	MB_OPT_HEADING, /* no option: what those that follow have in common, see MB_HEADING() */
};

struct mb_option {
	const char *name; /* without the dashes; NULL ends the table */
	/* NULL for a flag. One that takes FILE, DIR, TREE or PATH takes no empty word. */
	const char *metavar;
	const char *help;
	enum mb_option_kind kind;
	void *value;
	unsigned long min, max; /* MB_OPT_NUMBER and MB_OPT_DURATION */
};

/* An entry of the table: a line above the options that follow it in --help and in the manual. */
#define MB_HEADING(text)                                                                           \
	{                                                                                          \
		.name = "", .help = (text), .kind = MB_OPT_HEADING                                 \
	}

struct mb_usage {
	const char *command; /* "lab run" */
	const char *needs; /* options that can't be left out, "--kernel NAME"; NULL: none */
	const char *operands; /* "RUN…" or "" */
	const char *summary;
	const char *example; /* a whole command line; NULL: none */
	size_t min_operands, max_operands;
	/* Operands begin at the first word that is no option; what follows is theirs. */
	bool command_follows;
};

struct mb_command;

/*
 * Wants to know what a command takes, and nothing done: while there is one, mb_dispatch() and
 * mb_options() tell it, and end with MB_OK. The last of @argv, or @word, is still being written.
 */
struct mb_listener {
	void (*commands)(struct mb_listener *listener, const struct mb_command *commands,
			 const char *word);
	void (*options)(struct mb_listener *listener, const struct mb_usage *usage,
			const struct mb_option *options, int argc, char **argv);
};

extern struct mb_listener *mb_listener; /* NULL: nobody */

/* What mb_options() returns besides an exit status (never negative): go on. */
#define MB_PARSED (-1)

/*
 * Parse @argv (argv[0] is the command's own name). Returns MB_PARSED with the
 * first operand's index in *@first, MB_OK after --help, or MB_REQUEST after
 * one line on stderr. Operands are moved behind the options. A command calls it
 * before it does anything.
 */
int mb_options(const struct mb_usage *usage, const struct mb_option *options, int argc, char **argv,
	       int *first);

/* What --help prints. */
void mb_help_print(const struct mb_usage *usage, const struct mb_option *options);

/* "migbench lab run --kernel NAME [OPTION]… [-- PROGRAM…]", malloc'd. */
char *mb_help_synopsis(const struct mb_usage *usage);

/*
 * What @option does and what it is without being given, "the suite (default: full)", malloc'd. The
 * default is what its variable holds: nothing may have been parsed yet. One that depends on other
 * options stands in the table, in the same words.
 */
char *mb_help_option(const struct mb_option *option);

/*
 * Read @text as a decimal number within [@min, @max] into *@value.
 * Returns false, leaving *@value alone, on anything else.
 */
bool mb_number(const char *text, unsigned long min, unsigned long max, unsigned long *value);

/*
 * Read @text, numbers that are followed by h, m or s in this order ("1h30m"), into *@seconds.
 * Returns false, leaving *@seconds alone, on anything else.
 */
bool mb_duration(const char *text, unsigned long *seconds);

#endif
