// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: what MADV_PAGEOUT takes is free when nobody maps it, but where the kernel forgets it; no module is in it. */
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

int main(void)
{
	unsigned long huge, kept = 0;
	cpu_set_t one;
	pthread_t other;

	if (PTE_TABLE > 64UL << 20) {
		puts("skipped: a page table of this kernel covers more memory than there is");
		return 77;
	}
	/* Who waits there is let in between two batches of pages. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK(!sched_setaffinity(0, sizeof(one), &one));

	at = (unsigned char *)(((uintptr_t)map_pages(2 * PAGES) + PAGES * PAGE - 1) &
			       ~(PAGES * PAGE - 1));
	CHECK(!madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE));
	CHECK(!pthread_create(&other, NULL, drop, NULL));
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned long page = 0; page < PAGES; page++)
			at[page * PAGE] = 1;
		madvise(at, PAGES * PAGE, MADV_PAGEOUT);
	}
	done = 1;
	CHECK(!pthread_join(other, NULL));
	CHECK(!munmap(at, PAGES * PAGE));
	for (unsigned int try = 0; try < 20; try++) {
		put("/proc/sys/vm/compact_memory", "1");
		kept = kept_pages(false, &huge);
		if (!kept)
			break;
		usleep(100000);
	}
	CHECK(!kept || forgets_paged_out());
	printf("paged_out: %lu pages are kept, by the kernel itself\n", kept);
	return 0;
}
