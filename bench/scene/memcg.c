// SPDX-License-Identifier: GPL-2.0-or-later
/* cgroup2: a group below the root, with the memory controller. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/scene/memcg.h"
#include "core/base/files.h"

#define CGROUPS "/sys/fs/cgroup"
#define OWN CGROUPS "/migbench-own"

bool mb_memcg_is_own(const struct mb_point *point)
{
	return mb_value_find(point, "memcg") && mb_is(point, "memcg", "own");
}

bool mb_memcg_can(const struct mb_point *point, char why[MB_WHY])
{
	char controllers[256];

	if (!mb_memcg_is_own(point))
		return true;
	mb_read_line(CGROUPS "/cgroup.controllers", controllers, sizeof(controllers));
	if (!strstr(controllers, "memory"))
		snprintf(why, MB_WHY, "no cgroup2 with a memory controller at " CGROUPS);
	else if (access(CGROUPS "/cgroup.procs", W_OK))
		snprintf(why, MB_WHY, "a memory cgroup is made by root");
	else
		return true;
	return false;
}

bool mb_memcg_enter(char why[MB_WHY])
{
	if (mb_set_file(CGROUPS "/cgroup.subtree_control", "+memory") &&
	    (!mkdir(OWN, 0755) || errno == EEXIST) && mb_set_file(OWN "/cgroup.procs", "0"))
		return true;
	snprintf(why, MB_WHY, "no memory cgroup " OWN ": %s", strerror(errno));
	return false;
}

void mb_memcg_remove(void)
{
	rmdir(OWN);
}
