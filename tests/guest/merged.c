// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: memory that KSM may merge is neither moved nor selected while ksmd is at it; it is when it may no more. */
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

static long collect(int fd, const unsigned char *at, unsigned int select)
{
	unsigned char bits[PAGES];
	struct migbench_collect request = { .size = sizeof(request),
					    .select = select,
					    .addr = (unsigned long)at,
					    .pages = PAGES,
					    .sources = (unsigned long)bits };

	return ioctl(fd, MIGBENCH_IOC_COLLECT, &request) ? -1 : (long)request.collected;
}

/* None of what is merged, nor what ksmd may be merging: its reverse map can't put it back yet. */
static void refused(int fd, unsigned char *at)
{
	CHECK(migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record) == -1);
	CHECK(errno == EOPNOTSUPP);
	CHECK(collect(fd, at, MIGBENCH_SELECT_SYSTEM) == -1 && errno == EOPNOTSUPP);
	wait_for_scans(3);
}

/* A page that ksmd compares with just now has its reference, and would stay: the write waits for the end of that. */
static void may_no_more(unsigned char *at)
{
	CHECK(!madvise(at, PAGES * PAGE, MADV_UNMERGEABLE));
	ksm_set("run", "0");
}

/* While ksmd compares with them nothing leaves; then all do, and it takes none that is away. */
static void to_private(void)
{
	unsigned char *at = map_pages(PAGES);
	int fd = open_device(1, PAGES);

	fill_alike(at, 1);
	merge(at);
	refused(fd, at);
	CHECK(!away(at, PAGES) && !wrong_pages(at, 1));
	CHECK(collect(fd, at, MIGBENCH_SELECT_PRIVATE) == 0);

	may_no_more(at);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES && away(at, PAGES) == PAGES);
	/* Device pages are of no interest to ksmd, and come back wherever they are mapped. */
	CHECK(!madvise(at, PAGES * PAGE, MADV_MERGEABLE));
	ksm_set("run", "1");
	wait_for_scans(3);
	CHECK(away(at, PAGES) == PAGES);
	CHECK(collect(fd, at, MIGBENCH_SELECT_PRIVATE) == (long)PAGES);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES / 2, PAGES, &record));
	CHECK(record.migrated == PAGES / 2);
	CHECK(!wrong_pages(at, 1));
	CHECK(info_of(fd).free_pages == PAGES);
	ksm_set("run", "2");
	munmap(at, PAGES * PAGE);
	close(fd);
}

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
	refused(fd, at);
	may_no_more(at);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(!wrong_pages(at, 2));
	ksm_set("run", "2");
	munmap(at, PAGES * PAGE);
	close(fd);
}

int main(void)
{
	/* No kernel of the lab is without CONFIG_KSM. */
	CHECK(!access(KSM "run", W_OK));
	/* All at once, and pages of all nodes. */
	ksm_set("pages_to_scan", "10000");
	ksm_set("sleep_millisecs", "1");
	to_private();
	to_node();
	puts("merged: what KSM may merge went nowhere before it might no more, and nothing was lost");
	return 0;
}
