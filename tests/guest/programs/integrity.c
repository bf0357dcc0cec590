// SPDX-License-Identifier: GPL-2.0-or-later
/* Every word of every page is right after every journey, while threads, an evictor and faults contend. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "../guest.h"

/* Those that share a device; then come one whose pages are huge, and one with coherent memory. */
#define THREADS 3U
#define PAGES 768UL /* a thread, but for that with huge pages */
#define ROOM 1536UL /* of the device that they share: less than all want */
#define WORDS (PAGE / 8)
#define EVICT_BATCH 64U

struct owner {
	pthread_t thread;
	unsigned int number;
	int file;
	unsigned long pages, room;
	unsigned int huge; /* base pages of a huge page, all of them are; or 0 */
	bool coherent; /* pages can be looked at where they are */
	unsigned int batches[4];
	unsigned char *at;
	struct migbench_record *records;
};

static struct owner owners[THREADS + 2];
static unsigned int count;
static atomic_ulong moved, checked, on_device, huge_there;
static atomic_bool done;

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
	CHECK(!migrate(owner->file, direction, owner->at, owner->pages, batch, owner->records));
	for (unsigned long i = 0; i * batch < owner->pages; i++)
		moved += owner->records[i].migrated;
}

static void write_all(struct owner *owner, unsigned int generation)
{
	/* What was split is huge again. */
	if (owner->huge)
		CHECK(!madvise(owner->at, owner->pages * PAGE, MADV_DONTNEED));
	for (unsigned long page = 0; page < owner->pages; page++)
		write_page(owner, page, generation);
}

/* A look at a private page brings it home: at all of them in one round of three, at a third in another. */
static void look_there(struct owner *owner, unsigned int round, unsigned int generation)
{
	unsigned long step = owner->coherent || round % 3 == 1 ? 1 : 3;

	if (owner->huge)
		huge_there += having(owner->file, owner->at, owner->pages,
				     MIGBENCH_PTE_DEVICE | MIGBENCH_PTE_HUGE) /
			      owner->huge;
	if (!owner->coherent && round % 3 == 2)
		return;
	for (unsigned long page = 0; page < owner->pages; page += step)
		check_page(owner, page, generation);
	if (owner->coherent)
		on_device += having(owner->file, owner->at, owner->pages, MIGBENCH_PTE_DEVICE);
}

/* There, some of them home by faults, the rest by a journey; then all are looked at. */
static void *journeys(void *arg)
{
	struct owner *owner = arg;
	unsigned int generation = 1;

	write_all(owner, generation);
	for (unsigned int round = owner->number; !done; round++) {
		travel(owner, MIGBENCH_TO_DEVICE, owner->batches[round % 4]);
		look_there(owner, round, generation);
		travel(owner, MIGBENCH_TO_SYSTEM, owner->batches[(round + 1) % 4]);
		for (unsigned long page = 0; page < owner->pages; page++)
			check_page(owner, page, generation);
		if (round % 4 == 0)
			write_all(owner, ++generation);
		if (round % 8 == 0 && !owner->huge)
			madvise(owner->at, owner->pages * PAGE,
				round % 16 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	}
	return NULL;
}

static void evict(const struct owner *owner)
{
	static struct migbench_record records[MIGBENCH_PAGES_MAX / EVICT_BATCH];
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = owner->room,
					  .batch = EVICT_BATCH,
					  .records = (uintptr_t)records };

	if (ioctl(owner->file, MIGBENCH_IOC_EVICT, &request)) {
		CHECK(errno == EOPNOTSUPP);
		return;
	}
	for (unsigned int i = 0; i < request.done; i++)
		moved += records[i].migrated;
}

/* The device that is shared, and each other. */
static void *evictor(void *arg)
{
	(void)arg;
	for (unsigned int i = THREADS - 1; !done; i = i + 1 < count ? i + 1 : THREADS - 1) {
		usleep(20000);
		evict(owners + i);
	}
	return NULL;
}

static int open_coherent(unsigned long pages)
{
	struct migbench_device request = {
		.size = sizeof(request), .kind = MIGBENCH_COHERENT, .node = 1, .pages = pages
	};
	int fd = open_device(0, 0);

	if (!has_kind(fd, MIGBENCH_COHERENT)) {
		close(fd);
		return -1;
	}
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

static void start(struct owner owner)
{
	struct owner *own = owners + count++;

	owner.number = count;
	owner.at = map_pages(owner.pages);
	if (owner.huge)
		CHECK(!madvise(owner.at, owner.pages * PAGE, MADV_HUGEPAGE));
	owner.records = calloc(owner.pages, sizeof(*owner.records));
	CHECK(owner.records);
	*own = owner;
	CHECK(!pthread_create(&own->thread, NULL, journeys, own));
}

static void start_all(void)
{
	struct owner owner = { .pages = PAGES, .room = ROOM, .batches = { 512, 64, 7, 768 } };

	owner.file = open_device(1, ROOM);
	for (unsigned int i = 0; i < THREADS; i++)
		start(owner);
	owner.room = PAGES;
	owner.file = open_coherent(owner.room);
	owner.coherent = true;
	if (owner.file >= 0)
		start(owner);
	if (huge_pages_fit(4)) {
		unsigned int huge = (unsigned int)huge_pages();

		/* One in four splits them. */
		start((struct owner){ .pages = 2 * huge,
				      .room = 2 * huge,
				      .file = open_device(1, 2 * huge),
				      .huge = huge,
				      .batches = { 64, huge, 2 * huge, huge } });
	}
}

/* integrity [MIB [SECONDS]]: until that much has moved, or that long. */
int main(int argc, char **argv)
{
	unsigned long wanted = (argc > 1 ? strtoul(argv[1], NULL, 10) : 256) * ((1UL << 20) / PAGE);
	time_t until = time(NULL) + (argc > 2 ? atol(argv[2]) : 20), began = time(NULL);
	pthread_t thread;

	start_all();
	CHECK(!pthread_create(&thread, NULL, evictor, NULL));
	while (moved < wanted && time(NULL) < until)
		usleep(100000);
	done = true;
	pthread_join(thread, NULL);
	for (unsigned int i = 0; i < count; i++) {
		pthread_join(owners[i].thread, NULL);
		munmap(owners[i].at, owners[i].pages * PAGE);
	}
	for (unsigned int i = 0; i < count; i++)
		CHECK(info_of(owners[i].file).free_pages == owners[i].room);
	printf("integrity: %lu MiB moved, %lu pages looked at, 0 wrong, %ld s, %lu coherent ones on the device, %lu huge pages as such\n",
	       moved * PAGE >> 20, checked, (long)(time(NULL) - began), on_device, huge_there);
	CHECK(moved > 0 && checked > 0);
	CHECK(on_device || count == THREADS || !owners[THREADS].coherent);
	CHECK(huge_there || !owners[count - 1].huge || !kernel_since(6, 19));
	return 0;
}
