/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything about this machine and kernel that can change a result. */
#ifndef MIGBENCH_BENCH_ENV_H
#define MIGBENCH_BENCH_ENV_H

#include <stdbool.h>
#include <jansson.h>

#include "bench/topology.h"

/* The run file's env object; what can't be read is left out. New reference. */
json_t *mb_env(const struct mb_topology *topology);

/* Whether no time is to be counted with the time-stamp counter, as the module does. */
bool mb_env_unsteady(void);

#endif
