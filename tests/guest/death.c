// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: processes with pages on a device die in every way, and every page and all memory come back. */
#include <elf.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"

#define PAGES 512UL
#define CYCLES 100U
#define KEPT_KIB (256 * PAGE / 1024)
#define LIMIT (3072 * PAGE)

static struct migbench_record records[PAGES];

static int end_of(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

/* Killed, while it may be doing any part of a journey. */
static void cycle(unsigned int number)
{
	unsigned int batch = 1U << number % 10;
	int begun[2];
	pid_t pid;
	char c = 0;

	CHECK(!pipe(begun));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		int fd = open_device(1, PAGES);
		unsigned char *at = map_pages(PAGES);

		if (number % 3 == 0)
			CHECK(!madvise(at, PAGES * PAGE, MADV_HUGEPAGE));
		fill(at, PAGES, number);
		CHECK(write(begun[1], &c, 1) == 1);
		for (;;) {
			CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, batch, records));
			CHECK(!wrong_bytes(at, PAGES / 8, number));
			CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, batch, records));
		}
	}
	close(begun[1]);
	/* It may die while it fills, too; where pages are large that takes most of its time. */
	if (number % 2)
		CHECK(read(begun[0], &c, 1) == 1);
	close(begun[0]);
	usleep(2000 + number * 7919 % 60000);
	CHECK(!kill(pid, SIGKILL));
	pid = end_of(pid);
	CHECK(WIFSIGNALED(pid) && WTERMSIG(pid) == SIGKILL);
}

static void cycles(void)
{
	unsigned long before, after = 0;

	for (unsigned int i = 0; i < 10; i++)
		cycle(i);
	before = free_kib();
	for (unsigned int i = 0; i < CYCLES; i++)
		cycle(i);
	/* What is freed behind a grace period takes its time. */
	for (unsigned int i = 0; i < 20 && after + KEPT_KIB < before; i++) {
		usleep(200000);
		after = free_kib();
	}
	printf("%u cycles: %lu KiB free before, %lu after\n", CYCLES, before, after);
	CHECK(after + KEPT_KIB >= before);
}

/* Each child takes pages of its own from what the parent has on the device, and all die at once. */
static void fork_storm(void)
{
	int fd = open_device(1, PAGES), go[2];
	unsigned char *at = map_pages(PAGES);
	pid_t children[32];
	char c;

	fill(at, PAGES, 5);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 64, records));
	CHECK(!pipe(go));
	for (unsigned int i = 0; i < 32; i++) {
		children[i] = fork();
		CHECK(children[i] >= 0);
		if (!children[i]) {
			close(go[1]);
			CHECK(read(go[0], &c, 1) == 0);
			at[i * PAGE] ^= 255;
			CHECK(at[i * PAGE] == (byte_at(i * PAGE, 5) ^ 255));
			at[i * PAGE] ^= 255;
			CHECK(!wrong_bytes(at, 64, 5));
			if (i % 2)
				raise(SIGKILL);
			_exit(0);
		}
	}
	CHECK(away(at, PAGES) == PAGES);
	close(go[0]);
	close(go[1]);
	for (unsigned int i = 0; i < 32; i++) {
		int status = end_of(children[i]);

		CHECK(i % 2 ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL : status == 0);
	}
	CHECK(!wrong_bytes(at, PAGES, 5));
	CHECK(info_of(fd).free_pages == PAGES);
	munmap(at, PAGES * PAGE);
	close(fd);
	puts("fork storm: 32 children, nothing lost");
}

static atomic_bool done;

static void *toucher(void *arg)
{
	unsigned char *at = arg;

	while (!done)
		for (unsigned long i = 0; i < PAGES; i++)
			(void)*(volatile unsigned char *)(at + i * PAGE);
	return NULL;
}

static bool unload(void)
{
	return !syscall(SYS_delete_module, "migbench", O_NONBLOCK);
}

static void unload_in_use(void)
{
	int fd = open_device(1, PAGES);
	unsigned char *at = map_pages(PAGES);
	pthread_t thread;

	fill(at, PAGES, 6);
	CHECK(!pthread_create(&thread, NULL, toucher, at));
	for (unsigned int i = 0; i < 30; i++) {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 64, records));
		CHECK(!unload());
	}
	done = true;
	pthread_join(thread, NULL);
	CHECK(!wrong_bytes(at, PAGES, 6));
	close(fd);
	munmap(at, PAGES * PAGE);
	puts("unloading: refused during faults");
}

/* A control group's limit, and in it a process whose device memory and pages both count. */
static void out_of_memory(void)
{
	unsigned int killed = 0;

	char limit[24];

	snprintf(limit, sizeof(limit), "%lu", LIMIT);
	mkdir("/sys/fs/cgroup/death", 0755);
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	CHECK(put("/sys/fs/cgroup/death/memory.max", limit));
	for (unsigned int i = 0; i < 8; i++) {
		pid_t pid = fork();
		int status;

		CHECK(pid >= 0);
		if (!pid) {
			int fd;
			unsigned char *at = map_pages(4096);

			CHECK(put("/sys/fs/cgroup/death/cgroup.procs", "0"));
			fd = open_device(1, PAGES);
			for (unsigned long page = 0; page < 4096; page += 64) {
				memset(at + page * PAGE, 1, 64 * PAGE);
				migrate(fd, MIGBENCH_TO_DEVICE, at,
					page + 64 > PAGES ? PAGES : page + 64, 64, records);
			}
			_exit(0);
		}
		status = end_of(pid);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		killed++;
	}
	CHECK(!rmdir("/sys/fs/cgroup/death"));
	printf("out of memory: %u processes killed\n", killed);
}

/* The content of @addr in the core file, or NULL. */
static const unsigned char *in_core(const unsigned char *core, size_t size, uint64_t addr)
{
	const Elf64_Ehdr *elf = (const void *)core;
	const Elf64_Phdr *part = (const void *)(core + elf->e_phoff);

	for (unsigned int i = 0; i < elf->e_phnum; i++)
		if (part[i].p_type == PT_LOAD && addr >= part[i].p_vaddr &&
		    addr - part[i].p_vaddr < part[i].p_filesz &&
		    part[i].p_offset + addr - part[i].p_vaddr + PAGE <= size)
			return core + part[i].p_offset + (addr - part[i].p_vaddr);
	return NULL;
}

/* How many of a core file's @pages from @addr on are left out, which are zeros; the others must be right. */
static unsigned long left_out(const unsigned char *core, size_t size, const unsigned char *addr,
			      unsigned long pages)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < pages; i++) {
		const unsigned char *page = in_core(core, size, (uintptr_t)(addr + i * PAGE));
		unsigned long zeros = 0, right = 0;

		CHECK(page);
		for (unsigned long j = 0; j < PAGE; j++) {
			zeros += !page[j];
			right += page[j] == byte_at(i * PAGE + j, 8);
		}
		CHECK(right == PAGE || zeros == PAGE);
		count += right != PAGE;
	}
	return count;
}

/* In a child: base pages, of which the last few stay, or one huge page; then it dies. */
static void dump(unsigned char *at, unsigned long pages, bool huge)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int fd = open_device(1, pages);

	CHECK(!setrlimit(RLIMIT_CORE, &all));
	/* Written to: else they are the parent's, too, and still count as its. */
	fill(at, pages, 8);
	if (huge) {
		CHECK(mapped_huge(fd, at, pages));
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, (unsigned int)pages, records));
		CHECK(mapped_huge(fd, at, pages) == kernel_since(6, 19));
	} else {
		pages -= 7;
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, pages, 64, records));
	}
	CHECK(having(fd, at, pages, MIGBENCH_PTE_DEVICE) == pages);
	abort();
}

static void core_dump(unsigned long pages, bool huge)
{
	unsigned char *at = map_pages(pages), *core;
	unsigned long missing;
	struct stat info;
	int status, fd;
	pid_t pid;

	CHECK(put("/proc/sys/kernel/core_pattern", "/tmp/core.of.%e"));
	/* What a child writes to is no huge page where the parent has written. */
	if (huge)
		CHECK(!madvise(at, pages * PAGE, MADV_HUGEPAGE));
	else
		fill(at, pages, 7);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid)
		dump(at, pages, huge);
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && WCOREDUMP(status));
	fd = open("/tmp/core.of.death", O_RDONLY);
	CHECK(fd >= 0 && !fstat(fd, &info));
	core = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(core != MAP_FAILED);
	missing = left_out(core, (size_t)info.st_size, at, pages);
	/* Linux leaves out what is huge and not present (docs/kernel-findings.md). */
	CHECK(!missing || (huge && kernel_since(6, 19) && missing == pages));
	CHECK(huge || !wrong_bytes(at, pages, 7));
	munmap(core, (size_t)info.st_size);
	munmap(at, pages * PAGE);
	close(fd);
	unlink("/tmp/core.of.death");
	printf("core dump of %s: %lu of %lu pages are in it\n", huge ? "a huge page" : "base pages",
	       pages - missing, pages);
}

int main(void)
{
	close(open_device(1, 1));
	fork_storm();
	unload_in_use();
	out_of_memory();
	core_dump(PAGES, false);
	if (huge_pages_fit(2))
		core_dump(huge_pages(), true);
	else
		puts("no room for a huge page and its core file");
	cycles();
	return 0;
}
