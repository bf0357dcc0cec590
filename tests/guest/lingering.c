// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a device page that a pipe holds outlives its file, keeps the module, and goes by itself; what a file holds outlives its process. */
#include <sys/uio.h>
#include <sys/wait.h>

#include "guest.h"

/* Users of the module besides us, as lsmod has them. */
static long users(void)
{
	FILE *in = fopen("/sys/module/migbench/refcnt", "r");
	long count = -1;

	CHECK(in && fscanf(in, "%ld", &count) == 1);
	fclose(in);
	return count;
}

/* A hold is the file's: who took it may end, and anybody who has the file can let go. */
static void outlives_its_process(int fd)
{
	struct migbench_hold hold = { .size = sizeof(hold),
				      .op = MIGBENCH_HOLD_REFERENCE,
				      .pages = 8 };
	unsigned long all = info_of(fd).free_pages;
	struct migbench_record record;
	pid_t pid = fork();

	if (!pid) {
		unsigned char *at = map_pages(16);

		fill(at, 16, 3);
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 16, 16, &record));
		CHECK(record.migrated == 16);
		hold.addr = (unsigned long)at;
		CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &hold));
		_exit(0);
	}
	CHECK(pid > 0 && waitpid(pid, &(int){ 0 }, 0) == pid);
	CHECK(info_of(fd).free_pages == all - hold.pages);
	hold = (struct migbench_hold){ .size = sizeof(hold), .op = MIGBENCH_HOLD_RELEASE };
	CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &hold));
	CHECK(info_of(fd).free_pages == all);
}

int main(void)
{
	struct migbench_device request = {
		.size = sizeof(request), .kind = MIGBENCH_COHERENT, .node = 1, .pages = 64
	};
	struct migbench_record record;
	unsigned char *at = map_pages(64), read_back[PAGE];
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC), ends[2];
	struct iovec page = { at + 5 * PAGE, PAGE };

	CHECK(fd >= 0);
	if (!kernel_since(6, 0)) {
		puts("skipped: device-coherent memory came with 6.0");
		return 77;
	}
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	outlives_its_process(fd);
	fill(at, 64, 8);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 64, 64, &record));
	CHECK(record.migrated == 64);
	/* The pipe takes a reference on the page itself. */
	CHECK(!pipe(ends));
	CHECK(vmsplice(ends[1], &page, 1, 0) == (ssize_t)PAGE);
	close(fd);
	CHECK(!wrong_bytes(at, 64, 8));
	CHECK(system("rmmod migbench 2>/dev/null") != 0);

	CHECK(read(ends[0], read_back, PAGE) == (ssize_t)PAGE);
	CHECK(!memcmp(read_back, at + 5 * PAGE, PAGE));
	close(ends[0]);
	close(ends[1]);
	/* Nobody opens it: within a second or two it is tried again, and the frames are free. */
	for (int i = 0; i < 100 && users(); i++)
		usleep(100000);
	CHECK(users() == 0);
	fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	request.pages = coherent_pages();
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	CHECK(info_of(fd).free_pages == request.pages);
	CHECK(!wrong_bytes(at, 64, 8));
	close(fd);
	puts("lingering: gone when it could go");
	return 0;
}
