// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: an eviction takes base pages home whatever another thread does to a huge page in the same batch. */
/* At once: the huge page changes while the eviction looks at its frames. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "guest.h"

#define ROUNDS 2000
#define SECONDS 20

static atomic_bool go, busy, done;
static atomic_ulong aborted;
static unsigned char *huge, *base;
static unsigned long pages;
static int fd;

/* The huge page's PMD is gone, and there again, over and over: its frames are mapped, and not. */
static void *abort_journeys(void *arg)
{
	static struct migbench_record record;
	struct migbench_migrate request = { .size = sizeof(request),
					    .flags = MIGBENCH_ABORT,
					    .direction = MIGBENCH_TO_SYSTEM,
					    .batch = (unsigned int)pages,
					    .addr = (uintptr_t)huge,
					    .pages = pages,
					    .records = (uintptr_t)&record };

	(void)arg;
	while (!done) {
		busy = true;
		if (go) {
			CHECK(!ioctl(fd, MIGBENCH_IOC_MIGRATE, &request));
			aborted += record.collected == pages;
		}
		busy = false;
	}
	return NULL;
}

static void evict_both(unsigned int flags)
{
	static struct migbench_record record;
	struct migbench_evict request = { .size = sizeof(request),
					  .flags = flags,
					  .pages = 2 * pages,
					  .batch = 2 * (unsigned int)pages,
					  .records = (uintptr_t)&record };

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, huge, pages, pages, &record));
	CHECK(record.migrated == pages);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, base, pages, pages, &record));
	CHECK(record.migrated == pages && away(base, pages) == pages);
	go = true;
	CHECK(!ioctl(fd, MIGBENCH_IOC_EVICT, &request));
	go = false;
	while (busy)
		sched_yield();
	if (present(base, pages) != pages) {
		fprintf(stderr, "flags %u: %u of %u collected, %lu of %lu base pages are back\n",
			flags, record.collected, record.requested, present(base, pages), pages);
		exit(1);
	}
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, huge, pages, pages, &record));
	CHECK(present(huge, pages) == pages);
}

int main(void)
{
	time_t until = time(NULL) + SECONDS;
	unsigned int rounds = 0;
	pthread_t thread;

	if (!kernel_since(6, 19)) {
		puts("skipped: no huge page goes to a device before 6.19");
		return 77;
	}
	pages = huge_or_skip(2);
	fd = open_device(1, 2 * pages);
	huge = map_pages(pages);
	base = map_pages(pages);
	CHECK(!madvise(huge, pages * PAGE, MADV_HUGEPAGE));
	CHECK(!madvise(base, pages * PAGE, MADV_NOHUGEPAGE));
	fill(huge, pages, 1);
	fill(base, pages, 2);
	CHECK(!pthread_create(&thread, NULL, abort_journeys, NULL));
	while (rounds < ROUNDS && (time(NULL) < until || !aborted))
		evict_both(rounds++ % 2 ? MIGBENCH_EVICT_PFNS : MIGBENCH_EVICT_RANGE);
	done = true;
	pthread_join(thread, NULL);
	CHECK(!wrong_bytes(huge, pages, 1) && !wrong_bytes(base, pages, 2));
	printf("%u evictions beside %lu journeys of a huge page that were given up\n", rounds,
	       aborted);
	CHECK(aborted);
	return 0;
}
