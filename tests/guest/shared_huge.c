// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a huge page that a fork shares goes whole or as the kernel splits it, or stays: both have its content. */
#include <sys/wait.h>

#include "guest.h"

static struct migbench_record record;

/* Room for a huge page, but none of its frames beside another. */
static int open_sparse(unsigned long pages)
{
	struct migbench_device request = { .size = sizeof(request), .node = 1, .spread = 2 };
	int fd = open_device(1, 0);

	if (!has_kind(fd, MIGBENCH_PRIVATE)) {
		puts("skipped: this kernel has no CONFIG_DEVICE_PRIVATE");
		exit(77);
	}
	request.pages = 2 * pages;
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

int main(void)
{
	unsigned long pages = huge_or_skip(2), shared;
	int fd = open_sparse(pages), ends[2], status;
	unsigned char *at, byte;
	pid_t pid;

	at = mmap(NULL, 2 * pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		  0);
	CHECK(at != MAP_FAILED && !pipe(ends));
	at = (unsigned char *)(((uintptr_t)at + pages * PAGE - 1) & ~(pages * PAGE - 1));
	CHECK(!madvise(at, pages * PAGE, MADV_HUGEPAGE));
	fill(at, pages, 1);
	CHECK(mapped_huge(fd, at, pages));
	pid = fork();
	if (!pid) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0 || wrong_bytes(at, pages, 1));
	}
	CHECK(pid > 0 && !close(ends[0]));

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, (unsigned int)pages, &record));
	shared = record.migrated;
	CHECK(shared == 0 || shared == pages);
	CHECK(!wrong_bytes(at, pages, 1));
	CHECK(!close(ends[1]));
	CHECK(waitpid(pid, &status, 0) == pid && !status);

	/* Its own again, with the first write to it. */
	fill(at, pages, 2);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, (unsigned int)pages, &record));
	CHECK(record.migrated == pages);
	CHECK(!wrong_bytes(at, pages, 2));
	CHECK(!munmap(at, pages * PAGE));
	CHECK(info_of(fd).free_pages == pages);
	printf("shared_huge: %lu of %lu pages moved while they were shared, and all later\n",
	       shared, pages);
	return 0;
}
