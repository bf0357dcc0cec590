// SPDX-License-Identifier: GPL-2.0-or-later
/* What the benchmarks of a run share, opened when it is first wanted. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/session.h"

bool mb_session_counter(const struct mb_session *session, char why[MB_WHY])
{
	if (session->unsteady)
		snprintf(
			why, MB_WHY,
			"the module counts time with the time-stamp counter, which the kernel has found "
			"unstable (journalctl -k | grep -i tsc says why); migbench lab run --clock insns "
			"counts instructions");
	return !session->unsteady;
}

int mb_session_device(struct mb_session *session, enum migbench_kind kind, unsigned long node,
		      uint64_t *tick_khz, char why[MB_WHY])
{
	size_t i;
	int fd;

	if (!mb_session_counter(session, why))
		return -1;
	for (i = 0; i < session->device_count; i++)
		if (session->devices[i].node == node && session->devices[i].kind == kind)
			goto found;
	if (i == MB_MAX_DEVICES) {
		snprintf(why, MB_WHY, "more than %d device memories", MB_MAX_DEVICES);
		return -1;
	}
	fd = mb_module_open(&session->devices[i].info, why);
	if (fd < 0)
		return -1;
	if (!mb_module_create(fd, kind, node, session->device_pages, why)) {
		close(fd);
		return -1;
	}
	session->devices[i].kind = kind;
	session->devices[i].node = node;
	session->devices[i].fd = fd;
	session->device_count++;
found:
	if (tick_khz)
		*tick_khz = session->devices[i].info.tick_khz;
	return session->devices[i].fd;
}

void mb_session_close(struct mb_session *session)
{
	for (size_t i = 0; i < session->device_count; i++)
		close(session->devices[i].fd);
	session->device_count = 0;
}

bool mb_session_has_nodes(struct mb_session *session, const struct mb_point *point,
			  char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");
	unsigned long missing = nodes->number;

	if (mb_topology_has_node(session->topology, missing)) {
		missing = nodes->to;
		if (mb_topology_has_node(session->topology, missing))
			return true;
	}
	if (mb_topology_has_memory(session->topology, missing))
		snprintf(why, MB_WHY,
			 "node %lu is not among those that this process may use (its cpuset)",
			 missing);
	else
		snprintf(why, MB_WHY, "this machine has no node %lu with memory", missing);
	return false;
}

bool mb_session_bind(const struct mb_session *session, const struct mb_point *point,
		     char why[MB_WHY])
{
	unsigned long node = mb_value(point, "nodes")->number;

	if (mb_topology_bind(session->topology, node))
		return true;
	snprintf(why, MB_WHY, "cannot bind to a CPU of node %lu: %s", node, strerror(errno));
	return false;
}
