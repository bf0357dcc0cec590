// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: threads that touch the same device pages at the same moment all get their content, and lose no write. */
#include <pthread.h>
#include <stdatomic.h>

#include "guest.h"

#define PAGES 128UL
#define THREADS 4
/*
 * Before 6.15 threads that fault on one page refuse it to each other, as each holds a reference; with
 * arm64's emulated CPUs that can go on for minutes.
 */
#if defined(__aarch64__)
#define STORMS 4U
#else
#define STORMS 12U
#endif

static unsigned char *at;
static pthread_barrier_t start;
static bool write_too;
static unsigned int seed;
static atomic_ulong wrong;

/* Reads a byte that the others leave alone, and counts the storms in a word of its own. */
static void *toucher(void *arg)
{
	unsigned long me = (unsigned long)arg;

	bind_to_cpu((int)me % (int)sysconf(_SC_NPROCESSORS_ONLN));
	pthread_barrier_wait(&start);
	for (unsigned long page = 0; page < PAGES; page++) {
		volatile uint64_t *word = (volatile uint64_t *)(at + page * PAGE) + me;

		if (write_too)
			*word = ((uint64_t)seed << 32) + page * THREADS + me;
		wrong += at[page * PAGE + 2048 + me] != byte_at(page * PAGE + 2048 + me, seed);
	}
	return NULL;
}

/* What the threads wrote, and around it what was there. */
static void look(void)
{
	for (unsigned long page = 0; page < PAGES; page++) {
		for (unsigned long i = 0; write_too && i < THREADS; i++)
			CHECK(((volatile uint64_t *)(at + page * PAGE))[i] ==
			      ((uint64_t)seed << 32) + page * THREADS + i);
		for (unsigned long i = write_too ? THREADS * 8 : 0; i < PAGE; i++)
			CHECK(at[page * PAGE + i] == byte_at(page * PAGE + i, seed));
	}
}

static void storm(int fd)
{
	static struct migbench_record record;
	pthread_t threads[THREADS];

	fill(at, PAGES, ++seed);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!pthread_barrier_init(&start, NULL, THREADS));
	for (unsigned long i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&threads[i], NULL, toucher, (void *)i));
	for (unsigned long i = 0; i < THREADS; i++)
		CHECK(!pthread_join(threads[i], NULL));
	CHECK(!pthread_barrier_destroy(&start));
	CHECK(!wrong);
	look();
	CHECK(info_of(fd).free_pages == PAGES);
}

int main(void)
{
	close(open_device(1, 1));
	at = map_pages(PAGES);
	for (unsigned int around = 0; around <= 64; around = around ? 8 * around : 1) {
		struct migbench_device request = { .size = sizeof(request),
						   .node = 1,
						   .pages = PAGES,
						   .around = (uint16_t)around };
		int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

		CHECK(fd >= 0 && !ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
		for (unsigned int i = 0; i < STORMS; i++) {
			write_too = i % 2;
			storm(fd);
		}
		close(fd);
	}
	printf("storm: %u storms, nothing lost\n", seed);
	return 0;
}
