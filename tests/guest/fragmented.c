// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: where no huge page can be had a huge page moves whole or stays, and a fault on one ends, or waits where a fork shares it. */
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"
#include "hog.h"

/* Pages that go together: holes of so many are no huge page. Where they are more, a fork's stack finds room in one. */
#define GROUP 4UL
#define LARGER 64UL
#define FILLERS 40
#define LAST 40 /* huge pages that may be left then */

static unsigned int huge; /* base pages of a huge page */
static struct migbench_record record;
static sigjmp_buf out;

/* Where the kernel has it. */
static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	CHECK(write(fd, value, strlen(value)) == (ssize_t)strlen(value));
	close(fd);
}

/* A child has none of it, unless it is to. */
static unsigned char *map_huge(unsigned int node)
{
	unsigned char *at = map_pages(huge);

	CHECK(!madvise(at, huge * PAGE, MADV_HUGEPAGE) && !madvise(at, huge * PAGE, MADV_DONTFORK));
	bind(at, huge, node);
	return at;
}

/* The rest of a node as device memory, which fails where a process would be killed; returns how many. */
static unsigned int fill_up(unsigned int node, int fds[FILLERS])
{
	struct migbench_device request = { .size = sizeof(request), .node = node, .pages = 128 };
	unsigned int count = 0;

	while (count < FILLERS) {
		fds[count] = open_device(0, 0);
		if (ioctl(fds[count++], MIGBENCH_IOC_DEVICE, &request))
			break;
	}
	return count;
}

/* What huge pages a node still has. */
static struct {
	unsigned char *at[LAST];
	unsigned int count;
} last;

static void take_last(int fd, unsigned int node)
{
	for (;;) {
		unsigned char *at = map_huge(node);

		at[0] = 1;
		if (!mapped_huge(fd, at, huge)) {
			munmap(at, huge * PAGE);
			return;
		}
		CHECK(last.count < LAST);
		last.at[last.count++] = at;
	}
}

/* Every second group of @group, until @pages, a multiple of it, are free or all holes are made. */
static void give(struct hog *hog, unsigned long pages, unsigned long group)
{
	for (; pages && hog->given + group <= hog->pages; hog->given += 2 * group, pages -= group)
		CHECK(!munmap(hog->at + hog->given * PAGE, group * PAGE));
}

static void on_signal(int number)
{
	siglongjmp(out, number);
}

/* A page that is whole goes whole; how it is after is for the kernel to choose. */
static void to_a_full_node(struct hog *hog)
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = MIGBENCH_SYSTEM,
					   .node = 1 };
	unsigned char *at = map_huge(0);
	int fd = open_device(0, 0), fillers[FILLERS];
	unsigned int tries = 0, count;

	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	fill(at, huge, 1);
	take(hog, 1);
	count = fill_up(1, fillers);
	do {
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record));
		CHECK(record.requested == huge && record.migrated <= huge);
		if (kernel_since(6, 19))
			CHECK(record.migrated == 0 || record.migrated == huge);
		give(hog, 64, GROUP);
	} while (record.migrated < huge && ++tries < 400);
	while (count--)
		close(fillers[count]);
	printf("all of it moved after %u holes of 64 pages\n", tries);
	CHECK(record.migrated == huge);
	/* The node was full. */
	CHECK(tries > 0);
	CHECK(!wrong_bytes(at, huge, 1));
	munmap(at, huge * PAGE);
	close(fd);
}

/* A huge page on the device, touched where there are pages enough, and none of them huge. */
static void touch(int fd, unsigned char *at)
{
	volatile unsigned char *volatile byte = at + 7 * PAGE;
	int number = sigsetjmp(out, 1);

	if (!number) {
		alarm(200);
		(void)*byte;
	}
	alarm(0);
	printf("a touch ended by signal %d, present %lu\n", number, present(at, huge));
	CHECK(number == 0 || number == SIGBUS);
	if (number)
		CHECK(info_of(fd).free_pages == info_of(fd).pages - huge);
}

static void child(const unsigned char *at)
{
	int own[2];

	/* The kernel doesn't wait for what it is to read itself. */
	CHECK(!pipe(own) && (write(own[1], at + 3 * PAGE, 1) == 1 || errno == EFAULT));
	CHECK(!wrong_bytes(at, huge, 3));
	_exit(0);
}

static int end_of(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

/*
 * A child at a huge page on the device that it shares, which can't be split: it waits for a huge page, of which there is
 * none. Before 6.19 there is no such page, and it has ended.
 */
static pid_t at_shared(int fd, unsigned char *at)
{
	int status;

	for (unsigned int tries = 0; tries < 10; tries++) {
		pid_t pid;

		if (!away(at, huge))
			CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record));
		CHECK(info_of(fd).free_pages == 0);
		take_last(fd, 0);
		pid = fork();
		CHECK(pid >= 0);
		if (!pid)
			child(at);
		if (!kernel_since(6, 19)) {
			CHECK(!end_of(pid));
			return 0;
		}
		sleep(2);
		/* On its way out, or at its look at what has come home: that is no wait. */
		if (!waitpid(pid, &status, WNOHANG)) {
			if (info_of(fd).free_pages == 0)
				return pid;
			status = end_of(pid);
		}
		CHECK(!status);
		puts("the kernel has put a huge page together");
	}
	CHECK(!"a child that waits");
	return 0;
}

/* Who waits can be killed. Then another waits. */
static pid_t touched_by_children(int fd, unsigned char *at)
{
	pid_t pid = at_shared(fd, at);
	time_t killed = time(NULL);
	int status;

	if (!pid)
		return 0;
	CHECK(!kill(pid, SIGKILL));
	status = end_of(pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(time(NULL) - killed < 30); /* also on a busy host */
	puts("a touch of what a fork shares waited, and ended with its process");
	return at_shared(fd, at);
}

int main(void)
{
	int fillers[FILLERS], fd, shared_fd;
	unsigned char *at, *shared;
	unsigned int count;
	struct hog hogs[2];
	pid_t waiting;

	huge = huge_or_skip(3);
	fd = open_device(0, huge);
	at = map_huge(0);
	shared_fd = open_device(0, huge);
	shared = map_huge(0);
	CHECK(!madvise(shared, huge * PAGE, MADV_DOFORK));

	/* Nothing is moved to make room, nor does the kernel keep more free than the hogs leave, and kill for it. */
	set("/proc/sys/vm/watermark_boost_factor", "0");
	set("/proc/sys/vm/compact_unevictable_allowed", "0");
	signal(SIGALRM, on_signal);
	signal(SIGBUS, on_signal);
	fill(at, huge, 2);
	fill(shared, huge, 3);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, huge, huge, &record));
	CHECK(record.migrated == huge);
	CHECK(!migrate(shared_fd, MIGBENCH_TO_DEVICE, shared, huge, huge, &record));
	CHECK(record.migrated == huge);
	to_a_full_node(&hogs[1]);
	take(&hogs[0], 0);
	give(&hogs[0], hogs[0].pages / 2, GROUP);
	give(&hogs[1], hogs[1].pages / 2, LARGER);
	count = fill_up(0, fillers);
	waiting = touched_by_children(shared_fd, shared);
	touch(fd, at);
	/* With room again nothing is lost. */
	while (count--)
		close(fillers[count]);
	for (int i = 0; i < 2; i++)
		munmap(hogs[i].at, hogs[i].mapped * PAGE);
	while (last.count--)
		munmap(last.at[last.count], huge * PAGE);
	CHECK(!wrong_bytes(at, huge, 2));
	munmap(at, huge * PAGE);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	CHECK(!waiting || !end_of(waiting));
	CHECK(!wrong_bytes(shared, huge, 3));
	munmap(shared, huge * PAGE);
	CHECK(info_of(shared_fd).free_pages == info_of(shared_fd).pages);
	return 0;
}
