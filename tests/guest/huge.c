// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: huge pages travel whole where the kernel can (6.19), else split; nothing is lost. */
#include <sys/wait.h>

#include "guest.h"

/* Base pages of a huge page, and all that are looked at. */
static unsigned int huge, all;
static struct migbench_record *records;
static bool whole; /* this kernel takes huge pages to private memory as they are */

static unsigned char *map_huge(unsigned long pages)
{
	unsigned char *at = map_pages(pages);

	CHECK(!madvise(at, pages * PAGE, MADV_HUGEPAGE));
	return at;
}

static void moved(unsigned long batches, unsigned long each)
{
	for (unsigned long i = 0; i < batches; i++)
		CHECK(records[i].requested == each && records[i].collected == each &&
		      records[i].migrated == each);
}

static void is_away(int fd, unsigned char *at, unsigned long pages)
{
	CHECK(having(fd, at, pages, MIGBENCH_PTE_DEVICE) == pages);
	CHECK(having(fd, at, pages, MIGBENCH_PTE_HUGE) == (whole ? pages : 0));
}

static void there_and_back(int fd, unsigned int batch)
{
	unsigned char *at = map_huge(all);

	fill(at, all, batch);
	CHECK(having(fd, at, all, MIGBENCH_PTE_PRESENT | MIGBENCH_PTE_HUGE) == all);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, all, batch, records));
	moved(all / batch, batch);
	is_away(fd, at, all);
	CHECK(info_of(fd).free_pages == info_of(fd).pages - all);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, all, batch, records));
	moved(all / batch, batch);
	CHECK(having(fd, at, all, MIGBENCH_PTE_PRESENT) == all);
	CHECK(having(fd, at, all, MIGBENCH_PTE_HUGE) == (whole ? all : 0));
	CHECK(!wrong_bytes(at, all, batch));
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	munmap(at, all * PAGE);
}

static unsigned int take_faults(int fd)
{
	struct migbench_faults request = { .size = sizeof(request),
					   .records = (uintptr_t)records,
					   .count = all };

	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
	return request.count;
}

/* One touch brings a whole huge page back, and nothing of its neighbour. */
static void touched(int fd)
{
	unsigned char *at = map_huge(2 * huge);

	fill(at, 2 * huge, 3);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 2 * huge, 2 * huge, records));
	moved(1, 2 * huge);
	take_faults(fd);
	at[7 * PAGE + 1] = byte_at(7 * PAGE + 1, 3);
	CHECK(take_faults(fd) == 1);
	moved(1, whole ? huge : 1);
	CHECK(present(at, 2 * huge) == (whole ? huge : 1));
	CHECK(!wrong_bytes(at, 2 * huge, 3));
	munmap(at, 2 * huge * PAGE);
}

/* Half of a huge page on the device is unmapped, a child changes what it inherited. */
static void torn(int fd)
{
	unsigned char *at = map_huge(2 * huge);
	int status;
	pid_t child;

	fill(at, 2 * huge, 4);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 2 * huge, 2 * huge, records));
	moved(1, 2 * huge);
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		memset(at, 0, huge * PAGE);
		exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(!munmap(at + huge / 2 * PAGE, huge / 2 * PAGE));
	CHECK(!wrong_bytes(at, huge / 2, 4));
	for (unsigned long i = huge * PAGE; i < 2 * huge * PAGE; i++)
		CHECK(at[i] == byte_at(i, 4));
	munmap(at, 2 * huge * PAGE);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
}

/* Base pages take the room of huge ones, and give it back. */
static void mixed(int fd)
{
	unsigned char *at = map_pages(all);

	fill(at, all, 5);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, all, 100, records));
	CHECK(info_of(fd).free_pages == info_of(fd).pages - all);
	CHECK(!wrong_bytes(at, all, 5));
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	munmap(at, all * PAGE);
	there_and_back(fd, huge);
}

/* Holes where huge pages are wanted; and no room for all. */
static void holes(void)
{
	int fd = open_device(1, huge + 88);
	unsigned char *at = map_huge(2 * huge);

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 2 * huge, 2 * huge, records));
	CHECK(records[0].requested == 2 * huge && records[0].collected == 2 * huge);
	CHECK(records[0].migrated == (whole ? huge : huge + 88));
	CHECK(having(fd, at, huge, MIGBENCH_PTE_DEVICE) == huge);
	for (unsigned long i = 0; i < 2 * huge * PAGE; i += 512)
		CHECK(at[i] == 0);
	munmap(at, 2 * huge * PAGE);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	close(fd);
}

static void evicted(int fd)
{
	struct migbench_evict request = {
		.size = sizeof(request), .pages = all, .records = (uintptr_t)records, .batch = huge
	};
	unsigned char *at = map_huge(all);
	unsigned long count = 0;

	fill(at, all, 6);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, all, all, records));
	moved(1, all);
	CHECK(!ioctl(fd, MIGBENCH_IOC_EVICT, &request));
	for (unsigned int i = 0; i < request.done; i++) {
		CHECK(records[i].requested == records[i].migrated);
		count += records[i].migrated;
	}
	CHECK(count == all);
	CHECK(having(fd, at, all, MIGBENCH_PTE_PRESENT) == all);
	CHECK(!wrong_bytes(at, all, 6));
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	munmap(at, all * PAGE);
}

/* From node to node: ordinary memory, and an aborted journey. */
static void system_memory(void)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_SYSTEM,
					   .node = 1 };
	int fd = open_device(0, 0);
	unsigned char *at = map_huge(all);
	struct migbench_migrate abort = { .size = sizeof(abort),
					  .flags = MIGBENCH_ABORT,
					  .batch = all,
					  .addr = (uintptr_t)at,
					  .pages = all,
					  .records = (uintptr_t)records };

	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	fill(at, all, 8);
	CHECK(!ioctl(fd, MIGBENCH_IOC_MIGRATE, &abort));
	CHECK(records[0].collected == all && records[0].migrated == 0);
	CHECK(having(fd, at, all, MIGBENCH_PTE_PRESENT) == all);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, all, all, records));
	moved(1, all);
	CHECK(having(fd, at, all, MIGBENCH_PTE_PRESENT) == all);
	CHECK(!wrong_bytes(at, all, 8));
	munmap(at, all * PAGE);
	close(fd);
}

int main(void)
{
	int fd;

	huge = huge_or_skip(4);
	all = 4 * huge;
	records = calloc(all, sizeof(*records));
	CHECK(records);
	fd = open_device(1, all + 100);
	bind_to_cpu(0);
	whole = kernel_since(6, 19);
	there_and_back(fd, all);
	there_and_back(fd, huge);
	touched(fd);
	torn(fd);
	mixed(fd);
	holes();
	if (kernel_since(6, 1))
		evicted(fd);
	system_memory();
	printf("huge: %s, and nothing lost\n", whole ? "whole" : "split");
	return 0;
}
