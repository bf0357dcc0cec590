// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: eviction against huge and base pages of one file, and queries against vanishing page tables. */
/* At once: a page table vanishes within the walk that it vanishes under. */
#include <pthread.h>
#include <stdatomic.h>

#include "guest.h"

#define SECONDS 3

static atomic_bool done;
static atomic_ulong evicted;
static int fd;
static unsigned int span; /* base pages: a huge page, where one fits */

/* One frame at a time, while others make the same frames a huge page, pages, and free again. */
static void *evictor(void *arg)
{
	struct migbench_record *records = calloc(span, sizeof(*records));
	struct migbench_evict request = {
		.size = sizeof(request), .pages = span, .records = (uintptr_t)records, .batch = 1
	};
	unsigned int flags = 0;

	(void)arg;
	CHECK(records);
	while (!done) {
		request.flags = flags++ % 3;
		if (ioctl(fd, MIGBENCH_IOC_EVICT, &request)) {
			CHECK(errno == EOPNOTSUPP);
			continue;
		}
		for (unsigned int i = 0; i < span; i++)
			evicted += records[i].migrated;
	}
	free(records);
	return NULL;
}

static unsigned long trips(unsigned int advice, unsigned int seed)
{
	static struct migbench_record record;
	unsigned char *at = map_pages(span);

	CHECK(!madvise(at, span * PAGE, advice));
	fill(at, span, seed);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, span, span, &record));
	CHECK(!wrong_bytes(at, span, seed));
	munmap(at, span * PAGE);
	return record.migrated;
}

static void evict_against_migrate(void)
{
	unsigned long moved = 0;
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, evictor, NULL));
	for (unsigned int seed = 0; !done; seed++)
		moved += trips(seed % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE, seed);
	pthread_join(thread, NULL);
	printf("%lu pages to the device, %lu evicted one by one\n", moved, evicted);
	/* Before 6.1 no driver can take its memory back. */
	CHECK(moved > 0 && (evicted > 0 || !kernel_since(6, 1)));
}

static unsigned char *shaken;

/* The range is mapped by pages, then huge, then not at all, over and over. */
static void *shaker(void *arg)
{
	(void)arg;
	while (!done) {
		for (unsigned long i = 0; i < span; i += 16)
			shaken[i * PAGE] = 1;
		madvise(shaken, span * PAGE, MADV_DONTNEED);
		madvise(shaken, span * PAGE, MADV_HUGEPAGE);
		shaken[0] = 1;
		madvise(shaken, span * PAGE, MADV_DONTNEED);
		madvise(shaken, span * PAGE, MADV_NOHUGEPAGE);
	}
	return NULL;
}

static void query_against_dontneed(void)
{
	uint8_t *states = calloc(span, 1);
	struct migbench_query request = { .size = sizeof(request),
					  .pages = span,
					  .states = (uintptr_t)states };
	unsigned long asked = 0, seen = 0;
	pthread_t thread;

	CHECK(states);
	shaken = map_pages(span);
	request.addr = (uintptr_t)shaken;
	CHECK(!pthread_create(&thread, NULL, shaker, NULL));
	for (; !done; asked++) {
		CHECK(!ioctl(fd, MIGBENCH_IOC_QUERY, &request));
		seen += states[0] & MIGBENCH_PTE_PRESENT;
	}
	pthread_join(thread, NULL);
	free(states);
	printf("%lu queries, %lu with a page\n", asked, seen);
	/* Met while there was a page, and while there was none. */
	CHECK(seen > 0 && seen < asked);
}

static void *sleeper(void *arg)
{
	(void)arg;
	sleep(SECONDS);
	done = true;
	return NULL;
}

static void against_time(void (*race)(void))
{
	pthread_t thread;

	done = false;
	CHECK(!pthread_create(&thread, NULL, sleeper, NULL));
	race();
	pthread_join(thread, NULL);
}

int main(void)
{
	span = huge_pages_fit(2) ? (unsigned int)huge_pages() : 512;
	fd = open_device(1, span);
	against_time(evict_against_migrate);
	against_time(query_against_dontneed);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	return 0;
}
