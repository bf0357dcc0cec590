// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: eviction of a range in which one frame of many is in use brings back these pages, no others, intact. */
#include "guest.h"

#define USED 24UL
#define OWN 8UL

static struct migbench_record record;

static int open_spread(unsigned int kind, unsigned int spread)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = kind,
					   .node = 1,
					   .pages = USED * spread,
					   .spread = (uint16_t)spread };
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	CHECK(info_of(fd).pages == USED && info_of(fd).free_pages == USED);
	return fd;
}

static bool evict(int fd, unsigned int flags, unsigned long first, unsigned long frames)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .flags = flags,
					  .first = first,
					  .pages = frames,
					  .batch = (unsigned int)frames,
					  .records = (uintptr_t)&record };

	if (!ioctl(fd, MIGBENCH_IOC_EVICT, &request))
		return true;
	CHECK(errno == EOPNOTSUPP);
	return false;
}

/* The first OWN frames that are used have the pages of @at in order, and so have the others. */
static void spread_out(unsigned int kind, unsigned int spread, unsigned int flags)
{
	int fd = open_spread(kind, spread);
	unsigned char *at = map_pages(USED);

	fill(at, USED, spread);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, USED, USED, &record));
	CHECK(record.migrated == USED);
	CHECK(info_of(fd).free_pages == 0);
	if (evict(fd, flags, 0, OWN * spread)) {
		CHECK(record.requested == OWN && record.collected == OWN && record.migrated == OWN);
		CHECK(info_of(fd).free_pages == OWN);
		/* Between two frames in use there is nothing to be had. */
		if (spread > 1)
			CHECK(evict(fd, flags, OWN * spread + 1, spread - 1) && !record.requested &&
			      !record.migrated);
		CHECK(evict(fd, flags, OWN * spread, (USED - OWN) * spread));
		CHECK(record.requested == USED - OWN && record.migrated == USED - OWN);
		CHECK(info_of(fd).free_pages == USED);
		CHECK(present(at, USED) == USED);
	}
	CHECK(!wrong_bytes(at, USED, spread));
	munmap(at, USED * PAGE);
	close(fd);
}

/* What was part of a huge page is free, though it still points to a frame that is in use again. */
static void after_huge(unsigned int flags)
{
	unsigned long huge = huge_pages();
	unsigned char *at, *one;
	int fd;

	if (!kernel_since(6, 19) || !huge_pages_fit(1))
		return;
	fd = open_device(1, (unsigned int)huge);
	at = map_pages(huge);
	one = map_pages(1);
	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE));
	fill(at, huge, 1);
	fill(one, 1, 2);
	CHECK(mapped_huge(fd, at, huge));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record) && record.migrated == huge);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, huge, huge, &record) && record.migrated == huge);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, one, 1, 1, &record) && record.migrated == 1);
	if (evict(fd, flags, 0, huge))
		CHECK(record.requested == 1 && record.collected == 1 && record.migrated == 1);
	CHECK(!wrong_bytes(at, huge, 1) && !wrong_bytes(one, 1, 2));
	munmap(at, huge * PAGE);
	munmap(one, PAGE);
	close(fd);
}

/* The rest of a huge page stays where it is, and what is behind it comes, all of it. */
static void behind_huge(unsigned int flags)
{
	unsigned long huge = huge_pages(), half = huge / 2;
	unsigned char *at, *behind;
	int fd;

	if (!kernel_since(6, 19) || !huge_pages_fit(1))
		return;
	fd = open_device(1, 2 * (unsigned int)huge);
	at = map_pages(huge);
	behind = map_pages(huge);
	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE));
	CHECK(!madvise(behind, huge * PAGE, MADV_NOHUGEPAGE));
	fill(at, huge, 3);
	fill(behind, huge, 4);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record) && record.migrated == huge);
	CHECK(mapped_huge(fd, at, huge));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, behind, huge, huge, &record));
	CHECK(record.migrated == huge);
	if (evict(fd, flags, half, half + huge)) {
		CHECK(record.requested == half + huge);
		CHECK(record.collected == huge && record.migrated == huge);
		CHECK(present(behind, huge) == huge && away(at, huge) == huge);
	}
	/* The same of what was a huge page, and is free. */
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, huge, huge, &record) && record.migrated == huge);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, behind, huge, huge, &record));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record) && record.migrated == huge);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, behind, huge, huge, &record));
	CHECK(record.migrated == huge && away(behind, huge) == huge);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, huge, huge, &record) && record.migrated == huge);
	if (evict(fd, flags, half, half + huge)) {
		CHECK(record.requested == huge && record.migrated == huge);
		CHECK(present(behind, huge) == huge);
	}
	CHECK(!wrong_bytes(at, huge, 3) && !wrong_bytes(behind, huge, 4));
	munmap(at, huge * PAGE);
	munmap(behind, huge * PAGE);
	close(fd);
}

int main(void)
{
	int fd = open_device(0, 0);

	if (!kernel_since(6, 1)) {
		puts("skipped: no eviction by frame number before 6.1");
		return 77;
	}
	for (unsigned int flags = 0; flags <= MIGBENCH_EVICT_PFNS; flags++) {
		if (has_kind(fd, MIGBENCH_PRIVATE)) {
			after_huge(flags);
			behind_huge(flags);
		}
		for (unsigned int spread = 1; spread <= MIGBENCH_SPREAD_MAX; spread *= 8) {
			if (has_kind(fd, MIGBENCH_PRIVATE))
				spread_out(MIGBENCH_PRIVATE, spread, flags);
			if (has_kind(fd, MIGBENCH_COHERENT) && USED * spread <= coherent_pages())
				spread_out(MIGBENCH_COHERENT, spread, flags);
		}
	}
	puts("sparse_evict: exactly the frames in use");
	return 0;
}
