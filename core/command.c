// SPDX-License-Identifier: GPL-2.0-or-later
/* One table of commands: the choice among them, their help and their errors. */
#include <stdio.h>
#include <string.h>

#include "core/command.h"
#include "core/options.h"
#include "core/record/record.h"
#include "core/status.h"

static void print_help(const struct mb_group *group, const char *space)
{
	printf("usage: migbench %s%sCOMMAND [OPTION]…\n%s\n\n", group->name, space, group->summary);
	for (const struct mb_command *c = group->commands; c->name; c++)
		printf("  %-10s %s\n", c->name, c->summary);
	printf("\nmigbench %s%sCOMMAND --help shows a command's options%s\n", group->name, space,
	       group->footer ? group->footer : ".");
}

int mb_dispatch(const struct mb_group *group, int argc, char **argv)
{
	const char *space = *group->name ? " " : "", *colon = *group->name ? ": " : "";

	if (mb_listener && argc == 2) {
		mb_listener->commands(mb_listener, group->commands, argv[1]);
		return MB_OK;
	}
	if (argc < 2)
		return mb_fail(MB_REQUEST, "%s%sa command is missing; see migbench %s%s--help",
			       group->name, colon, group->name, space);
	if (!strcmp(argv[1], "--help")) {
		print_help(group, space);
		return MB_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		puts(MB_TOOL);
		return MB_OK;
	}
	for (const struct mb_command *c = group->commands; c->name; c++)
		if (!strcmp(argv[1], c->name))
			return c->run(argc - 1, argv + 1);
	if (mb_listener)
		return MB_OK;
	return mb_fail(MB_REQUEST, "%s%sunknown command '%s'; see migbench %s%s--help", group->name,
		       colon, argv[1], group->name, space);
}
