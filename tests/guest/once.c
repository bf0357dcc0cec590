// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a page comes back from the device once, by a fault or by an eviction that comes to it meanwhile. */
/* At once: the eviction takes the page when the fault has put it in place and is not yet through with it. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "guest.h"

#define PAGES 512UL
#define SECONDS 20 /* by which it was met two to four times */

static int fd;
static atomic_uint begun, ended; /* rounds, of the evictor */
static unsigned long evicted;
static atomic_bool over;

static void *evictor(void *arg)
{
	static struct migbench_record record;
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = PAGES,
					  .batch = PAGES,
					  .records = (uintptr_t)&record };

	(void)arg;
	bind_to_cpu(1);
	while (!over) {
		if (begun == ended)
			continue;
		record = (struct migbench_record){ 0 };
		CHECK(!ioctl(fd, MIGBENCH_IOC_EVICT, &request));
		evicted = record.migrated;
		ended++;
	}
	return NULL;
}

/*
 * What faults have brought since the last call; one that is tried again brings nothing, and is among them. False
 * where there were more than are kept, as when the evictor's CPU was held up.
 */
static bool faulted(unsigned long *pages)
{
	static struct migbench_record records[MIGBENCH_FAULTS_MAX];
	struct migbench_faults request = { .size = sizeof(request),
					   .count = MIGBENCH_FAULTS_MAX,
					   .records = (uintptr_t)records };

	*pages = 0;
	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
	for (unsigned int i = 0; i < request.count; i++)
		*pages += records[i].migrated;
	return !request.lost;
}

/* Pages that came back more than once, in one journey of all of them; @both counts those that were brought in both ways. */
static unsigned long too_many(unsigned char *at, unsigned int round, unsigned long *by_fault,
			      unsigned int *both)
{
	static struct migbench_record record;
	unsigned long moved, left, first = round * 37UL % PAGES, faults;

	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	moved = record.migrated;
	begun++;
	for (unsigned long i = 0; i < PAGES; i++)
		*(volatile unsigned char *)(at + (first + i) % PAGES * PAGE);
	while (begun != ended)
		;
	left = info_of(fd).pages - info_of(fd).free_pages;
	if (!faulted(&faults))
		return 0;
	*by_fault += faults;
	*both += faults && evicted;
	CHECK(evicted + faults + left >= moved);
	return evicted + faults + left - moved;
}

int main(void)
{
	unsigned char *at = map_pages(PAGES);
	unsigned long by_fault = 0, more = 0;
	static struct migbench_record record;
	struct migbench_evict probe = {
		.size = sizeof(probe), .pages = 1, .batch = 1, .records = (uintptr_t)&record
	};
	time_t end = time(NULL) + SECONDS;
	unsigned int round, both = 0;
	pthread_t thread;

	fd = open_device(1, PAGES);
	if (ioctl(fd, MIGBENCH_IOC_EVICT, &probe) && errno == EOPNOTSUPP) {
		puts("skipped: this kernel has no eviction by frame number");
		return 77;
	}
	fill(at, PAGES, 1);
	bind_to_cpu(0);
	CHECK(!pthread_create(&thread, NULL, evictor, NULL));
	for (round = 0; time(NULL) < end; round++)
		more += too_many(at, round, &by_fault, &both);
	over = true;
	pthread_join(thread, NULL);
	printf("%u rounds, %u of them both ways, %lu pages brought back by faults, %lu once more by an eviction\n",
	       round, both, by_fault, more);
	CHECK(both > 0);
	CHECK(!more);
	CHECK(!wrong_bytes(at, PAGES, 1));
	return 0;
}
