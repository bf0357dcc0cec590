// SPDX-License-Identifier: GPL-2.0-or-later
/* What the CPU is that this program runs on, and who runs the machine. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "core/base/files.h"
#include "core/cpu.h"

const char *mb_hypervisor(void)
{
#if defined(__x86_64__)
	static char vendor[13];
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1U << 31)))
		return "none";
	__cpuid(0x40000000, a, b, c, d);
	memcpy(vendor, &b, 4);
	memcpy(vendor + 4, &c, 4);
	memcpy(vendor + 8, &d, 4);
	if (!strcmp(vendor, "TCGTCGTCGTCG"))
		return "qemu-tcg";
	if (!strncmp(vendor, "KVMKVMKVM", 9))
		return "kvm";
	for (char *p = vendor; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	return *vendor ? vendor : "unknown";
#else
	/* No instruction tells here, and the firmware only sometimes: the lab says it at boot. */
	static char word[32];
	char *line = mb_read_file("/proc/cmdline", NULL);
	const char *said = line ? strstr(line, " hypervisor=") : NULL;

	if (!said || sscanf(said, " hypervisor=%31s", word) != 1)
		snprintf(word, sizeof(word), "unknown");
	free(line);
	return word;
#endif
}

bool mb_cpu_has(const char *flag)
{
	FILE *in = fopen("/proc/cpuinfo", "re");
	char *line = NULL, *rest, *word;
	bool has = false, found = false;
	size_t size = 0;

	while (in && !found && getline(&line, &size, in) > 0) {
		found = !strncmp(line, "flags", 5) || !strncmp(line, "Features", 8);
		rest = strchr(line, ':');
		while (found && rest && (word = strsep(&rest, " \t\n:")))
			has = has || !strcmp(word, flag);
	}
	free(line);
	if (in)
		fclose(in);
	return has;
}

bool mb_flushes_untraced(void)
{
#if defined(__x86_64__)
	const char *hypervisor = mb_hypervisor();

	return mb_cpu_has("invlpgb") || !strcmp(hypervisor, "Microsoft Hv") ||
	       !strcmp(hypervisor, "XenVMMXenVMM");
#else
	return true;
#endif
}
