/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands by name: a table drives the choice, --help and the error lines. */
#ifndef MIGBENCH_CORE_COMMAND_H
#define MIGBENCH_CORE_COMMAND_H

struct mb_command {
	const char *name; /* NULL ends the table */
	int (*run)(int argc, char **argv);
	const char *summary;
};

struct mb_group {
	const char *name; /* "lab"; "" is the program itself */
	const char *summary;
	const char *footer; /* more lines for the end of --help; NULL: none */
	const struct mb_command *commands;
};

/*
 * Run the command that argv[1] names with what follows, argv[0] of it being its name. Returns its
 * exit status; MB_OK after --help; MB_REQUEST after one line on stderr when there is none.
 */
int mb_dispatch(const struct mb_group *group, int argc, char **argv);

#endif
