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

/* Pages of huge ones that are kept when all is unmapped, after a batch for half of one that is @locked or not. */
static unsigned long kept_of_huge(int fd, unsigned int huge, bool locked)
{
	unsigned char *at = map_pages(huge);
	static struct migbench_record record;
	unsigned long kept, of_huge = 0;
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
	/* Freed by the CPUs in their own time, unless they are made to. What may be kept need not be waited for. */
	for (unsigned int try = 0; try < 20; try++) {
		put("/proc/sys/vm/compact_memory", "1");
		kept = kept_pages(false, &of_huge);
		if (!kept && (!of_huge || (locked && keeps_huge_pages() && of_huge == huge)))
			break;
		usleep(100000);
	}
	CHECK(!kept);
	return of_huge;
}

int main(void)
{
	unsigned int huge = huge_or_skip(1);
	int fd = open_device(1, huge);
	unsigned long kept;

	CHECK(!kept_of_huge(fd, huge, false));
	kept = kept_of_huge(fd, huge, true);
	CHECK(!kept || (keeps_huge_pages() && kept == huge));
	printf("huge_kept: %lu pages of %u are kept, by the kernel itself\n", kept, huge);
	return 0;
}
