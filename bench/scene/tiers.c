// SPDX-License-Identifier: GPL-2.0-or-later
/* Demotion between memory tiers: what the kernel knows of them, and reclaim of one cgroup. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/reclaim.h"
#include "bench/scene/tiers.h"
#include "core/base/files.h"
#include "core/base/text.h"

#define SWITCH "/sys/kernel/mm/numa/demotion_enabled"
#define TIERS "/sys/devices/virtual/memory_tiering"

static bool has_node(const char *tier, unsigned long node)
{
	char *path = mb_format(TIERS "/%s/nodelist", tier), line[64];
	struct bitmask *nodes =
		mb_read_line(path, line, sizeof(line)) ? numa_parse_nodestring_all(line) : NULL;
	bool has = nodes && numa_bitmask_isbitset(nodes, (unsigned int)node);

	if (nodes)
		numa_free_nodemask(nodes);
	free(path);
	return has;
}

/* The number of @node's tier, the higher the slower; -1 where the kernel does not say it. */
static long tier_of(unsigned long node)
{
	DIR *folder = opendir(TIERS);
	struct dirent *entry;
	long tier = -1, number;

	while (folder && (entry = readdir(folder)))
		if (sscanf(entry->d_name, "memory_tier%ld", &number) == 1 &&
		    has_node(entry->d_name, node))
			tier = number;
	if (folder)
		closedir(folder);
	return tier;
}

bool mb_tiers_can(const struct mb_point *point, char why[MB_WHY])
{
	const struct mb_value *mode = mb_value_find(point, "mode");
	unsigned long from, to;
	long above, below;

	if (!mode || strcmp(mode->text, "demote"))
		return true;
	from = mb_value(point, "nodes")->number;
	to = mb_value(point, "nodes")->to;
	above = tier_of(from);
	below = tier_of(to);
	if (access(SWITCH, F_OK))
		snprintf(why, MB_WHY,
			 "this kernel does not demote: no " SWITCH " (since 5.15, with "
			 "CONFIG_MIGRATION)");
	else if (above < 0 || below < 0)
		snprintf(why, MB_WHY, "this kernel has no memory tiers: no " TIERS " (since 6.1)");
	else if (above >= below)
		snprintf(why, MB_WHY,
			 "node %lu is in memory tier %ld and node %lu in tier %ld, so nothing is "
			 "demoted there: the firmware (HMAT, read since 6.7 with "
			 "CONFIG_ACPI_HMAT) must call it slower, as in --topology tiers",
			 from, above, to, below);
	else
		return mb_reclaim_can(false, mb_pages(point), why);
	return false;
}

static char before[64]; /* what SWITCH said */

bool mb_tiers_begin(char why[MB_WHY])
{
	if (!mb_reclaim_prepare(false, why))
		return false;
	if (mb_read_line(SWITCH, before, sizeof(before)) && mb_set_file(SWITCH, "1") &&
	    mb_reclaim_forbid_swap())
		return true;
	snprintf(why, MB_WHY, "demotion can't be switched on: %s", strerror(errno));
	return false;
}

void mb_tiers_end(void)
{
	if (*before)
		mb_set_file(SWITCH, before);
	*before = '\0';
	mb_reclaim_finish();
}

bool mb_tiers_charge(bool charge)
{
	return charge ? mb_reclaim_enter() : mb_reclaim_leave();
}

bool mb_tiers_cool(const struct mb_memory *memory)
{
	void *page = memory->at;
	int node = 0, status;

	/* move_pages(2) has every CPU put its batch on the lists before it looks at the first page. */
	return mb_reclaim_clear_young() && !move_pages(0, 0, &page, &node, &status, MPOL_MF_MOVE);
}

int mb_tiers_reclaim(unsigned long pages)
{
	return mb_reclaim_pages(pages) ? 0 : -1;
}
