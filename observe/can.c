// SPDX-License-Identifier: GPL-2.0-or-later
/* What this kernel would let us see, asked without loading anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "core/base/list.h"
#include "observe/offsets.h"
#include "observe/probes.h"

static bool locked_down(void)
{
	FILE *in = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	if (in) {
		if (!fgets(line, sizeof(line), in))
			*line = '\0';
		fclose(in);
	}
	return strstr(line, "[confidentiality]") != NULL;
}

bool ob_can(const struct ob_symbols *symbols, char *why, size_t size)
{
	bool bpf;

	/* What it thinks of the answers, here and below, is for nobody to read. */
	libbpf_set_print(NULL);
	bpf = !geteuid() && libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_KPROBE, NULL) == 1;
	if (geteuid())
		snprintf(why, size, "only root may probe the kernel");
	else if (locked_down())
		snprintf(why, size,
			 "this kernel is locked down (confidentiality): it lets nobody read its "
			 "memory");
	else if (access("/sys/bus/event_source/devices/kprobe/type", R_OK))
		snprintf(why, size, "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)");
	else if (!bpf)
		snprintf(why, size,
			 "this kernel takes no BPF programs (CONFIG_BPF_SYSCALL, "
			 "CONFIG_BPF_EVENTS), or not from this container");
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

void ob_tell(const struct ob_symbols *symbols, char *text, size_t size)
{
	static const struct {
		const char *function, *what;
	} seen[] = {
		{ "migrate_vma_setup", "migrate_vma" },
		{ "migrate_device_range", "migrate_device_range" },
		{ "migrate_device_pfns", "migrate_device_pfns" },
		{ "do_swap_page", "faults on device memory" },
		{ "__traceiter_tlb_flush", "TLB flushes" },
		{ "migrate_pages", "migrations without device memory" },
	};
	struct ob_config config = { 0 };
	bool told = ob_offsets(&config);
	struct mb_list list = { 0 };
	char *joined;

	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (ob_symbol_exists(symbols, seen[i].function))
			mb_list_add(&list, "%s", seen[i].what);
	joined = mb_list_join(&list);
	snprintf(text, size, "%s; the fields' places are %s", joined,
		 told ? "told by BTF" : "assumed (no BTF), and proved call by call");
	free(joined);
	mb_list_free(&list);
}
