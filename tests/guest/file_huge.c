// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: pages of a memfd, huge or not, are no anonymous ones: they stay, and lose nothing. */
#include "guest.h"

int main(void)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_SYSTEM,
					   .node = 1 };
	int settings = open("/sys/kernel/mm/transparent_hugepage/shmem_enabled", O_WRONLY),
	    file = memfd_create("huge", 0), nodes = open_device(0, 0), device;
	unsigned int huge, pages;
	struct migbench_record *records;
	unsigned char *at;

	if (settings < 0 || write(settings, "always", 6) != 6 || file < 0) {
		puts("skipped: this kernel has no huge pages in memfd");
		return 77;
	}
	huge = huge_or_skip(2);
	pages = 2 * huge;
	records = calloc(pages, sizeof(*records));
	CHECK(records && !ftruncate(file, (off_t)(pages * PAGE)));
	at = map_pages(pages);
	CHECK(mmap(at, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) ==
	      at);
	CHECK(!madvise(at, pages * PAGE, MADV_HUGEPAGE));
	fill(at, pages, 1);
	CHECK(mapped_huge(nodes, at, pages));
	CHECK(!ioctl(nodes, MIGBENCH_IOC_DEVICE, &request));
	for (unsigned int batch = huge / 2; batch <= pages; batch *= 2) {
		CHECK(!migrate(nodes, MIGBENCH_TO_DEVICE, at, pages, batch, records));
		CHECK(!wrong_bytes(at, pages, 1));
		for (unsigned long i = 0; i < pages / batch; i++)
			CHECK(records[i].migrated == 0);
	}
	device = open_device(1, pages);
	CHECK(!migrate(device, MIGBENCH_TO_DEVICE, at, pages, pages, records));
	CHECK(records[0].migrated == 0);
	CHECK(!wrong_bytes(at, pages, 1));
	CHECK(info_of(device).free_pages == info_of(device).pages);
	/* Another mapping of the file sees the same. */
	CHECK(!munmap(at, pages * PAGE));
	at = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, file, 0);
	CHECK(at != MAP_FAILED && !wrong_bytes(at, pages, 1));
	return 0;
}
