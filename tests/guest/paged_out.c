// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: what MADV_PAGEOUT takes is free when nobody maps it, but for many pages at a time where the kernel forgets them; no module is in it. */
#include <pthread.h>

#include "free_memory.h"
#include "guest.h"
#include "kept_pages.h"

#define PAGES (PTE_TABLE / PAGE)
#define ROUNDS 200

static unsigned char *at;
static volatile int done;

static void *drop(void *arg)
{
	while (!done) {
		madvise(at, PAGES * PAGE, MADV_DONTNEED);
		usleep(500);
	}
	return arg;
}

/* How many pages are kept, paged out all of a table in one call, or as little at a time as the fuzzer does. */
static unsigned long kept_of(bool all)
{
	unsigned char *room = map_pages(2 * PAGES);
	unsigned long huge, kept = 0;
	pthread_t other;

	at = (unsigned char *)(((uintptr_t)room + PAGES * PAGE - 1) & ~(PAGES * PAGE - 1));
	CHECK(!madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE));
	done = 0;
	CHECK(!pthread_create(&other, NULL, drop, NULL));
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned long page = 0; page < PAGES; page++)
			at[page * PAGE] = 1;
		if (all)
			madvise(at, PAGES * PAGE, MADV_PAGEOUT);
		else
			page_out(at, PAGES);
	}
	done = 1;
	CHECK(!pthread_join(other, NULL));
	CHECK(!munmap(room, 2 * PAGES * PAGE));
	for (unsigned int try = 0; try < 20; try++) {
		put("/proc/sys/vm/compact_memory", "1");
		kept = kept_pages(false, &huge);
		if (!kept)
			break;
		usleep(100000);
	}
	return kept;
}

int main(void)
{
	unsigned long kept;
	cpu_set_t one;

	if (PTE_TABLE > 64UL << 20) {
		puts("skipped: a page table of this kernel covers more memory than there is");
		return 77;
	}
	/* Who waits there is let in between two batches of pages. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK(!sched_setaffinity(0, sizeof(one), &one));

	CHECK(!kept_of(false));
	kept = kept_of(true);
	CHECK(!kept || forgets_paged_out());
	printf("paged_out: %lu pages are kept, by the kernel itself\n", kept);
	return 0;
}
