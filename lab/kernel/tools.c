// SPDX-License-Identifier: GPL-2.0-or-later
/* What building a kernel takes of the machine, by program and by package. */
#include <stdlib.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/tools.h"

/* A program in PATH, or a file: an ordinary user's PATH lacks /sbin, where kbuild looks itself. */
static const struct {
	const char *name, *package;
} needed[] = {
	{ "make", "make" },
	{ "gcc", "gcc" },
	{ "ld", "binutils" },
	{ "flex", "flex" },
	{ "bison", "bison" },
	{ "bc", "bc" },
	{ "lz4", "lz4" },
	{ "perl", "perl" },
	{ "patch", "patch" },
	{ "tar", "tar" },
	{ "xz", "xz-utils" },
	{ "/sbin/depmod", "kmod" },
	{ "/usr/include/gelf.h", "libelf-dev" },
};

void lab_tools_missing(struct mb_list *packages)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (*needed[i].name == '/' ? !mb_exists(needed[i].name)
					   : !lab_have_program(needed[i].name))
			mb_list_add(packages, "%s", needed[i].package);
}

int lab_tools_check(void)
{
	struct mb_list packages = { 0 };
	char *names;

	lab_tools_missing(&packages);
	if (!packages.count)
		return MB_OK;
	names = mb_list_join(&packages);
	mb_fail(MB_MACHINE,
		"programs that build a kernel are missing; on Debian they are in these packages: %s",
		names);
	free(names);
	mb_list_free(&packages);
	return MB_MACHINE;
}
