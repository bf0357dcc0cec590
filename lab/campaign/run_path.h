/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a run file of "lab run" goes. */
#ifndef MIGBENCH_LAB_CAMPAIGN_RUN_PATH_H
#define MIGBENCH_LAB_CAMPAIGN_RUN_PATH_H

#include "lab/vm/guest.h"

/*
 * @out for one target; STEM-KERNEL[-TOPOLOGY].jsonl for several @kernels or @topologies (how many
 * there are); without @out a name with @stamp in results/local/. malloc'd.
 */
char *lab_run_path(const char *out, const struct lab_guest *guest, size_t kernels,
		   size_t topologies, const char *stamp);

#endif
