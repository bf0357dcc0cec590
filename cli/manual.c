// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench(1): what a person wrote of each command, and the tables that --help prints. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/suite.h"
#include "cli/manual.h"
#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/record/record.h"
#include "core/status.h"

#define MAX_DEPTH 4 /* words of a command's name */

struct manual {
	struct mb_listener listener;
	const struct mb_group *program;
	const char *path;
	int line;
	FILE *out;
	struct mb_list commands; /* all that there are, "lab run" */
	bool *described; /* each of them */
	const char *command; /* the one last named; NULL: its options are shown, or none was */
	void (*show)(struct manual *manual, const struct mb_usage *usage,
		     const struct mb_option *options);
};

/* What man(7) would take for its own: a dot or quote at the start, backslashes, dashes, ASCII signs. */
static void put(FILE *out, const char *text)
{
	static const struct {
		const char *sign, *roff;
	} signs[] = { { "\\", "\\e" },	{ "'", "\\(aq" }, { "\"", "\\(dq" }, { "`", "\\(ga" },
		      { "^", "\\(ha" }, { "~", "\\(ti" }, { "…", "..." },    { "±", "\\(+-" } };

	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (const char *at = text; *at;) {
		size_t i = 0, count = sizeof(signs) / sizeof(signs[0]);
		bool word = at > text && isalnum((unsigned char)at[-1]) &&
			    isalpha((unsigned char)at[1]);

		while (i < count && strncmp(at, signs[i].sign, strlen(signs[i].sign)))
			i++;
		if (i < count) {
			fputs(signs[i].roff, out);
			at += strlen(signs[i].sign);
		} else {
			/* A hyphen within a word may become a typographic one. */
			fputs(*at == '-' && !word ? "\\-" : "", out);
			if (*at != '-' || word)
				fputc(*at, out);
			at++;
		}
	}
}

static void line(FILE *out, const char *before, const char *text)
{
	fputs(before, out);
	put(out, text);
	fputc('\n', out);
}

static void show_command(struct manual *manual, const struct mb_usage *usage,
			 const struct mb_option *options)
{
	char *synopsis = mb_help_synopsis(usage);

	(void)options;
	fprintf(manual->out, ".SS %s\n", usage->command);
	fprintf(manual->out, ".B migbench %s\n", usage->command);
	line(manual->out, "", synopsis + strlen("migbench ") + strlen(usage->command) + 1);
	line(manual->out, ".PP\n", usage->summary);
	free(synopsis);
}

static void show_options(struct manual *manual, const struct mb_usage *usage,
			 const struct mb_option *options)
{
	FILE *out = manual->out;

	for (const struct mb_option *o = options; o->name; o++) {
		char *help;

		if (o->kind == MB_OPT_HEADING) {
			fprintf(out, ".PP\n%s:\n", o->help);
			continue;
		}
		fputs(".TP\n.B \\-\\-", out);
		put(out, o->name);
		if (o->metavar)
			line(out, " ", o->metavar);
		else
			fputc('\n', out);
		help = mb_help_option(o);
		put(out, help);
		if (o->kind == MB_OPT_NUMBER)
			fprintf(out, "; from %lu to %lu", o->min, o->max);
		fputs(".\n", out);
		free(help);
	}
	if (usage->example) {
		line(out, ".PP\nExample:\n.PP\n.RS 4\n.EX\n", usage->example);
		fputs(".EE\n.RE\n", out);
	}
}

static void show_globals(FILE *out)
{
	for (const struct mb_global *g = mb_globals(); g->name; g++) {
		fprintf(out, ".TP\n.B %s\n", g->name);
		put(out, g->help);
		if (g->words) {
			fputs(" (one of:", out);
			for (size_t i = 0; g->words[i]; i++)
				fprintf(out, " %s", g->words[i]);
			fprintf(out, "; default: %s).\n", g->words[g->initial]);
		} else {
			fprintf(out, " (%lu to %lu; default: %lu).\n", g->min, g->max, g->initial);
		}
	}
}

/* Have @command say what it takes; "" at the end of a group's name lists the group. */
static void ask(struct manual *manual, const char *command)
{
	char *copy = mb_strdup(command), *rest = copy, *word;
	char program[] = "migbench", end[] = "";
	char *argv[MAX_DEPTH + 3] = { program };
	int argc = 1;

	while (argc <= MAX_DEPTH && (word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	argv[argc++] = end;
	mb_listener = &manual->listener;
	mb_dispatch(manual->program, argc, argv);
	mb_listener = NULL;
	free(copy);
}

static void on_options(struct mb_listener *listener, const struct mb_usage *usage,
		       const struct mb_option *options, int argc, char **argv)
{
	struct manual *manual = (struct manual *)listener;

	(void)argc;
	(void)argv;
	if (manual->show)
		manual->show(manual, usage, options);
	else
		mb_list_add(&manual->commands, "%s", usage->command);
}

static void on_commands(struct mb_listener *listener, const struct mb_command *commands,
			const char *word)
{
	struct manual *manual = (struct manual *)listener;
	char *group = manual->command ? mb_strdup(manual->command) : mb_strdup("");

	(void)word;
	for (; commands->name; commands++) {
		char *name = mb_format("%s%s%s", group, *group ? " " : "", commands->name);

		manual->command = name;
		ask(manual, name);
		free(name);
	}
	manual->command = NULL;
	free(group);
}

static int describe(struct manual *manual, const char *command)
{
	for (size_t i = 0; i < manual->commands.count; i++) {
		if (strcmp(manual->commands.at[i], command))
			continue;
		manual->described[i] = true;
		manual->command = manual->commands.at[i];
		manual->show = show_command;
		ask(manual, command);
		return MB_OK;
	}
	return mb_fail(MB_REQUEST, "%s:%d: there is no command '%s'", manual->path, manual->line,
		       command);
}

static int take_line(struct manual *manual, char *text)
{
	static const char version[] = "@version";
	char *found = strstr(text, version);

	if (found) {
		fprintf(manual->out, "%.*s%s%s\n", (int)(found - text), text, MB_TOOL,
			found + strlen(version));
	} else if (!strncmp(text, "@command ", 9)) {
		return describe(manual, text + 9);
	} else if (!strcmp(text, "@options") && manual->command) {
		manual->show = show_options;
		ask(manual, manual->command);
		manual->command = NULL;
	} else if (!strcmp(text, "@global")) {
		show_globals(manual->out);
	} else if (*text == '@') {
		return mb_fail(MB_REQUEST,
			       "%s:%d: '%s' is none of @command NAME, @options after "
			       "one, @global",
			       manual->path, manual->line, text);
	} else {
		fprintf(manual->out, "%s\n", text);
	}
	return MB_OK;
}

static int write_manual(struct manual *manual, FILE *in)
{
	char *text = NULL;
	size_t size = 0;
	int status = MB_OK;

	while (!status && getline(&text, &size, in) > 0) {
		manual->line++;
		text[strcspn(text, "\n")] = '\0';
		status = take_line(manual, text);
	}
	free(text);
	for (size_t i = 0; !status && i < manual->commands.count; i++)
		if (!manual->described[i])
			status = mb_fail(MB_REQUEST, "%s: no line '@command %s'", manual->path,
					 manual->commands.at[i]);
	return status;
}

int cli_manual(const struct mb_group *program, int count, char **words)
{
	struct manual manual = { .listener = { on_commands, on_options }, .program = program };
	char *text = NULL;
	size_t length;
	int status;
	FILE *in;

	if (count != 2)
		return mb_fail(MB_REQUEST,
			       "manual: it takes docs/migbench.1.in and a file to write");
	manual.path = words[0];
	ask(&manual, "");
	manual.command = NULL;
	manual.described = mb_alloc(manual.commands.count, sizeof(*manual.described));
	in = fopen(words[0], "re");
	if (!in) {
		status = mb_fail(MB_REQUEST, "%s: %m", words[0]);
	} else {
		/* Half a manual is none, and what was there stays. */
		manual.out = mb_text_open(&text, &length);
		status = write_manual(&manual, in);
		mb_text_close(manual.out);
		fclose(in);
		if (!status && mb_same_place(words[0], words[1]))
			status = mb_fail(MB_REQUEST, "manual: %s is what it is made of", words[1]);
		else if (!status && mb_write_file(words[1], text, length))
			status = mb_fail(MB_MACHINE, "%s: cannot write: %m", words[1]);
	}
	free(text);
	free(manual.described);
	mb_list_free(&manual.commands);
	return status;
}
