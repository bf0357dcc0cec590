// SPDX-License-Identifier: GPL-2.0-or-later
/* A compiler that is neither too new nor too old for a kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gnu/libc-version.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/compiler.h"
#include "lab/kernel/cross.h"

/*
 * From gcc 15 on C is C23, where bool, true and false are keywords. Linux before 6.15 has places that
 * say so themselves, and no -std= beside it, unless a stable release has mended them.
 */
#define C23_GCC 15
#define C23_MAJOR 6
#define C23_MINOR 15
#define DIALECT "-std=gnu11"
/* Older ones are not looked for: they are in no release of Debian that has what else we need. */
#define OLDEST_GCC 10
/* From here on strchr() of a constant string is constant: new warnings in old host programs. */
#define STRICT_GLIBC "2.43"

static bool takes_c23(unsigned int major, unsigned int minor)
{
	return major > C23_MAJOR || (major == C23_MAJOR && minor >= C23_MINOR);
}

struct lab_choice lab_compiler_pick(unsigned int major, unsigned int minor, unsigned int gcc,
				    const unsigned int *installed, size_t count)
{
	struct lab_choice choice = { .gcc = 0, .dialect = LAB_ITS_OWN };

	if (gcc < C23_GCC || takes_c23(major, minor))
		return choice;
	for (size_t i = 0; i < count; i++)
		if (installed[i] < C23_GCC && installed[i] > choice.gcc)
			choice.gcc = installed[i];
	if (!choice.gcc)
		choice.dialect = LAB_OLDER;
	return choice;
}

bool lab_compiler_series(const char *package, unsigned int *major, unsigned int *minor)
{
	const char *dash = strrchr(package, '-');
	int end = 0;

	return dash && sscanf(dash + 1, "%u.%u%n", major, minor, &end) == 2 && !dash[1 + end];
}

bool lab_compiler_tree(const char *tree, unsigned int *major, unsigned int *minor)
{
	char *path = mb_format("%s/Makefile", tree), *text = mb_read_file(path, NULL);
	const char *version = text ? strstr(text, "\nVERSION = ") : NULL;
	const char *level = text ? strstr(text, "\nPATCHLEVEL = ") : NULL;
	bool found = version && level && sscanf(version, " VERSION = %u", major) == 1 &&
		     sscanf(level, " PATCHLEVEL = %u", minor) == 1;

	free(text);
	free(path);
	return found;
}

/* What @program says to @option; malloc'd, without the line's end. NULL: it does not run. */
static char *ask(const char *program, const char *option)
{
	struct mb_list words = { 0 };
	char *output = NULL;

	mb_list_add(&words, "%s", program);
	mb_list_add(&words, "%s", option);
	if (lab_capture(words.at, NULL, &output)) {
		free(output);
		output = NULL;
	}
	if (output)
		output[strcspn(output, "\n")] = '\0';
	mb_list_free(&words);
	return output;
}

static unsigned int version_of(const char *program)
{
	char *said = ask(program, "-dumpversion");
	unsigned int version = said ? (unsigned int)strtoul(said, NULL, 10) : 0;

	free(said);
	return version;
}

static bool is_strict(void)
{
	return strverscmp(gnu_get_libc_version(), STRICT_GLIBC) >= 0;
}

/* There is one cross compiler, and make finds it by its prefix. */
static int choose_cross(const struct lab_arch *arch, struct lab_compiler *compiler)
{
	char *prefix = lab_cross_need_prefix(arch), *program;

	if (!prefix)
		return MB_MACHINE;
	program = mb_format("%sgcc", prefix);
	compiler->line = ask(program, "--version");
	compiler->lenient = version_of("gcc") >= C23_GCC || is_strict();
	if (!compiler->line)
		mb_fail(MB_MACHINE, "%s does not start", program);
	free(program);
	free(prefix);
	return compiler->line ? MB_OK : MB_MACHINE;
}

int lab_compiler_choose(const struct lab_arch *arch, unsigned int major, unsigned int minor,
			struct lab_compiler *compiler)
{
	unsigned int installed[C23_GCC], gcc = version_of("gcc");
	struct lab_choice choice;
	char *program, *line;
	size_t count = 0;

	*compiler = (struct lab_compiler){ .command = NULL };
	if (arch != lab_arch_host())
		return choose_cross(arch, compiler);
	for (unsigned int version = OLDEST_GCC; gcc >= C23_GCC && version < C23_GCC; version++) {
		program = mb_format("gcc-%u", version);
		if (lab_have_program(program) && version_of(program) == version)
			installed[count++] = version;
		free(program);
	}
	choice = lab_compiler_pick(major, minor, gcc, installed, count);
	program = choice.gcc ? mb_format("gcc-%u", choice.gcc) : mb_strdup("gcc");
	line = ask(program, "--version");
	if (line && choice.dialect == LAB_OLDER) {
		compiler->command = mb_format("%s " DIALECT, program);
		compiler->line = mb_format("%s " DIALECT, line);
		compiler->advice = mb_format("gcc %u is newer than this kernel knows; apt-get "
					     "install gcc-%d, and it will be used",
					     gcc, C23_GCC - 1);
	} else if (line) {
		compiler->command = choice.gcc ? mb_strdup(program) : NULL;
		compiler->line = mb_strdup(line);
	}
	compiler->lenient = gcc >= C23_GCC || is_strict();
	free(line);
	free(program);
	return compiler->line ? MB_OK : mb_fail(MB_MACHINE, "gcc --version failed");
}

void lab_compiler_free(struct lab_compiler *compiler)
{
	free(compiler->command);
	free(compiler->line);
	free(compiler->advice);
	*compiler = (struct lab_compiler){ .command = NULL };
}
