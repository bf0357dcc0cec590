// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a device is closed where there is no memory for its pages: few tries, and all come home when there is. */
#include <signal.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"
#include "hog.h"

#define PAGES ((128UL << 20) / PAGE) /* twice what the hogs leave */
#define SEED 7
#define CANARIES 256
#define TRIES 3 /* of a close */
#define BATCH 512UL
#define RECORDS 64 /* with base pages of 4 KiB; there is none with more */
#define OFTEN 32 /* times that a page is looked for: one to fifteen have been seen */

/* Times that somebody went looking for memory to reclaim. */
static unsigned long stalls(void)
{
	static const char *const zones[] = { "dma ", "dma32 ", "normal ", "movable ", "device " };
	unsigned long sum = 0;

	for (unsigned int i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		char key[32];

		snprintf(key, sizeof(key), "allocstall_%s", zones[i]);
		sum += sum_of("/proc/vmstat", key);
	}
	return sum;
}

/* Who dies where the kernel itself needs memory meanwhile: many, for little. What each leaves is taken by an eviction. */
static void keep_canaries(pid_t canaries[CANARIES])
{
	const unsigned long pages = (64UL << 10) / PAGE;
	int ready[2];
	char c;

	CHECK(!pipe(ready));
	for (int i = 0; i < CANARIES; i++) {
		canaries[i] = fork();
		CHECK(canaries[i] >= 0);
		if (!canaries[i]) {
			CHECK(put("/proc/self/oom_score_adj", "1000"));
			memset(map_pages(pages), 1, pages * PAGE);
			CHECK(write(ready[1], "r", 1) == 1);
			for (;;)
				pause();
		}
		CHECK(read(ready[0], &c, 1) == 1);
	}
}

int main(void)
{
	static struct migbench_record records[RECORDS];
	unsigned char *at = map_pages(PAGES);
	int fd, go[2], closed[2], status;
	unsigned long before, looked, left;
	struct hog hogs[2];
	pid_t child, canaries[CANARIES];
	char c;

	if (!kernel_since(6, 1)) {
		puts("skipped: before 6.1 no driver can take its memory back");
		return 77;
	}
	if (PAGES < 2 * BATCH * OFTEN) {
		puts("skipped: of so few pages each could be looked for");
		return 77;
	}
	keep_canaries(canaries); /* without the file */
	fd = open_device(1, PAGES);
	if (free_pages_of(0) < PAGES + 2 * RESERVE || free_pages_of(1) < 2 * RESERVE) {
		puts("skipped: no room on both nodes");
		return 77;
	}
	fill(at, PAGES, SEED);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records));
	CHECK(!pipe(go) && !pipe(closed));
	/* What a fork shares is still there when its file is closed. */
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		close(fd);
		close(go[1]);
		CHECK(write(closed[1], "c", 1) == 1);
		CHECK(read(go[0], &c, 1) == 0);
		CHECK(!wrong_bytes(at, PAGES, SEED));
		_exit(0);
	}
	close(go[0]);
	/* The last file of the device is now this one. */
	CHECK(read(closed[0], &c, 1) == 1);
	take(&hogs[0], 0);
	take(&hogs[1], 1);
	before = stalls();
	close(fd);
	for (int i = 0; i < 2; i++)
		CHECK(!munmap(hogs[i].at, hogs[i].mapped * PAGE));
	looked = stalls() - before;
	left = away(at, PAGES);
	printf("%lu of %lu pages stayed, memory was looked for %lu times\n", left, PAGES, looked);
	/* For each page of a batch, often, but not for each page of the device. */
	CHECK(looked > 0 && looked < TRIES * PAGES);
	close(go[1]);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(!wrong_bytes(at, PAGES, SEED));
	for (int i = 0; i < CANARIES; i++) {
		kill(canaries[i], SIGKILL);
		CHECK(waitpid(canaries[i], &status, 0) == canaries[i]);
	}
	/* The next device takes down what was left. */
	close(open_device(1, 1));
	return 0;
}
