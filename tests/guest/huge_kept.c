// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a huge page that a batch could not lock is free when its process lets go of it, but where the kernel keeps it itself. */
#include "free_memory.h"
#include "guest.h"
#include "kept_pages.h"

static int hold(int fd, unsigned int op, const unsigned char *at)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = !!at
	};

	return ioctl(fd, MIGBENCH_IOC_HOLD, &request);
}

/* How many pages are kept, but for what CPUs have on their lists: freed in their own time, unless they are made to. */
static unsigned long kept_in_the_end(unsigned long want, unsigned long *huge, unsigned long may)
{
	unsigned long kept = 0;

	for (unsigned int try = 0; try < 20; try++) {
		put("/proc/sys/vm/compact_memory", "1");
		kept = kept_pages(false, huge);
		if (kept == want && (!*huge || *huge == may))
			break;
		usleep(100000);
	}
	return kept;
}

/* One page is held, and nobody maps it any more: it is seen until it is let go. */
static void is_seen(void)
{
	unsigned long huge;
	unsigned char *at = map_pages(1);
	int fd = open_device(0, 0);

	fill(at, 1, 1);
	CHECK(!hold(fd, MIGBENCH_HOLD_REFERENCE, at));
	munmap(at, PAGE);
	CHECK(kept_in_the_end(1, &huge, 0) == 1);
	CHECK(!hold(fd, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!kept_in_the_end(0, &huge, 0));
	close(fd);
}

/* Pages of huge ones that are kept when all is unmapped, after a batch for half of one that is @locked or not. */
static unsigned long kept_of_huge(int fd, unsigned int huge, bool locked)
{
	unsigned char *at = map_pages(huge);
	static struct migbench_record record;
	unsigned long kept, of_huge;
	int other = open_device(0, 0);

	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE));
	fill(at, huge, 1);
	CHECK(mapped_huge(fd, at, huge));
	CHECK(!locked || !hold(other, MIGBENCH_HOLD_LOCK, at));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge / 2, huge / 2, &record));
	CHECK(record.migrated == (locked ? 0 : huge / 2));
	CHECK(!locked || !hold(other, MIGBENCH_HOLD_RELEASE, NULL));
	CHECK(!wrong_bytes(at, huge, 1));
	munmap(at, huge * PAGE);
	close(other);
	/* What may be kept need not be waited for. */
	kept = kept_in_the_end(0, &of_huge, locked && keeps_huge_pages() ? huge : 0);
	CHECK(!kept);
	return of_huge;
}

int main(void)
{
	unsigned int huge = huge_or_skip(1);
	int fd = open_device(1, huge);
	unsigned long kept;

	is_seen();
	CHECK(!kept_of_huge(fd, huge, false));
	kept = kept_of_huge(fd, huge, true);
	CHECK(!kept || (keeps_huge_pages() && kept == huge));
	printf("huge_kept: %lu pages of %u are kept, by the kernel itself\n", kept, huge);
	return 0;
}
