// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: one touch brings back the aligned block around it, no page more, intact, and stops at its mapping's end. */
#include "free_memory.h"
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

/*
 * A block of a huge page on the device that is one no more: nothing of it is lost, nor stays locked. @unnamed, the
 * driver does not say which page the fault has locked: of a folio that is split it must, or waits for that lock for ever.
 */
static void torn_block(unsigned int around, unsigned long page, bool unnamed)
{
	static const char parameter[] = "/sys/module/migbench/parameters/no_fault_page";
	unsigned long huge = huge_pages(), i;
	/* The first touch splits it, and brings its head alone; of another page, the next touch brings the block. */
	unsigned long block = page ? around : 1;
	unsigned char *at;
	int fd;

	if (!huge || huge > PAGES || !kernel_since(6, 19) || !huge_pages_fit(1))
		return;
	at = map_pages(huge);
	fd = open_around(around);
	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE));
	fill(at, huge, 2);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, records));
	CHECK(away(at, huge) == huge && mapped_huge(fd, at, huge));
	CHECK(!munmap(at + huge / 2 * PAGE, huge / 2 * PAGE));
	CHECK(put(parameter, unnamed ? "1" : "0"));
	CHECK(*(volatile unsigned char *)(at + page * PAGE) == byte_at(page * PAGE, 2));
	CHECK(put(parameter, "0"));
	for (i = 0; i < huge / 2; i++)
		CHECK(!!(pagemap(at + i * PAGE) & PAGEMAP_PRESENT) == (i / block == page / block));
	CHECK(!wrong_bytes(at, huge / 2, 2));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge / 2, huge / 2, records));
	CHECK(records[0].migrated == huge / 2);
	CHECK(!munmap(at, huge / 2 * PAGE));
	CHECK(info_of(fd).free_pages == PAGES);
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
	torn_block(64, 7, false);
	torn_block(64, 0, false);
	torn_block(512, 7, false);
	torn_block(1, 0, true);
	puts("fault_around: exactly the block");
	return 0;
}
