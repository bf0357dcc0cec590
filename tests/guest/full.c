// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a device with fewer pages than asked for takes what it can; the rest stays. */
#include "guest.h"

int main(void)
{
	struct migbench_record records[200];
	unsigned char *at = map_pages(200);
	int fd = open_device(1, 100);

	fill(at, 200, 9);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 200, 200, records));
	CHECK(records[0].requested == 200 && records[0].collected == 200);
	CHECK(records[0].migrated == 100);
	CHECK(away(at, 200) == 100 && present(at, 200) == 100);
	CHECK(info_of(fd).free_pages == 0);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, 200, 64, records));
	CHECK(present(at, 200) == 200);
	CHECK(!wrong_bytes(at, 200, 9));
	CHECK(info_of(fd).free_pages == 100);
	puts("full: what fitted moved, the rest stayed");
	return 0;
}
