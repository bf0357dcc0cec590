// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: pages that are locked stay without a flush; the locks end with their holder, and soon in any case. */
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

#define PAGES 64UL

static struct migbench_record record;

static int hold(int fd, unsigned int op, const unsigned char *at)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = at ? PAGES : 0
	};

	return ioctl(fd, MIGBENCH_IOC_HOLD, &request);
}

static double now(void)
{
	struct timespec time;

	CHECK(!clock_gettime(CLOCK_MONOTONIC, &time));
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Nothing is collected, nothing flushed; once let go, all moves, there and back. */
static void stays(int fd)
{
	unsigned char *at = map_pages(PAGES);

	fill(at, PAGES, 1);
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(flushes_of(fd, at, PAGES, &record) <= 0);
	CHECK(record.requested == PAGES && !record.collected && !record.migrated);
	CHECK(present(at, PAGES) == PAGES && !away(at, PAGES));
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES && !wrong_bytes(at, PAGES, 1));
	munmap(at, PAGES * PAGE);
}

/* What one has locked, another gets not, and does not wait for. */
static void refuses(int fd)
{
	unsigned char *at = map_pages(PAGES);
	int other = open_device(0, 0);

	fill(at, PAGES, 2);
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(hold(other, MIGBENCH_HOLD_LOCK, at) && errno == EBUSY);
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!hold(other, MIGBENCH_HOLD_LOCK, at));
	close(other);
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	munmap(at, PAGES * PAGE);
}

/* Move pages that may be locked, by a call that waits for the lock. */
static void wait_for(unsigned char *at)
{
	unsigned long node = 2;

	syscall(SYS_mbind, at, PAGES * PAGE, MPOL_BIND, &node, 8, MPOL_MF_MOVE_ALL);
}

/* Whether @child stands in the kernel and waits, as /proc says. */
static bool waits(pid_t child)
{
	char path[32], line[64] = "", *state;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && read(fd, line, sizeof(line) - 1) > 0);
	close(fd);
	state = strrchr(line, ')');
	return state && state[1] == ' ' && state[2] == 'D';
}

/* Nobody waits longer than for a slow disk, whatever the holder does; who is killed meanwhile ends. */
static void ends(int fd)
{
	unsigned char *at = map_pages(PAGES);
	double start;
	pid_t child;
	int status;

	fill(at, PAGES, 3);
	start = now();
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	child = fork();
	CHECK(child >= 0);
	if (!child)
		for (;;)
			wait_for(at);
	/* At the lock, or just before it, where the lists of all CPUs are drained. */
	while (!waits(child) && now() - start < MIGBENCH_LOCK_MS / 1e3)
		usleep(1000);
	CHECK(!kill(child, SIGKILL));
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	CHECK(now() - start < MIGBENCH_LOCK_MS / 1e3 + 2);
	while (now() - start < MIGBENCH_LOCK_MS / 1e3 + 0.5)
		usleep(100000);
	CHECK(hold(fd, MIGBENCH_HOLD_RELEASE, NULL) && errno == ETIMEDOUT);
	CHECK(hold(fd, MIGBENCH_HOLD_RELEASE, NULL) && errno == EINVAL);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!wrong_bytes(at, PAGES, 3));
	munmap(at, PAGES * PAGE);
}

/* A holder that is killed holds nothing any more: others need not wait until the locks expire. */
static void dies(int fd)
{
	unsigned char *at =
		mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ready[2], status;
	double start;
	pid_t child;
	char byte;

	CHECK(at != MAP_FAILED && !pipe(ready));
	fill(at, PAGES, 4);
	start = now();
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		int own = open_device(0, 0);

		CHECK(!hold(own, MIGBENCH_HOLD_LOCK, at) && write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	CHECK(hold(fd, MIGBENCH_HOLD_LOCK, at) && errno == EBUSY);
	CHECK(!kill(child, SIGKILL) && waitpid(child, &status, 0) == child);
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	printf("a killed holder's locks were free after %.1f s\n", now() - start);
	CHECK(!wrong_bytes(at, PAGES, 4));
	munmap(at, PAGES * PAGE);
	close(ready[0]);
	close(ready[1]);
}

/* A huge page has one lock. */
static void is_one(int fd)
{
	unsigned char *at = mmap(NULL, 2 * PTE_TABLE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(at != MAP_FAILED);
	at = (unsigned char *)(((uintptr_t)at + PTE_TABLE - 1) & ~(PTE_TABLE - 1));
	CHECK(!madvise(at, PTE_TABLE, MADV_HUGEPAGE));
	fill(at, PAGES, 5);
	CHECK(!huge_pages_fit(1) || mapped_huge(fd, at, PAGES));
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!wrong_bytes(at, PAGES, 5));
}

int main(void)
{
	int fd = open_device(1, PAGES);

	bind_to_cpu(0);
	stays(fd);
	refuses(fd);
	ends(fd);
	dies(fd);
	is_one(fd);
	puts("locked: nothing moved, nobody waited for long, nothing was lost");
	return 0;
}
