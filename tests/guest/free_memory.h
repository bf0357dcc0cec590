/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Free memory as exactly as a program can say it: before and after what must keep none. */
#ifndef MIGBENCH_TESTS_FREE_MEMORY_H
#define MIGBENCH_TESTS_FREE_MEMORY_H

#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* What a kernel lacks can't be written to: false. */
static inline bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Whether it is a lab kernel with KASAN, lockdep and the like (configs/kernels/debug.config). */
static inline bool is_debug(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.release, "debug");
}

/* Sum of the numbers behind @key in a file of lines "key number"; 0 where there is no such file. */
static inline unsigned long sum_of(const char *path, const char *key)
{
	FILE *in = fopen(path, "r");
	unsigned long sum = 0;
	char line[256];

	while (in && fgets(line, sizeof(line), in)) {
		const char *at = line + strspn(line, " ");

		if (!strncmp(at, key, strlen(key)))
			sum += strtoul(at + strlen(key), NULL, 10);
	}
	if (in)
		fclose(in);
	return sum;
}

/*
 * KiB that the kernel keeps for addresses, by /proc/vmallocinfo. An eighth of them is KASAN's: of what vmalloc() has
 * given up until its TLB entries are flushed, for which lazy_max_pages() in mm/vmalloc.c lets 32 MiB and more wait, and of
 * the per-CPU allocator's chunks. Of a chunk it keeps the maps, too, 2 MiB for one whose memory a control group is
 * charged for, and frees them if all of it is unused and it is not the last such one (pcpu_balance_workfn()). What is
 * allocated of a chunk is no such line's and not excused.
 */
static inline unsigned long addresses_kib(void)
{
	FILE *in = fopen("/proc/vmallocinfo", "r");
	unsigned long sum = 0, bytes;
	char line[256], what[32];

	while (in && fgets(line, sizeof(line), in)) {
		const char *pages = strstr(line, " pages=");

		if (sscanf(line, "%*s %lu %31s", &bytes, what) != 2)
			continue;
		if (!strcmp(what, "unpurged") || !strncmp(what, "pcpu_get_vm_areas", 17))
			sum += is_debug() ? bytes / 8 : 0;
		else if (pages && !strncmp(what, "pcpu_", 5))
			sum += strtoul(pages + 7, NULL, 10) * (unsigned long)getpagesize();
	}
	if (in)
		fclose(in);
	return sum / 1024;
}

/*
 * KiB of free memory, with what the CPUs have on lists of their own, which is tens of MiB, and what the kernel
 * keeps for a while: caches, empty slabs and what KASAN holds back of freed objects, which goes with them.
 */
static inline unsigned long free_kib(void)
{
	glob_t slabs;

	put("/proc/sys/vm/drop_caches", "3");
	if (!glob("/sys/kernel/slab/*/shrink", 0, NULL, &slabs)) {
		for (size_t i = 0; i < slabs.gl_pathc; i++)
			put(slabs.gl_pathv[i], "1");
		globfree(&slabs);
	}
	return sum_of("/proc/meminfo", "MemFree:") + addresses_kib() +
	       sum_of("/proc/zoneinfo", "count:") * ((unsigned long)getpagesize() / 1024);
}

#endif
