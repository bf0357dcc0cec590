// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: A/D bits are kept through system and coherent memory, lost through private; the switch is restored. */
#include <signal.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"

#define PAGES 1024UL

static struct migbench_record record;

static int open_kind(unsigned int kind)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = kind,
					   .node = 1,
					   .pages = kind == MIGBENCH_SYSTEM ? 0 : PAGES };
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

static struct migbench_retention retention(int fd, unsigned int op)
{
	struct migbench_retention request = { .size = sizeof(request), .op = op };

	CHECK(!ioctl(fd, MIGBENCH_IOC_RETENTION, &request));
	return request;
}

static void travel(int fd, unsigned int direction, unsigned int flags, unsigned char *at)
{
	struct migbench_migrate request = { .size = sizeof(request),
					    .flags = flags,
					    .direction = direction,
					    .batch = PAGES,
					    .addr = (uintptr_t)at,
					    .pages = PAGES,
					    .records = (uintptr_t)&record };

	CHECK(!ioctl(fd, MIGBENCH_IOC_MIGRATE, &request));
	CHECK(record.migrated == (flags & MIGBENCH_ABORT ? 0 : PAGES));
}

#define YOUNG MIGBENCH_PTE_YOUNG
#define DIRTY MIGBENCH_PTE_DIRTY

static void written(int fd, unsigned char *at)
{
	memset(at, 1, PAGES * PAGE);
	CHECK(having(fd, at, PAGES, MIGBENCH_PTE_PRESENT | MIGBENCH_PTE_WRITE | YOUNG | DIRTY) ==
	      PAGES);
	CHECK(having(fd, at, PAGES, MIGBENCH_PTE_EXCLUSIVE) == (kernel_since(5, 19) ? PAGES : 0));
	CHECK(having(fd, at, PAGES, MIGBENCH_PTE_HUGE) == 0 &&
	      having(fd, at, PAGES, MIGBENCH_PTE_DEVICE) == 0);
}

static void kept_or_lost(unsigned int kind, unsigned long expected)
{
	int fd = open_kind(kind);
	unsigned char *at = map_pages(PAGES);

	written(fd, at);
	travel(fd, MIGBENCH_TO_DEVICE, 0, at);
	if (kind == MIGBENCH_PRIVATE)
		CHECK(having(fd, at, PAGES, MIGBENCH_PTE_DEVICE) == PAGES &&
		      having(fd, at, PAGES, MIGBENCH_PTE_PRESENT) == 0);
	else
		CHECK(having(fd, at, PAGES, YOUNG) == expected &&
		      having(fd, at, PAGES, DIRTY) == expected);
	if (kind == MIGBENCH_COHERENT)
		CHECK(having(fd, at, PAGES, MIGBENCH_PTE_DEVICE) == PAGES);
	travel(fd, MIGBENCH_TO_SYSTEM, 0, at);
	CHECK(having(fd, at, PAGES, YOUNG) == expected && having(fd, at, PAGES, DIRTY) == expected);
	/* Whatever the PTEs say, that the content was written is never forgotten (since 6.0). */
	CHECK(having(fd, at, PAGES, MIGBENCH_PAGE_DIRTY) == (kernel_since(6, 0) ? PAGES : 0));
	written(fd, at);
	travel(fd, MIGBENCH_TO_DEVICE, MIGBENCH_ABORT, at);
	CHECK(having(fd, at, PAGES, MIGBENCH_PTE_PRESENT) == PAGES);
	if (kind != MIGBENCH_PRIVATE)
		CHECK(having(fd, at, PAGES, YOUNG) == expected &&
		      having(fd, at, PAGES, DIRTY) == expected);
	munmap(at, PAGES * PAGE);
	close(fd);
}

/* There and back the pages have what they had of each bit, which is @young and @dirty, or nothing where it is lost. */
static void stay(int fd, unsigned char *at, bool keep, bool young, bool dirty)
{
	static const unsigned int ways[] = { MIGBENCH_TO_DEVICE, MIGBENCH_TO_SYSTEM };

	CHECK(having(fd, at, PAGES, YOUNG) == young * PAGES);
	CHECK(having(fd, at, PAGES, DIRTY) == dirty * PAGES);
	for (unsigned int i = 0; i < 2; i++) {
		travel(fd, ways[i], 0, at);
		CHECK(having(fd, at, PAGES, YOUNG) == (keep && young) * PAGES);
		CHECK(having(fd, at, PAGES, DIRTY) == (keep && dirty) * PAGES);
	}
}

/* Each bit by itself: dirty without young, and young without dirty. */
static void each_bit(bool keep)
{
	int fd = open_kind(MIGBENCH_SYSTEM);
	unsigned char *at = map_pages(PAGES);
	unsigned long sum = 0;

	written(fd, at);
	CHECK(put("/proc/self/clear_refs", "1"));
	stay(fd, at, keep, false, true);
	written(fd, at);
	CHECK(!madvise(at, PAGES * PAGE, MADV_FREE));
	for (unsigned long i = 0; i < PAGES; i++)
		sum += ((volatile unsigned char *)at)[i * PAGE];
	CHECK(sum == PAGES);
	stay(fd, at, keep, true, false);
	munmap(at, PAGES * PAGE);
	close(fd);
}

static void hold_off_and_die(void)
{
	pid_t child = fork();
	int status;

	CHECK(child >= 0);
	if (!child) {
		CHECK(!retention(open_kind(MIGBENCH_SYSTEM), MIGBENCH_RETENTION_OFF).now);
		kill(getpid(), SIGKILL);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
}

int main(void)
{
	int fd = open_device(0, 0), other = open_device(0, 0);
	struct migbench_retention answer = retention(fd, MIGBENCH_RETENTION_ASK);
	struct migbench_retention off = { .size = sizeof(off), .op = MIGBENCH_RETENTION_OFF };

	/* A call gives back to the lists what its own CPU holds of the pages, and no other's. */
	bind_to_cpu(0);
	if (!kernel_since(6, 1)) {
		/* Nothing is kept, and there is nothing to switch. */
		CHECK(!answer.supported && !answer.now);
		CHECK(ioctl(fd, MIGBENCH_IOC_RETENTION, &off) == -1 && errno == EOPNOTSUPP);
		kept_or_lost(MIGBENCH_SYSTEM, 0);
		kept_or_lost(MIGBENCH_PRIVATE, 0);
		each_bit(false);
		puts("ad_bits: lost, as this kernel does");
		return 0;
	}
	CHECK(answer.supported && answer.now);
	kept_or_lost(MIGBENCH_SYSTEM, PAGES);
	kept_or_lost(MIGBENCH_COHERENT, PAGES);
	if (has_kind(fd, MIGBENCH_PRIVATE))
		kept_or_lost(MIGBENCH_PRIVATE, 0);
	each_bit(true);

	CHECK(!retention(fd, MIGBENCH_RETENTION_OFF).now);
	kept_or_lost(MIGBENCH_SYSTEM, 0);
	kept_or_lost(MIGBENCH_COHERENT, 0);
	each_bit(false);
	/* Two hold it off: the first to let go does not switch it on. */
	CHECK(!retention(other, MIGBENCH_RETENTION_OFF).now);
	CHECK(!retention(fd, MIGBENCH_RETENTION_RESTORE).now);
	close(other);
	CHECK(retention(fd, MIGBENCH_RETENTION_ASK).now);
	hold_off_and_die();
	CHECK(retention(fd, MIGBENCH_RETENTION_ASK).now);
	kept_or_lost(MIGBENCH_SYSTEM, PAGES);
	puts("ad_bits: kept and lost as they should be");
	return 0;
}
