// SPDX-License-Identifier: GPL-2.0-or-later
/* A topology by the name of a file of either kind. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/vm/recorded.h"
#include "lab/vm/recorded_fit.h"
#include "lab/vm/topology_choose.h"

static int check_memory(const char *path, const struct lab_topology *topology,
			unsigned long long host)
{
	if (topology->memory <= host)
		return MB_OK;
	return mb_fail(MB_MACHINE, "%s: %zu nodes need %luM of memory, and this machine has %lluM",
		       path, topology->count, topology->memory, host);
}

static int read_recorded(const char *path, unsigned long cpus, struct lab_topology *topology)
{
	unsigned long long host =
		(unsigned long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20;
	struct lab_recorded *machine = mb_alloc(1, sizeof(*machine));
	const char *base = strrchr(path, '/');
	char *differs;
	int status;

	status = lab_recorded_read(path, machine);
	if (!status) {
		base = base ? base + 1 : path;
		differs = lab_recorded_fit(machine, cpus,
					   host / 2 < LAB_MAX_MEMORY ? host / 2 : LAB_MAX_MEMORY,
					   topology);
		topology->name = mb_strdup(base);
		topology->after = mb_format("after %s%s%s%s%s%s", base, *machine->name ? " (" : "",
					    machine->name, *machine->name ? ")" : "",
					    *differs ? ": " : "", differs);
		free(differs);
		status = check_memory(path, topology, host);
	}
	free(machine);
	return status;
}

bool lab_topology_is_recorded(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && !strcmp(name + length - 4, ".xml");
}

int lab_topology_choose(const char *name, unsigned long cpus, struct lab_topology *topology)
{
	int status;

	if (!lab_topology_is_recorded(name))
		return lab_topology_read(name, topology);
	*topology = (struct lab_topology){ 0 };
	status = read_recorded(name, cpus, topology);
	if (status)
		lab_topology_free(topology);
	return status;
}

void lab_topology_note(const struct lab_topology *topology)
{
	char digest[MB_DIGEST_HEX], *mark;

	if (!topology->after)
		return;
	/* A command may read it several times, and so may those that it starts. */
	mb_digest(topology->after, strlen(topology->after), digest);
	mark = mb_format("MIGBENCH_NOTED_%.16s", digest);
	if (!getenv(mark))
		mb_note("the virtual machine's nodes are made %s", topology->after);
	setenv(mark, "1", 1);
	free(mark);
}
