// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: where no huge page can be had a huge page moves whole or stays, and a fault on one ends. */
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>

#include "guest.h"

#define GROUP 4UL /* pages that go together: holes between them are no huge page */
#define RESERVE ((32UL << 20) / PAGE) /* of a node: what no process takes, against the OOM killer */
#define FILLERS 40
#define MPOL_BIND 2

static unsigned int huge; /* base pages of a huge page */
static struct migbench_record record;
static sigjmp_buf out;

static void bind(void *at, unsigned long pages, unsigned int node)
{
	unsigned long mask = 1UL << node;

	CHECK(!syscall(SYS_mbind, at, pages * PAGE, MPOL_BIND, &mask, 64, 0));
}

/* Where the kernel has it. */
static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	CHECK(write(fd, value, strlen(value)) == (ssize_t)strlen(value));
	close(fd);
}

static unsigned char *map_huge(unsigned int node)
{
	unsigned char *at = map_pages(huge);

	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE));
	bind(at, huge, node);
	return at;
}

/* What one node has, locked: nothing can be moved to make room. */
struct hog {
	unsigned char *at;
	unsigned long pages,
		given; /* pages from the start, of which the groups before @given have holes */
};

static void take(struct hog *hog, unsigned int node)
{
	unsigned long most = free_pages_of(node);

	*hog = (struct hog){ .at = map_pages(most) };
	bind(hog->at, most, node);
	CHECK(!mlock2(hog->at, most * PAGE, MLOCK_ONFAULT));
	while (hog->pages + 256 <= most && free_pages_of(node) > RESERVE) {
		memset(hog->at + hog->pages * PAGE, 1, 256 * PAGE);
		hog->pages += 256;
	}
}

/* The rest of a node as device memory, which fails where a process would be killed; returns how many. */
static unsigned int fill_up(unsigned int node, int fds[FILLERS])
{
	struct migbench_device request = { .size = sizeof(request), .node = node, .pages = 128 };
	unsigned int count = 0;

	while (count < FILLERS) {
		fds[count] = open_device(0, 0);
		if (ioctl(fds[count++], MIGBENCH_IOC_DEVICE, &request))
			break;
	}
	return count;
}

/* Every second group, until @pages are free or all holes are made. */
static void give(struct hog *hog, unsigned long pages)
{
	for (; pages && hog->given < hog->pages; hog->given += 2 * GROUP, pages -= GROUP)
		CHECK(!munmap(hog->at + hog->given * PAGE, GROUP * PAGE));
}

static void on_signal(int number)
{
	siglongjmp(out, number);
}

/* A page that is whole goes whole; how it is after is for the kernel to choose. */
static void to_a_full_node(struct hog *hog)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_SYSTEM,
					   .node = 1 };
	unsigned char *at = map_huge(0);
	int fd = open_device(0, 0), fillers[FILLERS];
	unsigned int tries = 0, count;

	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	fill(at, huge, 1);
	take(hog, 1);
	count = fill_up(1, fillers);
	do {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record));
		CHECK(record.requested == huge && record.migrated <= huge);
		if (kernel_since(6, 19))
			CHECK(record.migrated == 0 || record.migrated == huge);
		give(hog, 64);
	} while (record.migrated < huge && ++tries < 400);
	while (count--)
		close(fillers[count]);
	printf("all of it moved after %u holes of 64 pages\n", tries);
	CHECK(record.migrated == huge);
	/* The node was full. */
	CHECK(tries > 0);
	CHECK(!wrong_bytes(at, huge, 1));
	munmap(at, huge * PAGE);
	close(fd);
}

/* A huge page on the device, touched where there are pages enough, and none of them huge. */
static void touch(int fd, unsigned char *at)
{
	volatile unsigned char *volatile byte = at + 7 * PAGE;
	int number = sigsetjmp(out, 1);

	if (!number) {
		alarm(200);
		(void)*byte;
	}
	alarm(0);
	printf("a touch ended by signal %d, present %lu\n", number, present(at, huge));
	CHECK(number == 0 || number == SIGBUS);
	if (number)
		CHECK(info_of(fd).free_pages == info_of(fd).pages - huge);
}

int main(void)
{
	int fillers[FILLERS], fd;
	unsigned char *at;
	unsigned int count;
	struct hog hogs[2];

	huge = huge_or_skip(2);
	fd = open_device(0, huge);
	at = map_huge(0);

	/* Nothing is moved to make room. */
	set("/proc/sys/vm/compact_unevictable_allowed", "0");
	signal(SIGALRM, on_signal);
	signal(SIGBUS, on_signal);
	fill(at, huge, 2);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record));
	CHECK(record.migrated == huge);
	to_a_full_node(&hogs[1]);
	take(&hogs[0], 0);
	give(&hogs[0], hogs[0].pages / 2);
	give(&hogs[1], hogs[1].pages / 2);
	count = fill_up(0, fillers);
	touch(fd, at);
	/* With room again nothing is lost. */
	while (count--)
		close(fillers[count]);
	for (int i = 0; i < 2; i++)
		munmap(hogs[i].at, hogs[i].pages * PAGE);
	CHECK(!wrong_bytes(at, huge, 2));
	munmap(at, huge * PAGE);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	return 0;
}
