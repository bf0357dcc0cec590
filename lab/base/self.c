// SPDX-License-Identifier: GPL-2.0-or-later
/* This program started again as one of its other commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"

char *lab_self_path(void)
{
	char *path = mb_self_path();

	if (!path)
		mb_fail(MB_MACHINE, "/proc/self/exe: %m");
	return path;
}

char *lab_self_beside(const char *name)
{
	char *path = mb_built_path(name);

	if (!path)
		mb_fail(MB_MACHINE, "%s is missing beside migbench; build it anew", name);
	return path;
}

void lab_self_begin(struct mb_list *words, const char *command, const char *subcommand)
{
	mb_list_add(words, "/proc/self/exe");
	mb_list_add(words, "%s", command);
	if (subcommand)
		mb_list_add(words, "%s", subcommand);
}

void lab_self_words(struct mb_list *words, const char *suite, const char *topology,
		    const struct mb_strings *set, bool quiet)
{
	mb_list_add(words, "--suite=%s", suite);
	if (topology)
		mb_list_add(words, "--topology=%s", topology);
	for (size_t i = 0; i < set->count; i++)
		mb_list_add(words, "--set=%s", set->at[i]);
	if (quiet)
		mb_list_add(words, "--quiet");
}

static int run(struct mb_list *words, int out, int err)
{
	struct lab_spawn how = { .argv = words->at, .in = -1, .out = out, .err = err };
	bool child = getenv(LAB_CHILD);
	int status;

	fflush(stdout);
	setenv(LAB_CHILD, "1", 1);
	status = lab_run_program(&how);
	if (!child)
		unsetenv(LAB_CHILD);
	if (status < 0 && !lab_interrupted)
		mb_fail(MB_MACHINE, "cannot start migbench %s: %m", words->at[1]);
	else if (status > MB_MACHINE && !lab_interrupted)
		mb_fail(MB_MACHINE, "migbench %s ended with status %d", words->at[1], status);
	mb_list_free(words);
	return status < 0 || status > MB_MACHINE ? MB_MACHINE : status;
}

int lab_self_run(struct mb_list *words, int out)
{
	return run(words, out, 2);
}

int lab_self_run_quietly(struct mb_list *words)
{
	FILE *said = lab_temporary_file();
	char text[4096];
	size_t length;
	int status;

	if (!said) {
		mb_list_free(words);
		return MB_MACHINE;
	}
	status = run(words, -1, fileno(said));
	rewind(said);
	while (status && (length = fread(text, 1, sizeof(text), said)))
		fwrite(text, 1, length, stderr);
	fclose(said);
	return status;
}

int lab_self_capture(struct mb_list *words, char **output)
{
	FILE *file = lab_temporary_file();
	int status;
	long length;

	*output = NULL;
	if (!file) {
		mb_list_free(words);
		return MB_MACHINE;
	}
	status = lab_self_run(words, fileno(file));
	if (status <= MB_BAD && !fseek(file, 0, SEEK_END) && (length = ftell(file)) >= 0) {
		char *text = calloc(1, (size_t)length + 1);

		rewind(file);
		if (text && fread(text, 1, (size_t)length, file) == (size_t)length)
			*output = text;
		else
			free(text);
	}
	fclose(file);
	if (status <= MB_BAD && !*output)
		status = mb_fail(MB_MACHINE, "cannot read what migbench itself said");
	return status;
}

bool lab_self_option(const char *word, const char *option)
{
	size_t length = strcspn(word, "=");

	return length > 2 && length <= strlen(option) && !strncmp(word, option, length);
}
