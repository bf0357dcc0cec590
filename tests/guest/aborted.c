// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a journey of which nothing, or every second page, arrives leaves all content in place, and the next one works. */
#include "guest.h"

#define PAGES 600UL

static struct migbench_record records[PAGES];
static unsigned char *at;

static int travel(int fd, unsigned int direction, unsigned int flags, unsigned int batch)
{
	struct migbench_migrate request = { .size = sizeof(request),
					    .direction = direction,
					    .flags = flags,
					    .batch = batch,
					    .addr = (uintptr_t)at,
					    .pages = PAGES,
					    .records = (uintptr_t)records };

	return ioctl(fd, MIGBENCH_IOC_MIGRATE, &request);
}

static unsigned long moved(unsigned int batch)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < (PAGES + batch - 1) / batch; i++)
		sum += records[i].migrated;
	return sum;
}

/* @flags at one of the two journeys; then both again, without. */
static void fail_on_the_way(int fd, unsigned int direction, unsigned int flags, unsigned int batch)
{
	unsigned int seed = 1 + direction + flags + batch;
	unsigned long got;

	fill(at, PAGES, seed);
	if (direction == MIGBENCH_TO_SYSTEM)
		CHECK(!travel(fd, MIGBENCH_TO_DEVICE, 0, batch));
	CHECK(!travel(fd, direction, flags, batch));
	got = moved(batch);
	CHECK(flags & MIGBENCH_ABORT ? got == 0 : got > 0 && got <= PAGES);
	if (flags & MIGBENCH_HALF && batch > 1)
		CHECK(got < PAGES);
	/* What is on the device is read there by its owner; the rest must be where it was. */
	CHECK(info_of(fd).free_pages + away(at, PAGES) == info_of(fd).pages);
	CHECK(!wrong_bytes(at, PAGES, seed));
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	CHECK(!travel(fd, MIGBENCH_TO_DEVICE, 0, batch));
	CHECK(moved(batch) == PAGES && away(at, PAGES) == PAGES);
	CHECK(!travel(fd, MIGBENCH_TO_SYSTEM, 0, batch));
	CHECK(moved(batch) == PAGES && !away(at, PAGES));
	CHECK(!wrong_bytes(at, PAGES, seed));
}

int main(void)
{
	static const unsigned int batches[] = { 1, 7, 512 },
				  failures[] = { MIGBENCH_ABORT, MIGBENCH_HALF };
	static const unsigned int more[] = { 0, MIGBENCH_FIRST, MIGBENCH_COPY_BULK };
	int fd = open_device(1, PAGES);
	unsigned int ways = 0;

	at = map_pages(PAGES);
	for (unsigned int i = 0; i < 18; i++)
		for (unsigned int direction = 0; direction < 2; direction++, ways++)
			fail_on_the_way(fd, direction, failures[i % 2] | more[i / 2 % 3],
					batches[i / 6]);
	printf("aborted: %u ways, nothing lost\n", ways);
	return 0;
}
