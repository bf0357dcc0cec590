// SPDX-License-Identifier: GPL-2.0-or-later
/* The run file's name. */
#include <string.h>

#include "core/base/text.h"
#include "lab/campaign/run_path.h"

char *lab_run_path(const char *out, const struct lab_guest *guest, size_t kernels,
		   size_t topologies, const char *stamp)
{
	const char *topology = topologies > 1 ? guest->topology.name : "";
	const char *dash = topologies > 1 ? "-" : "";
	size_t length;

	if (!out)
		return mb_format("results/local/%s%s%s-%s-%s.jsonl", guest->kernel_name, dash,
				 topology, mb_clock_name(guest->clock), stamp);
	if (kernels < 2 && topologies < 2)
		return mb_strdup(out);
	length = strlen(out);
	if (length > 6 && !strcmp(out + length - 6, ".jsonl"))
		length -= 6;
	return mb_format("%.*s-%s%s%s.jsonl", (int)length, out, guest->kernel_name, dash, topology);
}
