// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a page table that another thread has dropped while the kernel splits a large folio in it leads no batch astray. */
/* At once: the table goes while a folio is split. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "free_memory.h"
#include "guest.h"

#define TURNS 400U
#define SECONDS 60 /* on a busy host, with fewer turns */

static unsigned char *region;
static unsigned long pages;
static atomic_uint turn; /* odd: the migration of this turn has begun */
static atomic_bool done;

/* Sooner or later into each turn: while the folio is split, one hopes. */
static void *drop(void *arg)
{
	unsigned int seen = 0;

	(void)arg;
	while (!done) {
		unsigned int now = turn;

		if (!(now & 1) || now == seen)
			continue;
		seen = now;
		for (volatile unsigned int i = now % 61 * 500; i; i--)
			;
		CHECK(!madvise(region, pages * PAGE, MADV_DONTNEED));
	}
	return NULL;
}

/* A huge page by PTEs, of which the first is another one's. */
static void make_split(void)
{
	CHECK(!madvise(region, pages * PAGE, MADV_DONTNEED));
	for (unsigned long i = 0; i < pages; i++)
		region[i * PAGE] = 1;
	CHECK(!madvise(region, PAGE, MADV_DONTNEED));
	region[0] = 2;
}

int main(void)
{
	static struct migbench_record record;
	unsigned char *behind, *at;
	unsigned long strange = 0;
	unsigned int turns = 0;
	time_t until;
	pthread_t thread;
	int fd;

	pages = huge_or_skip(2);
	/* With nothing moved, too. */
	if (kernel_since(6, 19) && !is_debug()) {
		puts("skipped: an ordinary kernel of this series dies of it now and then (docs/kernel-findings.md)");
		return 77;
	}
	fd = open_device(1, 2 * pages);
	at = mmap(NULL, 3 * pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		  0);
	CHECK(at != MAP_FAILED);
	region = (unsigned char *)(((uintptr_t)at + pages * PAGE - 1) & ~(pages * PAGE - 1));
	CHECK(!madvise(region, pages * PAGE, MADV_HUGEPAGE));
	/* What lies behind it is not its own. */
	behind = region + pages * PAGE;
	CHECK(!munmap(behind, at + 3 * pages * PAGE - behind));
	region[0] = 1;
	CHECK(mapped_huge(fd, region, pages));
	CHECK(!pthread_create(&thread, NULL, drop, NULL));
	until = time(NULL) + SECONDS;
	for (; turns < TURNS && time(NULL) < until; turns++) {
		make_split();
		turn++;
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, region, pages, (unsigned int)pages,
			       &record));
		turn++;
		CHECK(record.requested == pages && record.migrated <= pages);
		strange += !record.collected;
	}
	done = true;
	CHECK(!pthread_join(thread, NULL));
	CHECK(!munmap(region, pages * PAGE));
	CHECK(info_of(fd).free_pages == 2 * pages);
	printf("split_race: %u batches beside a thread that drops them, %lu of nothing\n", turns,
	       strange);
	/* Since then a batch may find a huge page that is none any more, as half of these do. */
	CHECK(strange || turns < 50 || !kernel_since(6, 19));
	return 0;
}
