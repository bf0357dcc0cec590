// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: one touch brings back the aligned block around it, no page more, intact, and stops at its mapping's end. */
#include "guest.h"

#define PAGES 1024UL

static struct migbench_record records[PAGES];

static int open_around(unsigned int around)
{
	struct migbench_device request = {
		.size = sizeof(request), .node = 1, .pages = PAGES, .around = (uint16_t)around
	};
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

static unsigned int faults_of(int fd)
{
	struct migbench_faults request = { .size = sizeof(request),
					   .count = PAGES,
					   .records = (uintptr_t)records };

	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
	CHECK(!request.lost);
	return request.count;
}

/* The bits of @at…, where @block pages from @first on are there, and all others on the device. */
static void only_there(const unsigned char *at, unsigned long first, unsigned long block)
{
	for (unsigned long i = 0; i < PAGES; i++)
		CHECK(!!(pagemap(at + i * PAGE) & PAGEMAP_PRESENT) ==
		      (i >= first && i < first + block));
	CHECK(away(at, PAGES) == PAGES - block);
}

static void touched_at(unsigned int around, unsigned long page, bool write)
{
	unsigned char *at = map_pages(PAGES);
	volatile unsigned char *byte = at + page * PAGE + 5;
	int fd = open_around(around);

	fill(at, PAGES, around);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, records));
	CHECK(away(at, PAGES) == PAGES);
	CHECK(*byte == byte_at(page * PAGE + 5, around));
	if (write)
		*byte = byte_at(page * PAGE + 5, around);
	only_there(at, page / around * around, around);
	CHECK(faults_of(fd) == 1);
	CHECK(records[0].requested == around && records[0].migrated == around);
	/* All others come by blocks, too. */
	CHECK(!wrong_bytes(at, PAGES, around));
	CHECK(faults_of(fd) == PAGES / around - 1);
	munmap(at, PAGES * PAGE);
	close(fd);
}

/* A block that reaches beyond its mapping on both sides, with a page in it that was never there. */
static void cut_block(void)
{
	unsigned char *room = map_pages(PAGES), *at = room + 10 * PAGE;
	int fd = open_around(64);

	CHECK(!munmap(room, 10 * PAGE));
	CHECK(!munmap(room + 40 * PAGE, 24 * PAGE));
	fill(at, 30, 1);
	CHECK(!madvise(at + 7 * PAGE, PAGE, MADV_DONTNEED));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 7, 7, records));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at + 8 * PAGE, 22, 22, records));
	CHECK(*(volatile unsigned char *)(at + 20 * PAGE) == byte_at(20 * PAGE, 1));
	CHECK(present(at, 30) == 29 && !pagemap(at + 7 * PAGE));
	CHECK(faults_of(fd) == 1);
	CHECK(records[0].requested == 30 && records[0].migrated == 29);
	CHECK(!wrong_bytes(at, 7, 1));
	CHECK(info_of(fd).free_pages == PAGES);
	munmap(room + 64 * PAGE, (PAGES - 64) * PAGE);
	munmap(at, 30 * PAGE);
	close(fd);
}

int main(void)
{
	close(open_device(1, 1));
	for (unsigned int around = 1; around <= MIGBENCH_AROUND_MAX; around *= 8) {
		touched_at(around, 0, false);
		touched_at(around, around + around / 2, true);
		touched_at(around, PAGES - 1, true);
	}
	cut_block();
	puts("fault_around: exactly the block");
	return 0;
}
