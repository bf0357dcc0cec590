// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a process ends while its pages are being evicted, and what leads to their mappings stays until they have arrived. */
/* Loaded with: inject_phase=2 inject_ns=100000 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"

/*
 * The pages of the process that ends are in the middle of the device memory. Between two phases the eviction
 * waits, 0.8 s for all pages, in which it ends; by the time that the kernel has gone through the first pages it
 * comes to memory that was its anon_vmas. That it does is seen by KASAN.
 */
#define ITS_PAGES 512UL
#define OTHER_PAGES 3840UL /* before these, and after them */
#define PAGES (2 * OTHER_PAGES + ITS_PAGES)
#define KILLS 2U
#define OVERTAKEN 5U

static struct migbench_record record;

static void *evict(void *fd)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = PAGES,
					  .batch = PAGES,
					  .records = (uintptr_t)&record };

	bind_to_cpu(1);
	if (ioctl(*(int *)fd, MIGBENCH_IOC_EVICT, &request)) {
		CHECK(errno == EOPNOTSUPP);
		puts("skipped: this kernel has no eviction by frame number");
		exit(77);
	}
	return NULL;
}

static void to_device(int fd, unsigned char *at, unsigned long pages)
{
	static struct migbench_record records[OTHER_PAGES / 256];

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, 256, records));
}

/* A process that has pages on the device, once it has said so. */
static pid_t start_owner(int fd)
{
	int begun[2];
	pid_t pid;
	char c = 0;

	CHECK(!pipe(begun));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		unsigned char *at = map_apart(ITS_PAGES);

		for (unsigned long i = 0; i < ITS_PAGES; i++)
			to_device(fd, at + 2 * i * PAGE, 1);
		CHECK(write(begun[1], &c, 1) == 1);
		for (;;)
			pause();
	}
	close(begun[1]);
	CHECK(read(begun[0], &c, 1) == 1);
	close(begun[0]);
	return pid;
}

/* Evict everything; the process is killed after @us, or when all is over. What the first phase took, in us. */
static unsigned long cycle(int fd, unsigned char *other, unsigned long us)
{
	pthread_t thread;
	pid_t pid;

	to_device(fd, other, OTHER_PAGES);
	pid = start_owner(fd);
	to_device(fd, other + OTHER_PAGES * PAGE, OTHER_PAGES);
	CHECK(!info_of(fd).free_pages);
	CHECK(!pthread_create(&thread, NULL, evict, &fd));
	if (!us)
		CHECK(!pthread_join(thread, NULL));
	usleep(us);
	CHECK(!kill(pid, SIGKILL) && waitpid(pid, NULL, 0) == pid);
	/* Its anon_vmas are to be no memory of theirs any more. */
	put("/sys/kernel/slab/anon_vma/shrink", "1");
	if (us)
		CHECK(!pthread_join(thread, NULL));
	CHECK(info_of(fd).free_pages == PAGES);
	CHECK(!wrong_bytes(other, 2 * OTHER_PAGES, 1));
	printf("%lu of %lu pages moved, the process killed after %lu us\n",
	       (unsigned long)record.migrated, PAGES, us);
	return record.phase[MIGBENCH_SETUP] * 1000 / info_of(fd).tick_khz;
}

/*
 * While the eviction is at the first half, page after page of a process goes to frames of the second, which were
 * free when it began; in its midst the process ends, @us after that.
 */
static void overtaken(unsigned char *other, unsigned long us)
{
	int fd = open_device(1, PAGES), begun[2]; /* a new one: its lowest frames are taken first */
	pthread_t thread;
	pid_t pid;
	char c = 0;

	to_device(fd, other, OTHER_PAGES);
	CHECK(!pipe(begun));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		unsigned char *at = map_apart(ITS_PAGES);

		CHECK(write(begun[1], &c, 1) == 1);
		for (unsigned long i = 0;; i = (i + 1) % ITS_PAGES)
			to_device(fd, at + 2 * i * PAGE, 1);
	}
	close(begun[1]);
	CHECK(read(begun[0], &c, 1) == 1);
	close(begun[0]);
	CHECK(!pthread_create(&thread, NULL, evict, &fd));
	usleep(us);
	CHECK(!kill(pid, SIGKILL) && waitpid(pid, NULL, 0) == pid);
	put("/sys/kernel/slab/anon_vma/shrink", "1");
	CHECK(!pthread_join(thread, NULL));
	printf("%lu of %lu pages moved, the process killed after %lu us\n",
	       (unsigned long)record.migrated, (unsigned long)record.collected, us);
	CHECK(info_of(fd).free_pages == PAGES);
	close(fd);
}

int main(void)
{
	unsigned char *other = map_pages(2 * OTHER_PAGES);
	unsigned long setup;
	int fd;

	/* Who evicts has one of its own: else nobody would meet. */
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		puts("skipped: there is one CPU");
		return 77;
	}
	if (free_pages_of(0) < 2 * PAGES || free_pages_of(1) < 2 * PAGES) {
		printf("skipped: no node has room for twice %lu pages\n", PAGES);
		return 77;
	}
	fd = open_device(1, PAGES);
	bind_to_cpu(0);
	fill(other, 2 * OTHER_PAGES, 1);
	setup = cycle(fd, other, 0);
	for (unsigned int i = 0; i < KILLS; i++)
		cycle(fd, other, setup + 100000 + i * 200000);
	close(fd);
	for (unsigned int i = 0; i < OVERTAKEN; i++)
		overtaken(other, setup / 2 + i * 100000);
	return 0;
}
