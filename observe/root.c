// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the kernel's files are looked for. */
#include <stdlib.h>

#include "core/base/text.h"
#include "observe/root.h"

char *ob_path(const char *path)
{
	const char *root = getenv("MIGBENCH_OBSERVE_ROOT");

	return mb_format("%s%s", root ? root : "", path);
}
