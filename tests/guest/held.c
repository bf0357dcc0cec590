// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: pinned pages stay with their entries untouched (from 5.19 on); those with a reference too many stay, but went through setup. */
#include "guest.h"

#define PAGES 64UL

static struct migbench_record record;
static uint8_t before[PAGES], after[PAGES];

static void states(int fd, const unsigned char *at, uint8_t *bits)
{
	struct migbench_query request = { .size = sizeof(request),
					  .addr = (uintptr_t)at,
					  .pages = PAGES,
					  .states = (uintptr_t)bits };

	CHECK(!ioctl(fd, MIGBENCH_IOC_QUERY, &request));
}

static void hold(int fd, unsigned int op, const unsigned char *at)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = at ? PAGES : 0
	};

	CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &request));
}

/* Pages that this process is said to have pinned; -1 where the kernel does not say. */
static long pinned_pages(void)
{
	FILE *in = fopen("/proc/self/status", "r");
	long kib = -1;
	char line[128];

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "VmPin: %ld", &kib) == 1)
			break;
	if (in)
		fclose(in);
	return kib < 0 ? -1 : kib * 1024 / (long)PAGE;
}

/* Nothing moves while they are held, all does afterwards, and the content is what it was. */
static long try_held(int fd, unsigned int op, unsigned int seed)
{
	unsigned char *at = map_pages(PAGES);
	long flushes;

	fill(at, PAGES, seed);
	hold(fd, op, at);
	CHECK(pinned_pages() == (op == MIGBENCH_HOLD_REFERENCE ? 0 : (long)PAGES));
	states(fd, at, before);
	flushes = flushes_of(fd, at, PAGES, &record);
	states(fd, at, after);
	CHECK(record.requested == PAGES && record.migrated == 0);
	CHECK(record.collected == 0);
	CHECK(present(at, PAGES) == PAGES && !away(at, PAGES));
	hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
	CHECK(!pinned_pages());
	CHECK(!wrong_bytes(at, PAGES, seed));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, PAGES, &record));
	CHECK(!wrong_bytes(at, PAGES, seed));
	munmap(at, PAGES * PAGE);
	return flushes;
}

int main(void)
{
	int fd = open_device(1, PAGES);
	bool early = kernel_since(5, 19);
	long flushes;

	bind_to_cpu(0);
	flushes = try_held(fd, MIGBENCH_HOLD_PIN, 1);
	printf("pinned: %ld flushes, state %#x, was %#x\n", flushes, after[0], before[0]);
	if (early)
		CHECK(!memcmp(before, after, PAGES));
	flushes = try_held(fd, MIGBENCH_HOLD_REFERENCE, 2);
	printf("referenced: %ld flushes, state %#x, was %#x\n", flushes, after[0], before[0]);
	/* Their entries were cleared, each with a flush, and put back. */
	CHECK(flushes < 0 || flushes == (early ? (long)PAGES : 0) + 1);
	for (unsigned long i = 0; early && i < PAGES; i++)
		CHECK(after[i] & MIGBENCH_PAGE_DIRTY && !(before[i] & MIGBENCH_PAGE_DIRTY));
	puts("held: nothing moved, nothing was lost");
	return 0;
}
