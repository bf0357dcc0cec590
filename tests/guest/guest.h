/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Helpers of the programs that run in the VM. They share no code with the suite,
 * only the module's uapi.h: what they see is an independent witness.
 */
#ifndef MIGBENCH_TESTS_GUEST_H
#define MIGBENCH_TESTS_GUEST_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <migbench/uapi.h>

#include "kernel_since.h"

#define PAGE ((unsigned long)getpagesize())
#define PTE_TABLE (PAGE / 8 * PAGE) /* what one covers */

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not true: %s (errno %d: %s)\n", __FILE__,          \
				__LINE__, #condition, errno, strerror(errno));                     \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

/* Base pages of a huge page that one entry of the table above maps; 0: this kernel has none. */
static inline unsigned long huge_pages(void)
{
	FILE *in = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "r");
	unsigned long bytes = 0;

	if (in) {
		CHECK(fscanf(in, "%lu", &bytes) == 1);
		fclose(in);
	}
	return bytes / PAGE;
}

/* Base pages of memory that nobody has on @node. */
static inline unsigned long free_pages_of(unsigned int node)
{
	char path[64], line[128];
	unsigned long kib = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/meminfo", node);
	in = fopen(path, "r");
	CHECK(in);
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "Node %*u MemFree: %lu", &kib) == 1)
			break;
	fclose(in);
	return kib * 1024 / PAGE;
}

/* Whether nodes 0 and 1 have room for @count huge pages each, and for what else runs. */
static inline bool huge_pages_fit(unsigned int count)
{
	unsigned long want = count * huge_pages() + (64UL << 20) / PAGE;

	return huge_pages() && free_pages_of(0) > want && free_pages_of(1) > want;
}

/* Base pages of a huge page; 77 where nodes 0 and 1 have no room for @count of them. */
static inline unsigned int huge_or_skip(unsigned int count)
{
	if (!huge_pages_fit(count)) {
		printf("skipped: a huge page is %lu MiB here, and no node has room for %u\n",
		       huge_pages() * PAGE >> 20, count);
		exit(77);
	}
	return (unsigned int)huge_pages();
}

static inline struct migbench_info info_of(int fd)
{
	struct migbench_info info = { .size = sizeof(info) };

	CHECK(!ioctl(fd, MIGBENCH_IOC_INFO, &info));
	return info;
}

static inline bool has_kind(int fd, unsigned int kind)
{
	return info_of(fd).kinds & (1U << kind);
}

/* Open the module, and with pages > 0 create private device memory on @node; 77 without. */
static inline int open_device(unsigned int node, unsigned long pages)
{
	struct migbench_device request = { .size = sizeof(request), .node = node, .pages = pages };
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	if (pages && !has_kind(fd, MIGBENCH_PRIVATE)) {
		puts("skipped: this kernel has no CONFIG_DEVICE_PRIVATE");
		exit(77);
	}
	if (pages)
		CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

/* Base pages of the range of coherent memory that the module was given; its first frame in *@first, if not NULL. */
static inline unsigned long coherent_pages_at(unsigned long *first)
{
	FILE *in = fopen("/sys/module/migbench/parameters/coherent", "r");
	unsigned long start, size;

	CHECK(in);
	if (fscanf(in, "%lu,%lu", &start, &size) != 2)
		start = size = 0; /* loaded without a range */
	fclose(in);
	if (first)
		*first = start / PAGE;
	return size / PAGE;
}

static inline unsigned long coherent_pages(void)
{
	return coherent_pages_at(NULL);
}

static inline int migrate(int fd, unsigned int direction, void *addr, unsigned long pages,
			  unsigned int batch, struct migbench_record *records)
{
	struct migbench_migrate request = { .size = sizeof(request),
					    .direction = direction,
					    .batch = batch,
					    .addr = (uintptr_t)addr,
					    .pages = pages,
					    .records = (uintptr_t)records };

	return ioctl(fd, MIGBENCH_IOC_MIGRATE, &request);
}

/*
 * TLB flushes of one batch to the device; -1 where the tracepoint that is counted never fires, and the
 * module says so.
 */
static inline long flushes_of(int fd, void *addr, unsigned int pages,
			      struct migbench_record *record)
{
	struct migbench_count count = { .size = sizeof(count), .op = MIGBENCH_COUNT_START };
	bool traced = !ioctl(fd, MIGBENCH_IOC_COUNT, &count);

#if defined(__x86_64__)
	CHECK(traced);
#else
	CHECK(traced || errno == EOPNOTSUPP);
#endif
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, addr, pages, pages, record));
	count = (struct migbench_count){ .size = sizeof(count), .op = MIGBENCH_COUNT_STOP };
	CHECK(!traced || !ioctl(fd, MIGBENCH_IOC_COUNT, &count));
	return traced ? (long)count.flushes : -1;
}

/* Base pages, from the start of a PTE table on, which may cover as much as the machine has. */
static inline unsigned char *map_pages(unsigned long pages)
{
	unsigned char *at = mmap(NULL, pages * PAGE + PTE_TABLE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(at != MAP_FAILED);
	at = (unsigned char *)(((uintptr_t)at + PTE_TABLE - 1) & ~(PTE_TABLE - 1));
	CHECK(!madvise(at, pages * PAGE, MADV_NOHUGEPAGE));
	return at;
}

/* How many of @pages have all of @bits of MIGBENCH_PTE_ and MIGBENCH_PAGE_. */
static inline unsigned long having(int fd, const unsigned char *at, unsigned long pages,
				   unsigned int bits)
{
	uint8_t *states = malloc(pages);
	struct migbench_query request = { .size = sizeof(request),
					  .addr = (uintptr_t)at,
					  .pages = pages,
					  .states = (uintptr_t)states };
	unsigned long count = 0;

	CHECK(states && !ioctl(fd, MIGBENCH_IOC_QUERY, &request));
	for (unsigned long i = 0; i < pages; i++)
		count += (states[i] & bits) == bits;
	free(states);
	return count;
}

/* Whether huge pages map all of @pages: present, or on a device where they are whole. */
static inline bool mapped_huge(int fd, const unsigned char *at, unsigned long pages)
{
	return having(fd, at, pages, MIGBENCH_PTE_HUGE) == pages;
}

/* @pages written pages with a hole behind each: mappings of their own, with an anon_vma each. */
static inline unsigned char *map_apart(unsigned long pages)
{
	unsigned char *at = mmap(NULL, 2 * pages * PAGE, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(at != MAP_FAILED);
	for (unsigned long i = 0; i < pages; i++) {
		CHECK(!mprotect(at + 2 * i * PAGE, PAGE, PROT_READ | PROT_WRITE));
		at[2 * i * PAGE] = 1;
	}
	return at;
}

static inline void bind_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	CHECK(!sched_setaffinity(0, sizeof(set), &set));
}

/* Every byte depends on its place and on @seed. */
static inline unsigned char byte_at(unsigned long place, unsigned int seed)
{
	return (unsigned char)((place * 2654435761UL + seed * 40503UL) >> 13);
}

static inline void fill(unsigned char *at, unsigned long pages, unsigned int seed)
{
	for (unsigned long i = 0; i < pages * PAGE; i++)
		at[i] = byte_at(i, seed);
}

static inline unsigned long wrong_bytes(const unsigned char *at, unsigned long pages,
					unsigned int seed)
{
	unsigned long wrong = 0;

	for (unsigned long i = 0; i < pages * PAGE; i++)
		wrong += at[i] != byte_at(i, seed);
	return wrong;
}

/* Whether @pid stands in the kernel and waits, as /proc says. */
static inline bool waits(pid_t pid)
{
	char path[32], line[64] = "", *state;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0 && read(fd, line, sizeof(line) - 1) > 0);
	close(fd);
	state = strrchr(line, ')');
	return state && state[1] == ' ' && state[2] == 'D';
}

/* Bits of /proc/self/pagemap; a device-private page is "swapped" with a type of its own. */
#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_SWAP (1ULL << 62)
#define PAGEMAP_SWAP_TYPE(entry) ((entry)&0x1f)

static inline uint64_t pagemap(const void *addr)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry;

	CHECK(fd >= 0);
	CHECK(pread(fd, &entry, 8, (off_t)((uintptr_t)addr / PAGE * 8)) == 8);
	close(fd);
	return entry;
}

/* How many of the pages are entries of device memory. No swap is on in these tests. */
static inline unsigned long away(const unsigned char *at, unsigned long pages)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < pages; i++) {
		uint64_t entry = pagemap(at + i * PAGE);

		count += !(entry & PAGEMAP_PRESENT) && (entry & PAGEMAP_SWAP);
	}
	return count;
}

static inline unsigned long present(const unsigned char *at, unsigned long pages)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < pages; i++)
		count += !!(pagemap(at + i * PAGE) & PAGEMAP_PRESENT);
	return count;
}

#endif
