// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: the module is unloaded while faults on its last pages are under way: all content stays, and it loads again. */
/* At once: a fault is in the module's callback while the other CPU closes the last file and unloads. */
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "guest.h"

#define PAGES 512UL
#define ROUNDS 40U
#define PATIENCE 20000 /* ms: what outlives its file is looked at every second */

static struct {
	atomic_bool ready, go;
	atomic_ulong
		touched; /* pages that the child had touched when the last file began to close */
} * shared;

/* Touch all pages, forwards, backwards, or every seventh first. */
static void touch_all(unsigned char *at, unsigned int round)
{
	for (unsigned long i = 0; i < PAGES; i++) {
		unsigned long page = round % 3 == 0   ? i
				     : round % 3 == 1 ? PAGES - 1 - i
						      : i * 7 % PAGES;

		(void)*(volatile unsigned char *)(at + page * PAGE);
		shared->touched = i + 1;
	}
}

static pid_t toucher(unsigned char *at, unsigned int round, int fd)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child)
		return child;
	bind_to_cpu(1);
	close(fd);
	shared->ready = true;
	while (!shared->go)
		;
	touch_all(at, round);
	CHECK(!wrong_bytes(at, PAGES, (unsigned char)round));
	exit(0);
}

/* Whether faults were under way when the last file began to close. */
static bool one_round(unsigned int round)
{
	struct migbench_record records[PAGES / 64];
	unsigned char *at = map_pages(PAGES);
	int status, fd = open_device(1, PAGES);
	unsigned int tries = 0;
	bool amid;
	pid_t child;

	memset(shared, 0, sizeof(*shared));
	fill(at, PAGES, (unsigned char)round);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 64, records));
	child = toucher(at, round, fd);
	while (!shared->ready)
		;
	shared->go = true;
	while (shared->touched < PAGES * (round % 8) / 9)
		;
	amid = shared->touched < PAGES;
	close(fd);
	while (syscall(SYS_delete_module, "migbench", O_NONBLOCK)) {
		CHECK((errno == EAGAIN || errno == EBUSY) && tries++ < PATIENCE);
		usleep(1000);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(!wrong_bytes(at, PAGES, (unsigned char)round));
	munmap(at, PAGES * PAGE);
	CHECK(!system("insmod /lib/modules/migbench.ko"));
	return amid;
}

int main(void)
{
	unsigned int rounds = kernel_since(6, 1) ? ROUNDS : 8, met = 0, round = 0;

	bind_to_cpu(0);
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED);
	/* On a machine with other work the child may be through before we are on the CPU again. */
	for (; round < rounds || (met <= rounds / 2 && round < 20 * rounds); round++)
		met += one_round(round + 1);
	printf("unload_faults: closed and unloaded %u times, %u of them amid faults\n", round, met);
	CHECK(met > rounds / 2);
	return 0;
}
