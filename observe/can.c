// SPDX-License-Identifier: GPL-2.0-or-later
/* What this kernel would let us see, and by what, asked without putting anything into it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/cpu.h"
#include "observe/offsets.h"
#include "observe/probes.h"
#include "observe/root.h"

/* The best first. */
static const struct ob_way *const ways[] = { &ob_by_bpf, &ob_by_tracefs };

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static bool locked_down(void)
{
	char *path = ob_path("/sys/kernel/security/lockdown");
	char line[128];

	mb_read_line(path, line, sizeof(line));
	free(path);
	return strstr(line, "[confidentiality]") != NULL;
}

/* What no way does without. */
static bool can(const struct ob_symbols *symbols, char *why, size_t size)
{
	if (geteuid())
		snprintf(why, size, "only root may probe the kernel");
	else if (locked_down())
		snprintf(why, size,
			 "this kernel is locked down (confidentiality): it lets nobody read its "
			 "memory");
	else if (symbols->hidden)
		snprintf(why, size,
			 "/proc/kallsyms shows no addresses (sysctl kernel.kptr_restrict)");
	else if (!ob_symbol_exists(symbols, "migrate_vma_setup") &&
		 !ob_symbol_exists(symbols, "migrate_pages"))
		snprintf(why, size, "this kernel migrates nothing (CONFIG_MIGRATION)");
	else
		return true;
	return false;
}

const struct ob_way *ob_way(const char *name, const struct ob_symbols *symbols, char *why,
			    size_t size)
{
	struct mb_list reasons = { 0 };
	const struct ob_way *found = NULL;

	if (!can(symbols, why, size))
		return NULL;
	for (size_t i = 0; i < WAYS && !found; i++) {
		if (name && strcmp(name, ways[i]->name))
			continue;
		if (ways[i]->can(symbols, why, size))
			found = ways[i];
		else
			mb_list_add(&reasons, "by %s: %s", ways[i]->name, why);
	}
	if (!found && reasons.count)
		snprintf(why, size, reasons.count > 1 ? "%s; %s" : "%s", reasons.at[0],
			 reasons.at[reasons.count - 1]);
	mb_list_free(&reasons);
	return found;
}

void ob_tell(const struct ob_way *way, const struct ob_symbols *symbols, char *text, size_t size)
{
	const struct {
		const char *function, *what;
		bool can;
	} seen[] = {
		{ "migrate_vma_setup", "migrate_vma", true },
		{ "migrate_device_range", "migrate_device_range", true },
		{ "migrate_device_pfns", "migrate_device_pfns", true },
		{ "do_swap_page", "faults on device memory", true },
		{ "__traceiter_tlb_flush", "TLB flushes", !mb_flushes_untraced() },
		{ "migrate_pages", "migrations without device memory", true },
	};
	struct ob_config config = { 0 };
	bool told = ob_offsets(&config);
	struct mb_list list = { 0 };
	char *joined;

	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (seen[i].can && ob_symbol_exists(symbols, seen[i].function))
			mb_list_add(&list, "%s", seen[i].what);
	joined = mb_list_join(&list);
	snprintf(text, size, "by %s%s%s: %s; the fields' places are %s", way->name,
		 way->less ? ", which is without " : "", way->less ? way->less : "", joined,
		 told ? "told by BTF" : "assumed (no BTF), and proved call by call");
	free(joined);
	mb_list_free(&list);
}
