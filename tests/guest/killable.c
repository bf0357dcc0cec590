// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: who is killed in a call of many batches, or while it waits for another call, ends there. */
/* Loaded with: inject_phase=2 inject_ns=100000 */
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

/* Each batch is delayed by 6.4 ms, all of them by 0.8 s. */
#define BATCH 64U
#define PAGES (128UL * BATCH)

/* What a killed process has got is seen by its parent. */
static struct migbench_record *records;

static void there(int fd, unsigned char *at)
{
	migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records);
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

	memset(records, 0, PAGES / BATCH * sizeof(*records));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		call(fd, at);
		_exit(0);
	}
	return pid;
}

static void end(pid_t pid)
{
	int status;

	CHECK(!kill(pid, SIGKILL) && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status));
}

/* Killed when it has begun, it has not done all. */
static void ends(pid_t pid, const char *what)
{
	unsigned long done = 0;

	while (!((volatile struct migbench_record *)records)[1].requested)
		usleep(1000);
	end(pid);
	while (done < PAGES / BATCH && records[done].requested)
		done++;
	printf("%s: %lu of %lu batches done\n", what, done, PAGES / BATCH);
	CHECK(done < PAGES / BATCH);
}

int main(void)
{
	unsigned char *at = map_pages(PAGES);
	pid_t first, waits;
	int fd;

	if (free_pages_of(0) < 2 * PAGES || free_pages_of(1) < 2 * PAGES) {
		printf("skipped: no node has room for twice %lu pages\n", PAGES);
		return 77;
	}
	fd = open_device(1, PAGES);
	records = mmap(NULL, PAGES / BATCH * sizeof(*records), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(records != MAP_FAILED);
	fill(at, PAGES, 1);
	ends(start(there, fd, at), "MIGRATE to the device");
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records));
	ends(start(back, fd, at), "MIGRATE to the system");
	if (kernel_since(6, 1)) {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, BATCH, records));
		ends(start(evict, fd, at), "EVICT");
		first = start(evict_at_once, fd, at);
		usleep(200000);
		waits = start(there, fd, at);
		usleep(200000);
		end(waits);
		/* It has not been waited for. */
		CHECK(!waitpid(first, NULL, WNOHANG));
		end(first);
	}
	CHECK(!wrong_bytes(at, PAGES, 1));
	CHECK(info_of(fd).free_pages == PAGES);
	return 0;
}
