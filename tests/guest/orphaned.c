// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: closing the file while a child maps device pages brings them home, or leaves them reachable, intact. */
#include <sys/wait.h>

#include "guest.h"

#define PAGES 300UL

int main(void)
{
	struct migbench_record records[5];
	unsigned char *at = map_pages(PAGES);
	int go[2], closed[2], status, fd = open_device(1, PAGES);
	/* Before 6.1 no driver can take its memory back: a touch must. */
	unsigned long left = kernel_since(6, 1) ? 0 : PAGES;
	pid_t child;
	char c;

	fill(at, PAGES, 3);
	CHECK(!pipe(go) && !pipe(closed));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 64, records));
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		close(go[1]);
		close(fd);
		CHECK(write(closed[1], "c", 1) == 1);
		/* The parent has closed the device's last file when this returns. */
		CHECK(read(go[0], &c, 1) == 0);
		CHECK(away(at, PAGES) == left);
		CHECK(!wrong_bytes(at, PAGES, 3));
		exit(0);
	}
	/* The last file of the device memory is now this one. */
	CHECK(read(closed[0], &c, 1) == 1);
	CHECK(away(at, PAGES) == PAGES);
	close(fd);
	CHECK(away(at, PAGES) == left);
	if (left)
		CHECK(system("rmmod migbench 2>/dev/null") != 0);
	close(go[0]);
	close(go[1]);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(!wrong_bytes(at, PAGES, 3));
	/* The next device takes down what was left. */
	close(open_device(1, PAGES));
	puts("orphaned: all pages came home");
	return 0;
}
