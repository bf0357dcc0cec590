// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: threads fault and write while others migrate the same pages; no update is lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "guest.h"

#define PAGES 256UL
#define WRITERS 3
/* A writer's passes: at least as many, and at most (of some ms each) until pages came back enough. */
#define PASSES 20UL
#define MAX_PASSES 100000UL

static unsigned char *at;
static int fd;
static atomic_bool done;
static atomic_ulong gone, returned;
static unsigned long passed[WRITERS];

/* What is neither on the device (PAGES at most) nor moved back came back by a fault. */
static bool faulted_enough(void)
{
	return gone > returned + 4 * PAGES;
}

/*
 * Each writer owns one word of every page and counts its passes in it. They
 * start apart: on 6.1 two threads that fault on one page at once refuse each
 * other the page, over and over (each holds a reference).
 */
static void *writer(void *arg)
{
	unsigned long me = (unsigned long)arg;

	for (unsigned long pass = 0; pass < PASSES || (pass < MAX_PASSES && !faulted_enough());
	     passed[me] = ++pass)
		for (unsigned long i = 0; i < PAGES; i++) {
			unsigned long page = (i + me * PAGES / WRITERS) % PAGES;
			volatile uint64_t *word = (volatile uint64_t *)(at + page * PAGE) + me;

			CHECK(*word == pass);
			*word = pass + 1;
		}
	return NULL;
}

static void *mover(void *arg)
{
	struct migbench_record records[PAGES];

	(void)arg;
	while (!done) {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 32, records));
		for (unsigned long i = 0; i < PAGES / 32; i++)
			gone += records[i].migrated;
		usleep(1000);
		CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, 128, records));
		for (unsigned long i = 0; i < PAGES / 128; i++)
			returned += records[i].migrated;
		usleep(1000);
	}
	return NULL;
}

int main(void)
{
	pthread_t writers[WRITERS], movers[2];

	fd = open_device(1, 2 * PAGES);
	at = map_pages(PAGES);
	memset(at, 0, PAGES * PAGE);
	for (unsigned long i = 0; i < 2; i++)
		CHECK(!pthread_create(&movers[i], NULL, mover, NULL));
	for (unsigned long i = 0; i < WRITERS; i++)
		CHECK(!pthread_create(&writers[i], NULL, writer, (void *)i));
	for (unsigned long i = 0; i < WRITERS; i++)
		CHECK(!pthread_join(writers[i], NULL));
	done = true;
	for (unsigned long i = 0; i < 2; i++)
		CHECK(!pthread_join(movers[i], NULL));
	for (unsigned long page = 0; page < PAGES; page++)
		for (unsigned long i = 0; i < WRITERS; i++)
			CHECK(((volatile uint64_t *)(at + page * PAGE))[i] == passed[i]);
	printf("threads: every update is there, %lu pages moved away and %lu back\n", gone,
	       returned);
	CHECK(gone > returned + PAGES);
	return 0;
}
