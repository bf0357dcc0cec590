// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: who is killed in a call of many batches, or while it waits for another call, ends there. */
/* Loaded with: inject_phase=2 inject_ns=100000 */
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

/* Each batch is delayed by 6.4 ms, all of them by 0.8 s. */
#define BATCH 64U
#define BATCHES 128UL
#define PAGES (BATCHES * BATCH)
/* On a busy host a call may be over before the kill arrives, but not each time. */
#define TRIES 10

/* What a killed process has got is seen by its parent. */
static struct migbench_record *records, *others;

static void there(int fd, unsigned char *at)
{
	migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records);
}

static void there_too(int fd, unsigned char *at)
{
	migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, others);
}

static void back(int fd, unsigned char *at)
{
	migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, BATCH, records);
}

static void evict_by(int fd, unsigned int batch)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = PAGES,
					  .batch = batch,
					  .records = (uintptr_t)records };

	ioctl(fd, MIGBENCH_IOC_EVICT, &request);
}

static void evict(int fd, unsigned char *at)
{
	(void)at;
	evict_by(fd, BATCH);
}

/* Until it is over nobody takes pages of the same memory. */
static void evict_at_once(int fd, unsigned char *at)
{
	(void)at;
	evict_by(fd, PAGES);
}

static pid_t start(void (*call)(int, unsigned char *), int fd, unsigned char *at)
{
	pid_t pid;

	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		call(fd, at);
		_exit(0);
	}
	return pid;
}

/* Whether it was killed, and not over before. */
static bool end(pid_t pid)
{
	int status;

	CHECK(!kill(pid, SIGKILL) && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) || !status);
	return WIFSIGNALED(status);
}

static struct migbench_record *map_records(void)
{
	struct migbench_record *map = mmap(NULL, BATCHES * sizeof(*map), PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(map != MAP_FAILED);
	return map;
}

/* Killed when it has begun, it has not done all; the pages are first moved in @direction, so that it has what to do. */
static void ends(int fd, unsigned char *at, unsigned int direction,
		 void (*call)(int, unsigned char *), const char *what)
{
	unsigned long done = BATCHES;
	bool killed = false;

	for (unsigned int try = 0; try < TRIES && done == BATCHES; try++) {
		pid_t pid;

		CHECK(!migrate(fd, direction, at, PAGES, BATCH, records));
		memset(records, 0, BATCHES * sizeof(*records));
		pid = start(call, fd, at);
		while (!((volatile struct migbench_record *)records)[1].requested)
			usleep(1000);
		killed = end(pid);
		for (done = 0; done < BATCHES && records[done].requested;)
			done++;
	}
	printf("%s: %lu of %lu batches done\n", what, done, BATCHES);
	CHECK(killed && done < BATCHES);
}

/*
 * Who is killed while he waits for the end of an eviction moves nothing any more: had it been waited for, he would have
 * done a batch behind it. 1: so it was; 0: he has done one, but the eviction may have been over before the kill, or have
 * begun after it; -1: it was over before he waited.
 */
static int ends_waiting(int fd, unsigned char *at)
{
	bool over = false, waited = false;
	pid_t first, other;

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records));
	memset(others, 0, BATCHES * sizeof(*others));
	first = start(evict_at_once, fd, at);
	usleep(200000);
	other = start(there_too, fd, at);
	while (!waited && !over) {
		usleep(1000);
		waited = waits(other);
		over = waitpid(first, NULL, WNOHANG) == first;
	}
	end(other);
	if (!over)
		end(first);
	if (over)
		return -1;
	return !others[0].requested;
}

int main(void)
{
	unsigned char *at = map_pages(PAGES);
	int fd, seen = -1, in_doubt = 0;

	if (free_pages_of(0) < 2 * PAGES || free_pages_of(1) < 2 * PAGES) {
		printf("skipped: no node has room for twice %lu pages\n", PAGES);
		return 77;
	}
	fd = open_device(1, PAGES);
	records = map_records();
	others = map_records();
	fill(at, PAGES, 1);
	ends(fd, at, MIGBENCH_TO_SYSTEM, there, "MIGRATE to the device");
	ends(fd, at, MIGBENCH_TO_DEVICE, back, "MIGRATE to the system");
	if (kernel_since(6, 1)) {
		ends(fd, at, MIGBENCH_TO_DEVICE, evict, "EVICT");
		for (unsigned int try = 0; try < TRIES && seen != 1; try++) {
			seen = ends_waiting(fd, at);
			in_doubt += !seen;
		}
		CHECK(seen == 1 || in_doubt < TRIES / 2);
	}
	CHECK(!wrong_bytes(at, PAGES, 1));
	CHECK(info_of(fd).free_pages == PAGES);
	if (kernel_since(6, 1) && seen != 1) {
		printf("skipped: %d evictions were not under way when another call was to wait\n",
		       TRIES);
		return 77;
	}
	return 0;
}
