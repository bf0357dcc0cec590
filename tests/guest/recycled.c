// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a device page has nothing of the page that was on it before: not active, and no BUG beside unevictable. */
#include <sys/uio.h>
#include <sys/wait.h>

#include "guest.h"

#define KPF_ACTIVE (1ULL << 6) /* Documentation/admin-guide/mm/pagemap.rst */
#define FRAME ((1ULL << 55) - 1)

static struct migbench_record record;

static uint64_t word_of(const char *path, uint64_t index)
{
	uint64_t word = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CHECK(fd >= 0 &&
	      pread(fd, &word, sizeof(word), (off_t)(index * sizeof(word))) == sizeof(word));
	close(fd);
	return word;
}

static bool is_active(const void *at)
{
	uint64_t frame = word_of("/proc/self/pagemap", (uintptr_t)at / PAGE) & FRAME;

	return word_of("/proc/kpageflags", frame) & KPF_ACTIVE;
}

/* CPUs give back to the lists what they hold of them, which drop_caches has not made them do before 6.12. */
static void drain(void)
{
	int fd = open("/proc/sys/vm/compact_memory", O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0 && write(fd, "1", 1) == 1);
	close(fd);
}

/* An active page goes to the device, and is unmapped there. */
static void leave_active(int fd)
{
	unsigned char *at = map_pages(1);
	char byte;
	struct iovec here = { &byte, 1 }, there = { at, 1 };

	fill(at, 1, 1);
	for (int i = 0; i < 4; i++) {
		drain();
		/* As its access by another process: mark_page_accessed(). */
		CHECK(process_vm_readv(getpid(), &here, 1, &there, 1, 0) == 1);
	}
	drain();
	if (!is_active(at)) {
		puts("skipped: no access makes a page active here (lru_gen counts them otherwise)");
		exit(77);
	}
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 1, 1, &record) && record.migrated == 1);
	munmap(at, PAGE);
	CHECK(info_of(fd).free_pages == 1);
}

static void there_and_back(int fd, unsigned char *at)
{
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 1, 1, &record) && record.migrated == 1);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, 1, 1, &record) && record.migrated == 1);
}

int main(void)
{
	int fd = open_device(1, 1), status;
	unsigned char *at = map_pages(2);
	pid_t child;

	/* No kernel of the lab is without CONFIG_PROC_PAGE_MONITOR. */
	CHECK(!access("/proc/kpageflags", R_OK));
	bind_to_cpu(0);
	fill(at, 2, 2);
	leave_active(fd);
	there_and_back(fd, at);
	drain();
	CHECK(!is_active(at));

	/* What another process has locked goes there unevictable. */
	leave_active(fd);
	CHECK(!mlock(at + PAGE, PAGE));
	drain();
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		there_and_back(fd, at + PAGE);
		exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && !status);
	CHECK(!wrong_bytes(at, 2, 2));
	puts("recycled: as new");
	return 0;
}
