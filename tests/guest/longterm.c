// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: io_uring's registered buffers take a coherent page to another frame, an ordinary one not; a short pin neither. */
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "guest.h"

#define PAGES 64UL

static struct migbench_record record;
static uint64_t frames[PAGES];

static void remember(const unsigned char *at)
{
	for (unsigned long i = 0; i < PAGES; i++) {
		frames[i] = pagemap(at + i * PAGE) & ((1UL << 55) - 1);
		CHECK(frames[i]);
	}
}

/* Pages that are not where they were. */
static unsigned long moved(const unsigned char *at)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < PAGES; i++)
		count += frames[i] != (pagemap(at + i * PAGE) & ((1UL << 55) - 1));
	return count;
}

/* A buffer of the ring, as a program registers one; then given back. */
static unsigned long moved_by_ring(unsigned char *at)
{
	struct io_uring_params params = { 0 };
	struct iovec buffer = { at, PAGES * PAGE };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	unsigned long count;

	CHECK(ring >= 0);
	remember(at);
	CHECK(!syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &buffer, 1));
	count = moved(at);
	CHECK(!wrong_bytes(at, PAGES, 9));
	CHECK(!syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS, NULL, 0));
	close(ring);
	return count;
}

static unsigned long moved_by_module(int fd, unsigned char *at, unsigned int op)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = PAGES
	};
	unsigned long count;

	remember(at);
	CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &request));
	count = moved(at);
	request = (struct migbench_hold){ .size = sizeof(request) };
	CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &request));
	CHECK(!wrong_bytes(at, PAGES, 9));
	return count;
}

static void ordinary(int fd)
{
	unsigned char *at = map_pages(PAGES);

	fill(at, PAGES, 9);
	CHECK(moved_by_module(fd, at, MIGBENCH_HOLD_PIN) == 0);
	CHECK(moved_by_module(fd, at, MIGBENCH_HOLD_LONGTERM) == 0);
	CHECK(moved_by_ring(at) == 0);
	munmap(at, PAGES * PAGE);
}

static void coherent(void)
{
	struct migbench_device request = {
		.size = sizeof(request), .kind = MIGBENCH_COHERENT, .node = 1, .pages = PAGES
	};
	unsigned char *at = map_pages(PAGES);
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0 && !ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	fill(at, PAGES, 9);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(record.migrated == PAGES);
	CHECK(moved_by_module(fd, at, MIGBENCH_HOLD_REFERENCE) == 0);
	CHECK(moved_by_module(fd, at, MIGBENCH_HOLD_PIN) == 0);
	CHECK(info_of(fd).free_pages == 0);
	CHECK(moved_by_ring(at) == PAGES);
	CHECK(info_of(fd).free_pages == PAGES);
	/* Ordinary now, they stay where they are. */
	CHECK(moved_by_ring(at) == 0);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	CHECK(moved_by_module(fd, at, MIGBENCH_HOLD_LONGTERM) == PAGES);
	munmap(at, PAGES * PAGE);
	close(fd);
}

int main(void)
{
	int fd = open_device(0, 0);

	bind_to_cpu(0);
	ordinary(fd);
	if (!has_kind(fd, MIGBENCH_COHERENT)) {
		puts("skipped: no coherent memory here, which came with 6.0; ordinary pages stayed");
		return 77;
	}
	coherent();
	puts("longterm: coherent pages moved, ordinary ones stayed");
	return 0;
}
