// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: pagemap agrees where pages are after each journey, and no byte is lost. */
#include "guest.h"

#define PAGES 1200UL

static struct migbench_record records[PAGES];

static unsigned long total_migrated(unsigned long batches, unsigned long *requested)
{
	unsigned long migrated = 0;

	*requested = 0;
	for (unsigned long i = 0; i < batches; i++) {
		CHECK(records[i].collected == records[i].requested);
		*requested += records[i].requested;
		migrated += records[i].migrated;
	}
	return migrated;
}

static void phases_fit_the_total(unsigned long batches)
{
	for (unsigned long i = 0; i < batches; i++) {
		uint64_t sum = 0;

		for (int phase = 0; phase < MIGBENCH_PHASES; phase++)
			sum += records[i].phase[phase];
		CHECK(sum > 0 && sum <= records[i].total);
	}
}

static void there_and_back(int fd, unsigned char *at, unsigned int batch)
{
	unsigned long batches = (PAGES + batch - 1) / batch, requested;

	fill(at, PAGES, batch);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, batch, records));
	CHECK(total_migrated(batches, &requested) == PAGES && requested == PAGES);
	phases_fit_the_total(batches);
	CHECK(away(at, PAGES) == PAGES);
	CHECK(info_of(fd).free_pages == info_of(fd).pages - PAGES);

	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, batch, records));
	CHECK(total_migrated(batches, &requested) == PAGES && requested == PAGES);
	phases_fit_the_total(batches);
	CHECK(present(at, PAGES) == PAGES);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	CHECK(!wrong_bytes(at, PAGES, batch));
}

static void by_faults(int fd, unsigned char *at)
{
	struct migbench_faults taken = { .size = sizeof(taken),
					 .records = (uintptr_t)records,
					 .count = PAGES };

	fill(at, PAGES, 1);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 512, records));
	CHECK(away(at, PAGES) == PAGES);
	CHECK(!wrong_bytes(at, PAGES, 1));
	CHECK(present(at, PAGES) == PAGES);
	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &taken));
	CHECK(taken.count == PAGES && !taken.lost);
	for (unsigned long i = 0; i < PAGES; i++)
		CHECK(records[i].migrated == 1 && records[i].total > 0);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);

	/* A write fault must not undo what was there beside it. */
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 512, records));
	for (unsigned long i = 0; i < PAGES; i++)
		at[i * PAGE + 7] = byte_at(i * PAGE + 7, 1);
	CHECK(!wrong_bytes(at, PAGES, 1));
}

/* Untouched pages appear on the device, zeroed, and the touched ones between them keep theirs. */
static void holes(int fd)
{
	unsigned char *at = map_pages(64);

	for (unsigned long i = 0; i < 64; i += 2)
		memset(at + i * PAGE, (int)i + 1, PAGE);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 64, 64, records));
	CHECK(records[0].collected == 64 && records[0].migrated == 64);
	CHECK(away(at, 64) == 64);
	for (unsigned long i = 0; i < 64 * PAGE; i++)
		CHECK(at[i] == (i / PAGE % 2 ? 0 : i / PAGE + 1));
	munmap(at, 64 * PAGE);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
}

/* Of faults that nobody asks for the first are kept, and the others counted. */
static void unread(void)
{
	enum { FAULTS = MIGBENCH_FAULTS_MAX + 10 };
	static struct migbench_record kept[FAULTS];
	struct migbench_faults taken = { .size = sizeof(taken), .records = (uintptr_t)kept };
	unsigned char *at;
	int fd;

	if (free_pages_of(0) < 2 * FAULTS || free_pages_of(1) < 2 * FAULTS)
		return;
	fd = open_device(1, FAULTS);
	at = map_pages(FAULTS);
	memset(at, 1, FAULTS * PAGE);
	for (unsigned long i = 0; i < FAULTS; i += 64)
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at + i * PAGE,
			       FAULTS - i < 64 ? FAULTS - i : 64, 64, records));
	CHECK(away(at, FAULTS) == FAULTS);
	for (unsigned long i = 0; i < FAULTS; i++)
		CHECK(at[i * PAGE] == 1);
	taken.count = FAULTS;
	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &taken));
	CHECK(taken.count == MIGBENCH_FAULTS_MAX && taken.lost == FAULTS - MIGBENCH_FAULTS_MAX);
	for (unsigned long i = 0; i < taken.count; i++)
		CHECK(kept[i].migrated == 1);
	taken.count = FAULTS;
	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &taken) && !taken.count && !taken.lost);
	munmap(at, FAULTS * PAGE);
	close(fd);
}

int main(void)
{
	int fd = open_device(1, PAGES);
	unsigned char *at = map_pages(PAGES);

	there_and_back(fd, at, 1);
	there_and_back(fd, at, 7);
	there_and_back(fd, at, 512);
	there_and_back(fd, at, PAGES);
	by_faults(fd, at);
	holes(fd);
	unread();
	puts("witness: all as it should be");
	return 0;
}
