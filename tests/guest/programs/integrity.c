// SPDX-License-Identifier: GPL-2.0-or-later
/* Every word of every page is right after every journey, while threads, an evictor and faults contend. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "../guest.h"

#define THREADS 3U
#define PAGES 768UL /* a thread */
#define ROOM 1536UL /* of the device: less than all want */
#define WORDS (PAGE / 8)

struct owner {
	pthread_t thread;
	unsigned int number;
	unsigned char *at;
	struct migbench_record records[PAGES];
};

static struct owner owners[THREADS];
static atomic_ulong moved, checked;
static atomic_bool done;
static int file;

static uint64_t word_of(const uint64_t *place, unsigned int owner, unsigned int generation)
{
	return ((uint64_t)(uintptr_t)place << 16 | owner) ^ generation * 0x9e3779b97f4a7c15UL;
}

static void write_page(struct owner *owner, unsigned long page, unsigned int generation)
{
	uint64_t *words = (uint64_t *)(owner->at + page * PAGE);

	for (unsigned int i = 0; i < WORDS; i++)
		words[i] = word_of(words + i, owner->number, generation);
}

static void check_page(struct owner *owner, unsigned long page, unsigned int generation)
{
	const uint64_t *words = (const uint64_t *)(owner->at + page * PAGE);

	for (unsigned int i = 0; i < WORDS; i++)
		if (words[i] != word_of(words + i, owner->number, generation)) {
			fprintf(stderr,
				"owner %u, page %lu, word %u, generation %u: %#lx, not %#lx\n",
				owner->number, page, i, generation, (long)words[i],
				(long)word_of(words + i, owner->number, generation));
			exit(1);
		}
	checked++;
}

static void travel(struct owner *owner, unsigned int direction, unsigned int batch)
{
	CHECK(!migrate(file, direction, owner->at, PAGES, batch, owner->records));
	for (unsigned long i = 0; i * batch < PAGES; i++)
		moved += owner->records[i].migrated;
}

/* There, part of them home by faults, the rest by a journey; all are looked at each time. */
static void *journeys(void *arg)
{
	static const unsigned int batches[] = { 512, 64, 7, 768 };
	struct owner *owner = arg;
	unsigned int generation = 1;

	for (unsigned long page = 0; page < PAGES; page++)
		write_page(owner, page, generation);
	for (unsigned int round = owner->number; !done; round++) {
		travel(owner, MIGBENCH_TO_DEVICE, batches[round % 4]);
		for (unsigned long page = round % 3; page < PAGES; page += 3)
			check_page(owner, page, generation);
		travel(owner, MIGBENCH_TO_SYSTEM, batches[(round + 1) % 4]);
		for (unsigned long page = 0; page < PAGES; page++)
			check_page(owner, page, generation);
		if (round % 4 == 0) {
			generation++;
			for (unsigned long page = 0; page < PAGES; page++)
				write_page(owner, page, generation);
		}
		if (round % 8 == 0)
			madvise(owner->at, PAGES * PAGE,
				round % 16 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	}
	return NULL;
}

static void *evictor(void *arg)
{
	static struct migbench_record records[ROOM];
	struct migbench_evict request = {
		.size = sizeof(request), .pages = ROOM, .batch = 64, .records = (uintptr_t)records
	};

	(void)arg;
	while (!done) {
		usleep(20000);
		if (ioctl(file, MIGBENCH_IOC_EVICT, &request)) {
			CHECK(errno == EOPNOTSUPP);
			continue;
		}
		for (unsigned int i = 0; i < request.done; i++)
			moved += records[i].migrated;
	}
	return NULL;
}

/* integrity [MIB [SECONDS]]: until that much has moved, or that long. */
int main(int argc, char **argv)
{
	unsigned long wanted = (argc > 1 ? strtoul(argv[1], NULL, 10) : 256) * ((1UL << 20) / PAGE);
	time_t until = time(NULL) + (argc > 2 ? atol(argv[2]) : 20), began = time(NULL);
	pthread_t thread;

	file = open_device(1, ROOM);
	for (unsigned int i = 0; i < THREADS; i++) {
		owners[i].number = i + 1;
		owners[i].at = map_pages(PAGES);
		CHECK(!pthread_create(&owners[i].thread, NULL, journeys, &owners[i]));
	}
	CHECK(!pthread_create(&thread, NULL, evictor, NULL));
	while (moved < wanted && time(NULL) < until)
		usleep(100000);
	done = true;
	pthread_join(thread, NULL);
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(owners[i].thread, NULL);
		munmap(owners[i].at, PAGES * PAGE);
	}
	CHECK(info_of(file).free_pages == ROOM);
	printf("integrity: %lu MiB moved, %lu pages looked at, 0 wrong, %ld s\n",
	       moved * PAGE >> 20, checked, (long)(time(NULL) - began));
	CHECK(moved > 0 && checked > 0);
	return 0;
}
