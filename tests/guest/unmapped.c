// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: an eviction leaves alone what nobody maps any more, whose anon_vma may be gone, and all comes free later. */
#include <linux/membarrier.h>
#include <sys/syscall.h>

#include "guest.h"

/* As many mappings as fill many a slab with their anon_vmas; the page that stays is in the middle. */
#define MAPPINGS 4096UL
#define MIDDLE (MAPPINGS / 2)
#define PAGES 64UL
/* Pages of pipes, which come from where slabs do: in KiB. */
#define PIPES 96
#define PIPE_KIB 1024UL

static struct migbench_record record;

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* A kernel without it gives back what it has in its own time. */
	if (fd < 0)
		return;
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static int open_coherent(void)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_COHERENT,
					   .pages = PAGES };
	int fd = open_device(0, 0);

	if (!has_kind(fd, MIGBENCH_COHERENT)) {
		puts("skipped: this kernel, or this machine, has no device-coherent memory");
		exit(77);
	}
	request.node = info_of(fd).coherent_node;
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

static void hold(int fd, unsigned int op, void *at)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = !!at
	};

	CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &request));
}

/* What was freed is given back, and has then what no pointer can be. */
static void overwrite_free_memory(void)
{
	static unsigned char text[1 << 16];

	CHECK(!syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0));
	write_to("/sys/kernel/slab/anon_vma/shrink", "1");
	CHECK(!syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0));
	memset(text, 'A', sizeof(text));
	for (unsigned int i = 0; i < PIPES; i++) {
		int ends[2];

		CHECK(!pipe2(ends, O_CLOEXEC | O_NONBLOCK));
		if (fcntl(ends[1], F_SETPIPE_SZ, PIPE_KIB << 10) < 0)
			break;
		while (write(ends[1], text, sizeof(text)) > 0)
			;
	}
}

static long evict(int fd)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = PAGES,
					  .batch = PAGES,
					  .records = (uintptr_t)&record };
	int ret = ioctl(fd, MIGBENCH_IOC_EVICT, &request);

	if (ret && errno == EOPNOTSUPP) {
		puts("skipped: this kernel has no eviction by frame number");
		exit(77);
	}
	CHECK(!ret);
	return record.migrated;
}

int main(void)
{
	int fd = open_coherent();
	unsigned char *apart, *at = map_pages(2);

	bind_to_cpu(0);
	apart = map_apart(MAPPINGS);
	fill(at, 2, 1);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, apart + 2 * MIDDLE * PAGE, 1, 1, &record));
	CHECK(record.migrated == 1);
	hold(fd, MIGBENCH_HOLD_REFERENCE, apart + 2 * MIDDLE * PAGE);
	/* One on each side of it goes on being mapped, or its frame was the first. */
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 2, 2, &record) && record.migrated == 2);
	CHECK(info_of(fd).free_pages == PAGES - 3);
	CHECK(!munmap(apart, 2 * MAPPINGS * PAGE));
	CHECK(info_of(fd).free_pages == PAGES - 3);
	overwrite_free_memory();

	CHECK(evict(fd) == 2);
	CHECK(record.requested == 3 && record.collected == 2);
	CHECK(info_of(fd).free_pages == PAGES - 1);
	CHECK(!wrong_bytes(at, 2, 1));
	hold(fd, MIGBENCH_HOLD_RELEASE, NULL);
	CHECK(info_of(fd).free_pages == PAGES);
	puts("unmapped: left alone, and free when its last reference was gone");
	return 0;
}
