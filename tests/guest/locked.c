// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: pages that are locked stay without a flush; the locks end with their holder, and soon in any case. */
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

#define PAGES 64UL
#define LOCK_S (MIGBENCH_LOCK_MS / 1e3)
#define SLACK_S 60 /* a busy host may let a guest wait */
#define KPF_LOCKED 1ULL /* Documentation/admin-guide/mm/pagemap.rst */
#define FRAME ((1ULL << 55) - 1)

static struct migbench_record record;
static double locked_at; /* before they were */

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

static void lock(int fd, const unsigned char *at)
{
	locked_at = now();
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
}

/* Nothing could be seen of locks that were there: that says nothing of them. */
static void too_late(void)
{
	static unsigned int times;

	if (++times < 10)
		return;
	printf("skipped: on this host locks of %.1f s expire before they can be looked at\n",
	       LOCK_S);
	exit(77);
}

/* Whether what was seen since lock() was of locked pages: on a busy host the locks may have expired, but never before. */
static bool let_go(int fd)
{
	if (!hold(fd, MIGBENCH_HOLD_RELEASE, NULL))
		return true;
	CHECK(errno == ETIMEDOUT && now() - locked_at > LOCK_S - 0.1);
	too_late();
	return false;
}

/* Nothing is collected, nothing flushed; once let go, all moves, there and back. */
static void stays(int fd)
{
	unsigned char *at = map_pages(PAGES);
	unsigned long here, gone;
	long flushes;

	fill(at, PAGES, 1);
	do {
		lock(fd, at);
		flushes = flushes_of(fd, at, PAGES, &record);
		here = present(at, PAGES);
		gone = away(at, PAGES);
	} while (!let_go(fd));
	CHECK(flushes <= 0);
	CHECK(record.requested == PAGES && !record.collected && !record.migrated);
	CHECK(here == PAGES && !gone);
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
	bool refused;

	fill(at, PAGES, 2);
	do {
		lock(fd, at);
		refused = hold(other, MIGBENCH_HOLD_LOCK, at) && errno == EBUSY;
		if (!refused)
			hold(other, MIGBENCH_HOLD_RELEASE, NULL);
	} while (!let_go(fd));
	CHECK(refused);
	CHECK(!hold(other, MIGBENCH_HOLD_LOCK, at));
	close(other);
	lock(fd, at);
	let_go(fd);
	munmap(at, PAGES * PAGE);
}

/* Move pages that may be locked, by a call that waits for the lock. */
static void wait_for(unsigned char *at)
{
	unsigned long node = 2;

	syscall(SYS_mbind, at, PAGES * PAGE, MPOL_BIND, &node, 8, MPOL_MF_MOVE_ALL);
}

/* Whether a page is locked that has @frame. */
static bool is_locked(uint64_t frame)
{
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	uint64_t flags;

	CHECK(fd >= 0 && pread(fd, &flags, 8, (off_t)(frame * 8)) == 8);
	close(fd);
	return flags & KPF_LOCKED;
}

/* A child that moves pages which are locked; false where they were not any more when it came to that. */
static bool is_killed(unsigned char *at)
{
	bool waited = false;
	pid_t child = fork();
	int status;

	CHECK(child >= 0);
	if (!child)
		for (;;)
			wait_for(at);
	/* At the lock, or just before it, where the lists of all CPUs are drained. */
	while (!waited && now() - locked_at < LOCK_S) {
		usleep(1000);
		waited = waits(child);
	}
	CHECK(!kill(child, SIGKILL));
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	CHECK(now() - locked_at < LOCK_S + SLACK_S);
	return waited;
}

/* Nobody waits longer than for a slow disk, whatever the holder does; who is killed meanwhile ends. */
static void ends(int fd)
{
	unsigned char *at = map_pages(PAGES);
	uint64_t last;

	fill(at, PAGES, 3);
	for (;;) {
		lock(fd, at);
		last = pagemap(at + (PAGES - 1) * PAGE) & FRAME;
		if (is_killed(at))
			break;
		hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
		too_late();
	}
	/* A kernel worker gives them back, one by one. */
	while (is_locked(last)) {
		CHECK(now() - locked_at < LOCK_S + SLACK_S);
		usleep(10000);
	}
	CHECK(hold(fd, MIGBENCH_HOLD_RELEASE, NULL) && errno == ETIMEDOUT);
	CHECK(hold(fd, MIGBENCH_HOLD_RELEASE, NULL) && errno == EINVAL);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!wrong_bytes(at, PAGES, 3));
	munmap(at, PAGES * PAGE);
}

/* A child with locks, which is killed; false where they may have expired before that was looked at. */
static bool frees(int fd, const unsigned char *at)
{
	int ready[2], status;
	pid_t child;
	char byte;
	bool busy;

	CHECK(!pipe(ready));
	locked_at = now();
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		int own = open_device(0, 0);

		CHECK(!hold(own, MIGBENCH_HOLD_LOCK, at) && write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	busy = hold(fd, MIGBENCH_HOLD_LOCK, at) && errno == EBUSY;
	if (!busy)
		hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
	CHECK(!kill(child, SIGKILL) && waitpid(child, &status, 0) == child);
	close(ready[0]);
	close(ready[1]);
	CHECK(!hold(fd, MIGBENCH_HOLD_LOCK, at));
	if (now() - locked_at >= LOCK_S) {
		hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
		too_late();
		return false;
	}
	printf("a killed holder's locks were free after %.1f s\n", now() - locked_at);
	CHECK(busy);
	hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
	return true;
}

/* A holder that is killed holds nothing any more: others need not wait until the locks expire. */
static void dies(int fd)
{
	unsigned char *at =
		mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	fill(at, PAGES, 4);
	while (!frees(fd, at))
		;
	CHECK(!wrong_bytes(at, PAGES, 4));
	munmap(at, PAGES * PAGE);
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
	lock(fd, at);
	let_go(fd);
	lock(fd, at);
	let_go(fd);
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
