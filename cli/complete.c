// SPDX-License-Identifier: GPL-2.0-or-later
/* What may stand at a place of the command line. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complete.h"
#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/kernel/cache.h"
#include "lab/vm/qemu.h"

struct completion {
	struct mb_listener listener;
	const char *word; /* what of it is there */
	int kept; /* that many bytes of it are another value, and a comma */
	bool files; /* a file's name can stand there, too */
	struct mb_list found;
};

static void offer(struct completion *c, const char *value)
{
	const char *rest = c->word + c->kept;

	if (!strncmp(value, rest, strlen(rest)))
		mb_list_add(&c->found, "%.*s%s", c->kept, c->word, value);
}

/* "text|json" */
static void offer_choices(struct completion *c, const char *choices)
{
	while (*choices) {
		size_t length = strcspn(choices, "|");
		char *one = mb_format("%.*s", (int)length, choices);

		offer(c, one);
		free(one);
		choices += length + (choices[length] == '|');
	}
}

/* The names of the INI files in the data folder's @relative. */
static void offer_configured(struct completion *c, const char *relative)
{
	char *folder = mb_data_path(relative);
	struct mb_list names = { 0 };

	if (folder)
		mb_names_in(folder, ".ini", &names);
	for (size_t i = 0; i < names.count; i++)
		offer(c, names.at[i]);
	mb_list_free(&names);
	free(folder);
}

static void offer_kernel(struct lab_kernel *kernel, void *context)
{
	offer(context, kernel->name);
}

static void offer_suites(struct completion *c)
{
	offer_configured(c, "configs/suites");
}

static void offer_topologies(struct completion *c)
{
	offer_configured(c, "configs/topologies");
}

static void offer_configured_kernels(struct completion *c)
{
	offer_configured(c, "configs/kernels");
}

static void offer_built_kernels(struct completion *c)
{
	lab_kernel_each(offer_kernel, c);
}

/* Those that there is something to fetch for. */
static void offer_archs(struct completion *c)
{
	for (size_t i = 0; lab_arch_at(i); i++)
		if (lab_arch_at(i) != lab_arch_host())
			offer(c, lab_arch_at(i)->name);
}

static void offer_qemus(struct completion *c)
{
	struct mb_list versions = { 0 };

	offer(c, "system");
	for (size_t arch = 0; lab_arch_at(arch); arch++) {
		lab_qemu_fetched(lab_arch_at(arch), &versions);
		for (size_t i = 0; i < versions.count; i++)
			offer(c, versions.at[i]);
		mb_list_free(&versions);
	}
}

/* What a name means, by the option that takes it or the command whose operand it is. */
static const struct {
	const char *option, *command;
	void (*offer)(struct completion *c);
} names[] = {
	{ "kernel", NULL, offer_built_kernels },
	{ "config", NULL, offer_configured_kernels },
	{ "topology", NULL, offer_topologies },
	{ "qemu", NULL, offer_qemus },
	{ "suite", "lab qemu fetch", NULL },
	{ "suite", NULL, offer_suites },
	{ "", "lab kernel build", offer_configured_kernels },
	{ "", "lab arch fetch", offer_archs },
	{ "", "lab kernel remove", offer_built_kernels },
};

/* The value of @option, or an operand where that is ""; @metavar says what --help calls it. */
static void complete_value(struct completion *c, const char *command, const char *option,
			   const char *metavar)
{
	const char *comma = strchr(metavar, ',') ? strrchr(c->word, ',') : NULL;

	c->kept = comma ? (int)(comma + 1 - c->word) : 0;
	c->files = strstr(metavar, "FILE") || strstr(metavar, "DIR") || strstr(metavar, "PATH") ||
		   strstr(metavar, "RUN") || strstr(metavar, "COMMAND");
	/* What is to be written as it stands is in small letters. */
	if (islower((unsigned char)*metavar)) {
		offer_choices(c, metavar);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].option, option) ||
		    (names[i].command && strcmp(names[i].command, command)))
			continue;
		if (names[i].offer)
			names[i].offer(c);
		return;
	}
}

static void complete_option(struct completion *c, const struct mb_option *options, int argc,
			    char **argv)
{
	for (const struct mb_option *o = options; o->name; o++) {
		char *full = mb_format("--%s", o->name);
		bool given = o->kind == MB_OPT_HEADING;

		for (int i = 1; i < argc - 1 && o->kind != MB_OPT_STRINGS; i++)
			given |= !strcmp(argv[i], full);
		if (!given)
			offer(c, full);
		free(full);
	}
	offer(c, "--help");
	offer(c, "--version");
}

static const struct mb_option *find_option(const struct mb_option *options, const char *word)
{
	for (const struct mb_option *o = options; !strncmp(word, "--", 2) && o->name; o++)
		if (o->kind != MB_OPT_HEADING && !strcmp(o->name, word + 2))
			return o;
	return NULL;
}

static void on_options(struct mb_listener *listener, const struct mb_usage *usage,
		       const struct mb_option *options, int argc, char **argv)
{
	struct completion *c = (struct completion *)listener;
	bool operands = false;
	int last = argc - 1;

	c->word = argv[last];
	for (int i = 1; i < last; i++) {
		const struct mb_option *option = operands ? NULL : find_option(options, argv[i]);
		int value;

		if (!option) {
			/* What a command of the user's takes is not ours to say. */
			if (strcmp(argv[i], "=") && strcmp(argv[i - 1], "="))
				operands |= !strcmp(argv[i], "--") ||
					    (usage->command_follows && *argv[i] != '-');
			continue;
		}
		if (option->kind == MB_OPT_FLAG)
			continue;
		/* bash makes three words of --format=json. */
		value = i + 1;
		if (!strcmp(argv[value], "=")) {
			if (value == last)
				c->word = "";
			else
				value++;
		}
		if (value == last) {
			complete_value(c, usage->command, option->name, option->metavar);
			return;
		}
		i = value;
	}
	if (*c->word == '-' && !operands)
		complete_option(c, options, argc, argv);
	else
		complete_value(c, usage->command, "", usage->operands);
}

static void on_commands(struct mb_listener *listener, const struct mb_command *commands,
			const char *word)
{
	struct completion *c = (struct completion *)listener;

	c->word = word;
	for (const struct mb_command *command = commands; command->name; command++)
		offer(c, command->name);
	if (*word == '-') {
		offer(c, "--help");
		offer(c, "--version");
	}
}

int cli_complete(const struct mb_group *program, int count, char **words)
{
	struct completion c = { .listener = { on_commands, on_options }, .word = "" };
	char **argv;

	if (count < 1)
		return mb_fail(MB_REQUEST, "complete: it takes the words to be completed, see "
					   "cli/migbench.bash");
	/* Like main()'s: a name before the words, and NULL behind them. */
	argv = calloc((size_t)count + 2, sizeof(*argv));
	if (!argv)
		return mb_fail(MB_MACHINE, "complete: %m");
	memcpy(argv + 1, words, (size_t)count * sizeof(*argv));
	mb_listener = &c.listener;
	mb_dispatch(program, count + 1, argv);
	mb_listener = NULL;
	mb_list_sort(&c.found);
	for (size_t i = 0; i < c.found.count; i++)
		if (!i || strcmp(c.found.at[i], c.found.at[i - 1]))
			puts(c.found.at[i]);
	mb_list_free(&c.found);
	free(argv);
	return c.files ? MB_OK : MB_BAD;
}
