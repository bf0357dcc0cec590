// SPDX-License-Identifier: GPL-2.0-or-later
/* What /proc/vmstat says of the whole machine while a batch moves: witnesses beside a point. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/vmstat.h"

/* Huge pages that were split, migrate_pages() at work, NUMA balancing: events, and so exact. */
static const char *const rows[] = {
	"pgmigrate_success",   "pgmigrate_fail",   "thp_migration_success", "thp_migration_fail",
	"thp_migration_split", "thp_split_page",   "thp_split_page_failed", "thp_split_pmd",
	"numa_pte_updates",    "numa_hint_faults", "numa_pages_migrated",
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

_Static_assert(ROWS <= MB_VMSTAT_MOST, "MB_VMSTAT_MOST is the size of what is kept of them");

/* All of it; static, because a benchmark's thread may have a small stack. */
static size_t slurp(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length + 1 < size) {
		got = pread(fd, text + length, size - 1 - length, (off_t)length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	return length;
}

static bool look(const struct mb_vmstat *vmstat, uint64_t values[ROWS], bool there[ROWS])
{
	static char text[1 << 15];
	char *line, *rest;

	if (vmstat->fd < 0 || !slurp(vmstat->fd, text, sizeof(text)))
		return false;
	for (line = text; line && *line; line = rest) {
		size_t length = strcspn(line, " ");

		rest = strchr(line, '\n');
		rest = rest ? rest + 1 : NULL;
		for (size_t i = 0; i < ROWS; i++)
			if (strlen(rows[i]) == length && !memcmp(rows[i], line, length))
				there[i] = sscanf(line + length, "%" SCNu64, &values[i]) == 1;
	}
	return true;
}

void mb_vmstat_open(struct mb_vmstat *vmstat)
{
	vmstat->fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	if (!look(vmstat, vmstat->before, vmstat->there))
		mb_vmstat_close(vmstat);
}

void mb_vmstat_close(struct mb_vmstat *vmstat)
{
	if (vmstat->fd >= 0)
		close(vmstat->fd);
	vmstat->fd = -1;
}

void mb_vmstat_begin(struct mb_vmstat *vmstat)
{
	vmstat->begun = look(vmstat, vmstat->before, vmstat->there);
}

void mb_vmstat_end(struct mb_vmstat *vmstat, unsigned long batches)
{
	uint64_t now[ROWS];

	if (!vmstat->begun || !look(vmstat, now, vmstat->there))
		return;
	vmstat->begun = false;
	vmstat->batches += batches;
	for (size_t i = 0; i < ROWS; i++)
		if (vmstat->there[i])
			vmstat->sum[i] += now[i] - vmstat->before[i];
}

void mb_vmstat_take(struct mb_vmstat *vmstat, struct mb_counters *witnesses)
{
	for (size_t i = 0; i < ROWS && vmstat->batches; i++)
		if (vmstat->there[i])
			mb_counter_add(witnesses, rows[i],
				       (double)vmstat->sum[i] / (double)vmstat->batches);
	memset(vmstat->sum, 0, sizeof(vmstat->sum));
	vmstat->batches = 0;
}
