// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench observe, with what the runner knows of this machine. */
#include "bench/env.h"
#include "bench/topology.h"
#include "cli/observe.h"
#include "observe/commands.h"

static json_t *environment(void)
{
	struct mb_topology *topology = mb_topology_load();
	json_t *env = topology ? mb_env(topology) : json_object();

	if (topology)
		mb_topology_free(topology);
	return env;
}

int cli_observe(int argc, char **argv)
{
	return ob_observe(argc, argv, environment);
}
