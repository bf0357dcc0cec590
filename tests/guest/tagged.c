// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a pointer with a tag in its top byte is taken on arm64, as by madvise(), and refused elsewhere. */
#include "guest.h"

#define PAGES 8UL
#define TAG (0x5aULL << 56)

int main(void)
{
	int fd = open_device(1, PAGES);
	unsigned char *at = map_pages(PAGES), *tagged = (void *)((uintptr_t)at | TAG);
	struct migbench_record record = { 0 };

	fill(at, PAGES, 1);
#if defined(__aarch64__)
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, tagged, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES && away(at, PAGES) == PAGES);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, tagged, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
#else
	CHECK(migrate(fd, MIGBENCH_TO_DEVICE, tagged, PAGES, PAGES, &record) == -1 &&
	      errno == EINVAL);
#endif
	CHECK(present(at, PAGES) == PAGES && !wrong_bytes(at, PAGES, 1));
	return 0;
}
