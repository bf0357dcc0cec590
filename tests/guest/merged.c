// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: what KSM has merged stays where it is while ksmd compares with it, and moves when it is merged no more. */
#include "guest.h"

#define KSM "/sys/kernel/mm/ksm/"
#define PAGES 128UL /* the even ones are alike, the odd ones are not */
#define WAIT_MS 60000

static struct migbench_record record;

static unsigned long ksm_value(const char *name)
{
	unsigned long value = 0;
	char path[64];
	FILE *in;

	snprintf(path, sizeof(path), KSM "%s", name);
	in = fopen(path, "r");
	CHECK(in && fscanf(in, "%lu", &value) == 1);
	fclose(in);
	return value;
}

static void ksm_set(const char *name, const char *value)
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), KSM "%s", name);
	out = fopen(path, "w");
	CHECK(out && fputs(value, out) >= 0 && !fclose(out));
}

/* ksmd has been over all mergeable memory so often since. */
static void wait_for_scans(unsigned long scans)
{
	unsigned long from = ksm_value("full_scans");

	for (unsigned int i = 0; ksm_value("full_scans") < from + scans; i++) {
		CHECK(i < WAIT_MS / 10);
		usleep(10000);
	}
}

static void fill_alike(unsigned char *at, unsigned int seed)
{
	fill(at, PAGES, seed);
	for (unsigned long i = 0; i < PAGES; i += 2)
		memset(at + i * PAGE, (int)seed, PAGE);
}

static unsigned long wrong_pages(unsigned char *at, unsigned int seed)
{
	unsigned char *expected = malloc(PAGES * PAGE);
	unsigned long wrong = 0;

	CHECK(expected);
	fill_alike(expected, seed);
	for (unsigned long i = 0; i < PAGES; i++)
		wrong += !!memcmp(at + i * PAGE, expected + i * PAGE, PAGE);
	free(expected);
	return wrong;
}

static unsigned long away_of(const unsigned char *at, unsigned long first)
{
	unsigned long count = 0;

	for (unsigned long i = first; i < PAGES; i += 2)
		count += away(at + i * PAGE, 1);
	return count;
}

static void merge(unsigned char *at)
{
	CHECK(!madvise(at, PAGES * PAGE, MADV_MERGEABLE));
	ksm_set("run", "1");
	for (unsigned int i = 0; ksm_value("pages_sharing") + ksm_value("pages_shared") < PAGES / 2;
	     i++) {
		CHECK(i < WAIT_MS / 10);
		usleep(10000);
	}
}

/* There and back among pages that are merged; then, with a copy each, all go. */
static void to_private(void)
{
	unsigned char *at = map_pages(PAGES);
	int fd = open_device(1, PAGES);

	fill_alike(at, 1);
	merge(at);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.requested == PAGES && record.migrated <= PAGES / 2);
	CHECK(away_of(at, 0) == 0 && away_of(at, 1) == record.migrated);
	printf("merged: %u of %lu pages that are not merged left\n", record.migrated, PAGES / 2);
	CHECK(record.migrated > 0);
	/* It looks for what is like its merged pages, at these pages. */
	wait_for_scans(3);
	CHECK(!wrong_pages(at, 1));

	ksm_set("run", "2");
	CHECK(ksm_value("pages_shared") == 0);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES && away(at, PAGES) == PAGES);
	/* Nor does it take pages that are away. */
	ksm_set("run", "1");
	wait_for_scans(3);
	CHECK(away(at, PAGES) == PAGES);
	CHECK(!wrong_pages(at, 1));
	CHECK(info_of(fd).free_pages == PAGES);
	ksm_set("run", "2");
	munmap(at, PAGES * PAGE);
	close(fd);
}

/* From node to node a merged page moves as the kernel itself moves it, and ksmd follows. */
static void to_node(void)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_SYSTEM,
					   .node = 1 };
	unsigned char *at = map_pages(PAGES);
	int fd = open_device(0, 0);

	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	fill_alike(at, 2);
	merge(at);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated > 0);
	wait_for_scans(3);
	CHECK(!wrong_pages(at, 2));
	ksm_set("run", "2");
	munmap(at, PAGES * PAGE);
	close(fd);
}

int main(void)
{
	if (access(KSM "run", W_OK)) {
		puts("skipped: this kernel has no CONFIG_KSM");
		return 77;
	}
	/* All at once, and pages of all nodes. */
	ksm_set("pages_to_scan", "10000");
	ksm_set("sleep_millisecs", "1");
	to_private();
	to_node();
	puts("merged: what KSM has merged did not go to a device, and nothing was lost");
	return 0;
}
