// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: kill -9 in mid-migration, ten times over, leaves a module that can be unloaded. */
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

#define MIB 16UL
#define PAGES ((MIB << 20) / PAGE)

static struct migbench_record records[(MIB << 20) / 4096]; /* no base page is smaller */

/* Free memory of node 1, where the device pages' content lives, in KiB. */
static unsigned long free_on_node_1(void)
{
	FILE *in = fopen("/sys/devices/system/node/node1/meminfo", "r");
	unsigned long kib = 0;
	char line[128];

	CHECK(in);
	while (fgets(line, sizeof(line), in))
		sscanf(line, "Node 1 MemFree: %lu", &kib);
	fclose(in);
	CHECK(kib);
	return kib;
}

/* Says so after the first journey there and back, then goes on for ever. */
static void shuttle(unsigned int batch, int say)
{
	bool said = false;
	int fd = open_device(1, PAGES);
	unsigned char *at = map_pages(PAGES);

	memset(at, 1, PAGES * PAGE);
	for (;;) {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, batch, records));
		for (unsigned long i = 0; i < PAGES / 8; i++)
			((volatile unsigned char *)at)[i * PAGE]++;
		CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, batch, records));
		if (!said)
			CHECK(write(say, "r", 1) == 1);
		said = true;
	}
}

int main(void)
{
	unsigned long before = free_on_node_1();

	for (unsigned int time = 0; time < 10; time++) {
		struct timespec delay = { .tv_nsec = 7000000L + 3700000L * time };
		int status, say[2];
		pid_t child;
		char c;

		CHECK(!pipe(say));
		child = fork();

		CHECK(child >= 0);
		if (!child)
			shuttle(time % 2 ? 64 : (unsigned int)PAGES, say[1]);
		CHECK(read(say[0], &c, 1) == 1);
		close(say[0]);
		close(say[1]);
		nanosleep(&delay, NULL);
		CHECK(!kill(child, SIGKILL));
		CHECK(waitpid(child, &status, 0) == child);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	/* Nothing stayed behind: of ten leaks of 16 MiB, five would show. */
	CHECK(free_on_node_1() + 5 * MIB * 1024 > before);
	puts("killed: ten times");
	return 0;
}
