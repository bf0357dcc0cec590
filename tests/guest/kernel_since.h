/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel runs, by its version: for what no header and no file of it tells. */
#ifndef MIGBENCH_TESTS_KERNEL_SINCE_H
#define MIGBENCH_TESTS_KERNEL_SINCE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/utsname.h>

/* Whether the running kernel is that release or a later one: what is expected depends on it. */
static inline bool kernel_since(unsigned int major, unsigned int minor)
{
	unsigned int has_major, has_minor;
	struct utsname name;

	return !uname(&name) && sscanf(name.release, "%u.%u", &has_major, &has_minor) == 2 &&
	       (has_major > major || (has_major == major && has_minor >= minor));
}

#endif
