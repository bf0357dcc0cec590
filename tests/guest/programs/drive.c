// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has a driver make a known number of calls, and says what came of them by the driver's own account
 * and the page tables': drive hmm|module CALLS PAGES [PINNED]. Each call is one of PAGES pages to the
 * device; hmm's pages come home by a fault each, the module's in a call.
 */
#define _GNU_SOURCE
#include <sys/sysmacros.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "../guest.h"

/* As in bench/cases/hmm.c: no header of the system's describes it. */
struct mirror_request {
	uint64_t addr, copy, pages, collected, faults;
};

#define MIRROR_TO_DEVICE _IOWR('H', 0x02, struct mirror_request)
#define MIRROR "mirror"

struct account {
	unsigned long calls, requested, moved, back;
	unsigned long setup, pages, finalize; /* of the module's, to the device, ns */
};

static int open_mirror(void)
{
	unsigned int number, major = 0;
	char line[128], name[64];
	FILE *in = fopen("/proc/devices", "re");
	int fd;

	CHECK(in);
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "%u %63s", &number, name) == 2 && !strcmp(name, "HMM_DMIRROR"))
			major = number;
	fclose(in);
	CHECK(major);
	CHECK(!mknod(MIRROR, S_IFCHR | 0600, makedev(major, 0)));
	fd = open(MIRROR, O_RDWR | O_CLOEXEC);
	unlink(MIRROR);
	CHECK(fd >= 0);
	return fd;
}

/* A pipe holds a reference on each of the first @pages, which therefore can't move. */
static void pin(unsigned char *at, unsigned long pages)
{
	int ends[2];

	CHECK(!pipe(ends));
	for (unsigned long i = 0; i < pages; i++) {
		struct iovec one = { at + i * PAGE, PAGE };

		CHECK(vmsplice(ends[1], &one, 1, 0) == (long)PAGE);
	}
}

static void drive_mirror(struct account *account, unsigned char *at, unsigned long pages)
{
	static int fd = -1;
	static unsigned char *copy;
	struct mirror_request request = { .addr = (uintptr_t)at, .pages = pages };

	if (fd < 0) {
		fd = open_mirror();
		copy = map_pages(pages);
		memset(copy, 1, pages * PAGE);
	}
	request.copy = (uintptr_t)copy;
	/* Pages that stay make it an error on some kernels: what moved is in the page tables. */
	(void)!ioctl(fd, MIRROR_TO_DEVICE, &request);
	account->calls++;
	account->requested += pages;
	for (unsigned long i = 0; i < pages; i++)
		account->back += *(volatile unsigned char *)(at + i * PAGE) == 0;
}

static void drive_module(struct account *account, unsigned char *at, unsigned long pages)
{
	static int fd = -1;
	struct migbench_record there = { 0 }, back = { 0 };
	uint64_t khz;

	if (fd < 0)
		fd = open_device(0, pages);
	khz = info_of(fd).tick_khz;
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, (unsigned int)pages, &there));
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, pages, (unsigned int)pages, &back));
	account->calls++;
	account->requested += pages;
	account->moved += there.migrated;
	account->back += back.migrated;
	account->setup += there.phase[0] * 1000000 / khz;
	account->pages += there.phase[3] * 1000000 / khz;
	account->finalize += there.phase[4] * 1000000 / khz;
}

int main(int argc, char **argv)
{
	struct account account = { 0 };
	struct timespec start, end;
	unsigned long calls, pages;
	unsigned char *at;

	CHECK(argc >= 4);
	calls = strtoul(argv[2], NULL, 10);
	pages = strtoul(argv[3], NULL, 10);
	at = map_pages(pages);
	memset(at, 1, pages * PAGE);
	if (argc > 4)
		pin(at, strtoul(argv[4], NULL, 10));
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned long i = 0; i < calls; i++) {
		if (!strcmp(argv[1], "hmm"))
			drive_mirror(&account, at, pages);
		else
			drive_module(&account, at, pages);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("{\"calls\":%lu,\"requested\":%lu,\"moved\":%lu,\"back\":%lu,\"setup\":%lu,\"pages\":%lu,"
	       "\"finalize\":%lu,\"ns\":%ld}\n",
	       account.calls, account.requested, account.moved, account.back, account.setup,
	       account.pages, account.finalize,
	       (end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec);
	return 0;
}
