// SPDX-License-Identifier: GPL-2.0-or-later
/* Swap on zram and a control group with a limit, made and taken down. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/scene/reclaim.h"
#include "core/base/files.h"

#define CGROUPS "/sys/fs/cgroup"
#define CGROUP CGROUPS "/migbench"
#define ZRAM "/dev/zram0"
#define LRU_GEN "/sys/kernel/mm/lru_gen/enabled"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define KPF_SWAPCACHE 13

/* Bytes of swap; compressed, the pages of a benchmark take far less. */
#define SWAP_SIZE (256UL << 20)

/* The guest's init says so: nothing else may have its swap and LRU changed. */
static bool in_lab(void)
{
	const char *lab = getenv("MIGBENCH_LAB");

	return lab && *lab;
}

bool mb_reclaim_can(bool mglru, unsigned long pages, char why[MB_WHY])
{
	unsigned long size = pages * mb_base_bytes();

	if (!in_lab())
		snprintf(why, MB_WHY,
			 "it would change this machine's swap and LRU; use migbench lab run");
	else if (access(ZRAM, F_OK))
		snprintf(why, MB_WHY, "this kernel has no zram");
	else if (access(CGROUPS "/cgroup.controllers", F_OK))
		snprintf(why, MB_WHY, "no cgroup2 is mounted at " CGROUPS);
	else if (mglru && access(LRU_GEN, F_OK))
		snprintf(why, MB_WHY, "this kernel has no MGLRU");
	else if (size > SWAP_SIZE)
		snprintf(why, MB_WHY,
			 "%lu base pages are %lu MiB, and the swap that they go to has %lu MiB",
			 pages, size >> 20, SWAP_SIZE >> 20);
	else
		return true;
	return false;
}

/* A swap area's header as mkswap(8) writes it, version 1: see union swap_header. */
static bool make_swap(int fd, size_t page_size)
{
	uint32_t header[3] = { 1, (uint32_t)(SWAP_SIZE / page_size - 1), 0 };
	unsigned char *page = calloc(1, page_size);
	bool good;

	if (!page)
		abort();
	memcpy(page + 1024, header, sizeof(header));
	memcpy(page + page_size - 10, "SWAPSPACE2", 10);
	good = pwrite(fd, page, page_size, 0) == (ssize_t)page_size && !fsync(fd);
	free(page);
	return good;
}

static bool swap_on(void)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	char size[32];
	bool good;
	int fd;

	if (!swapon(ZRAM, 0) || errno == EBUSY)
		return true;
	snprintf(size, sizeof(size), "%lu", SWAP_SIZE);
	if (!mb_set_file("/sys/block/zram0/disksize", size))
		return false;
	fd = open(ZRAM, O_RDWR | O_CLOEXEC);
	good = fd >= 0 && make_swap(fd, page_size);
	if (fd >= 0)
		close(fd);
	return good && !swapon(ZRAM, 0);
}

/* What LRU_GEN held before the first prepare, to be put back. */
static char lru_before[32];

static bool choose_lru(bool mglru)
{
	if (!mb_read_line(LRU_GEN, lru_before, sizeof(lru_before)))
		return errno == ENOENT;
	return mb_set_file(LRU_GEN, mglru ? "y" : "n");
}

bool mb_reclaim_prepare(bool mglru, char why[MB_WHY])
{
	rmdir(CGROUP);
	if (!swap_on())
		snprintf(why, MB_WHY, "no swap on " ZRAM ": %s", strerror(errno));
	else if (!choose_lru(mglru))
		snprintf(why, MB_WHY, LRU_GEN ": %s", strerror(errno));
	else if (!mb_set_file(CGROUPS "/cgroup.subtree_control", "+memory"))
		snprintf(why, MB_WHY, "no memory controller in " CGROUPS ": %s", strerror(errno));
	else if (mkdir(CGROUP, 0755))
		snprintf(why, MB_WHY, CGROUP ": %s", strerror(errno));
	else
		return true;
	mb_reclaim_finish();
	return false;
}

void mb_reclaim_finish(void)
{
	rmdir(CGROUP);
	swapoff(ZRAM);
	if (*lru_before)
		mb_set_file(LRU_GEN, lru_before);
	*lru_before = '\0';
}

bool mb_reclaim_enter(void)
{
	return mb_set_file(CGROUP "/cgroup.procs", "0");
}

bool mb_reclaim_leave(void)
{
	return mb_set_file(CGROUPS "/cgroup.procs", "0");
}

bool mb_reclaim_forbid_swap(void)
{
	return mb_set_file(CGROUP "/memory.swap.max", "0");
}

/*
 * 1 clears the bits without a flush, so that a cached translation would not set
 * them again; 4 (soft-dirty) does flush.
 */
bool mb_reclaim_clear_young(void)
{
	return mb_set_file("/proc/self/clear_refs", "1") &&
	       mb_set_file("/proc/self/clear_refs", "4");
}

bool mb_reclaim_pages(unsigned long pages)
{
	char size[32];

	snprintf(size, sizeof(size), "%lu", pages * (unsigned long)sysconf(_SC_PAGESIZE));
	/* EAGAIN: less was reclaimed than asked for. */
	return mb_set_file(CGROUP "/memory.reclaim", size) || errno == EAGAIN;
}

/*
 * The kernel keeps a cgroup's statistics per CPU and adds them up now and then;
 * reading cpu.stat makes it do so now, for memory too.
 */
static void flush_stat(void)
{
	char text[256];
	int fd = open(CGROUP "/cpu.stat", O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	if (fd >= 0)
		close(fd);
}

void mb_reclaim_read(struct mb_reclaim_events *events)
{
	struct rusage usage;
	char line[128];
	FILE *in;

	flush_stat();
	in = fopen(CGROUP "/memory.stat", "re");
	*events = (struct mb_reclaim_events){ 0 };
	while (in && fgets(line, sizeof(line), in))
		sscanf(line, "workingset_refault_anon %lu", &events->refaults);
	if (in)
		fclose(in);
	if (!getrusage(RUSAGE_SELF, &usage))
		events->swapped_in = (unsigned long)usage.ru_majflt;
}

bool mb_reclaim_into_cache(const struct mb_memory *memory, char why[MB_WHY])
{
	unsigned long present, elsewhere;
	long cached;
	int other;

	if (madvise(memory->at, memory->pages * memory->page_size, MADV_PAGEOUT) ||
	    !mb_memory_witness(memory, &present, &elsewhere) || elsewhere != memory->pages) {
		snprintf(why, MB_WHY, "the pages were not swapped out");
		return false;
	}
	/* A page stays in the cache as long as someone else refers to its place in swap. */
	other = mb_child();
	if (!other)
		for (;;)
			pause();
	for (size_t i = 0; i < memory->pages; i++)
		(void)*(volatile unsigned char *)(memory->at + i * memory->page_size);
	if (other > 0) {
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
	cached = mb_memory_flagged(memory, KPF_SWAPCACHE);
	if (cached == (long)memory->pages)
		return true;
	snprintf(why, MB_WHY, "only %ld of %lu pages are in the swap cache", cached, memory->pages);
	return false;
}
