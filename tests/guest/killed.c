// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: kill -9 in mid-migration, ten times over, leaves a module that can be unloaded. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

#define PAGES 4096UL

static struct migbench_record records[PAGES];

static void shuttle(unsigned int batch)
{
	int fd = open_device(1, PAGES);
	unsigned char *at = map_pages(PAGES);

	memset(at, 1, PAGES * PAGE);
	for (;;) {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, batch, records));
		for (unsigned long i = 0; i < PAGES / 8; i++)
			((volatile unsigned char *)at)[i * PAGE]++;
		CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, batch, records));
	}
}

int main(void)
{
	for (unsigned int time = 0; time < 10; time++) {
		struct timespec delay = { .tv_nsec = 150000000 + 37000000L * time };
		pid_t child = fork();
		int status;

		CHECK(child >= 0);
		if (!child)
			shuttle(time % 2 ? 64 : PAGES);
		nanosleep(&delay, NULL);
		CHECK(!kill(child, SIGKILL));
		CHECK(waitpid(child, &status, 0) == child);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	/* All of it came back: there is room for as much again. */
	CHECK(info_of(open_device(1, PAGES)).free_pages == PAGES);
	puts("killed: ten times");
	return 0;
}
