// SPDX-License-Identifier: GPL-2.0-or-later
/* A machine's hwloc XML, as a topology. */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/vm/recorded.h"
#include "lab/vm/recorded_apart.h"

/* The largest of hwloc's own recordings, of 1024 CPUs and more, have a few MiB. */
#define MAX_SIZE (32L << 20)

int lab_recorded_read(const char *path, struct lab_recorded *machine)
{
	struct lab_recorded *shared;
	struct stat st;
	bool good;

	if (stat(path, &st) || access(path, R_OK))
		return mb_fail(MB_REQUEST, "%s: %m", path);
	if (!S_ISREG(st.st_mode))
		return mb_fail(MB_REQUEST, "%s: is no regular file", path);
	if (st.st_size > MAX_SIZE)
		return mb_fail(MB_REQUEST,
			       "%s: is too large for hwloc's XML; allowed: up to %ld MiB", path,
			       MAX_SIZE >> 20);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return mb_fail(MB_MACHINE, "out of memory");
	good = lab_recorded_apart(path, shared) && shared->count && shared->count <= LAB_MAX_NODES;
	*machine = *shared;
	munmap(shared, sizeof(*shared));
	if (good)
		return MB_OK;
	return mb_fail(MB_REQUEST,
		       "%s: no XML of hwloc's that it can read; lstopo FILE.xml writes such a file",
		       path);
}
