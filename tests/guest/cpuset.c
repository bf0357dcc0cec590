// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a process whose nodes change amid journeys and COLLECT keeps every page, and no lock is taken in another order. */
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"

#define PAGES 64UL
#define CHANGES 40U
#define GROUP "/sys/fs/cgroup/cpuset"

/* Memory that goes to a device and back. */
struct area {
	int fd;
	unsigned char *at;
	unsigned long pages;
	unsigned int seed;
};

/* What the process says whose nodes change. */
struct said {
	atomic_uint rounds;
	atomic_ulong on[2]; /* pages found on either node */
	atomic_ulong flushes;
	atomic_bool done;
};

static struct said *said;
static struct migbench_record *records;

static struct area area_of(unsigned int kind, unsigned long pages, bool huge)
{
	struct migbench_device request = {
		.size = sizeof(request), .kind = kind, .node = 1, .pages = pages
	};
	struct area area = { open_device(0, 0), map_pages(pages), pages, kind };

	CHECK(!ioctl(area.fd, MIGBENCH_IOC_DEVICE, &request));
	if (huge)
		CHECK(!madvise(area.at, pages * PAGE, MADV_HUGEPAGE));
	fill(area.at, pages, kind);
	return area;
}

static void note_nodes(unsigned char *at)
{
	void *pages[PAGES];
	int nodes[PAGES];

	for (unsigned long i = 0; i < PAGES; i++)
		pages[i] = at + i * PAGE;
	CHECK(!syscall(SYS_move_pages, 0, PAGES, pages, NULL, nodes, 0));
	for (unsigned long i = 0; i < PAGES; i++)
		if (nodes[i] == 0 || nodes[i] == 1)
			said->on[nodes[i]]++;
}

static void collect(int fd, unsigned char *at, unsigned int select)
{
	static uint8_t sources[PAGES];
	struct migbench_collect request = { .size = sizeof(request),
					    .flags = MIGBENCH_COLLECT_WATCH,
					    .select = select,
					    .addr = (uintptr_t)at,
					    .pages = PAGES,
					    .sources = (uintptr_t)sources };
	int ret = ioctl(fd, MIGBENCH_IOC_COLLECT, &request);

#if defined(__x86_64__)
	CHECK(!ret);
#else
	CHECK(!ret || errno == EOPNOTSUPP);
#endif
	said->flushes += request.flushes;
}

/* Where the pages may be is changed by another process meanwhile. */
static void work(void)
{
	unsigned char *home = map_pages(PAGES);
	struct area areas[3] = { area_of(MIGBENCH_PRIVATE, PAGES, false) };
	unsigned int count = 1;

	if (has_kind(areas[0].fd, MIGBENCH_COHERENT))
		areas[count++] = area_of(MIGBENCH_COHERENT, PAGES, false);
	if (huge_pages_fit(2))
		areas[count++] = area_of(MIGBENCH_PRIVATE, huge_pages(), true);
	fill(home, PAGES, 9);
	while (!said->done) {
		for (unsigned int i = 0; i < count; i++)
			CHECK(!migrate(areas[i].fd, MIGBENCH_TO_DEVICE, areas[i].at, areas[i].pages,
				       (unsigned int)areas[i].pages, records));
		collect(areas[0].fd, home, MIGBENCH_SELECT_SYSTEM);
		collect(areas[0].fd, areas[0].at, MIGBENCH_SELECT_PRIVATE);
		note_nodes(home);
		for (unsigned int i = 0; i < count; i++) {
			CHECK(!wrong_bytes(areas[i].at, PAGES / 2, areas[i].seed));
			CHECK(!migrate(areas[i].fd, MIGBENCH_TO_SYSTEM, areas[i].at, areas[i].pages,
				       (unsigned int)areas[i].pages, records));
		}
		said->rounds++;
	}
	for (unsigned int i = 0; i < count; i++)
		CHECK(!wrong_bytes(areas[i].at, areas[i].pages, areas[i].seed));
	CHECK(!wrong_bytes(home, PAGES, 9));
	exit(0);
}

/* A round of the other's later, unless it has ended. */
static void wait_round(pid_t pid)
{
	unsigned int round = said->rounds;

	while (said->rounds == round) {
		CHECK(!waitpid(pid, NULL, WNOHANG));
		usleep(1000);
	}
}

int main(void)
{
	static const char *const nodes[] = { "0", "1", "0-1" };
	char number[16];
	pid_t pid;
	int status;

	records = calloc(huge_pages() + PAGES, sizeof(*records));
	said = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(records && said != MAP_FAILED);
	close(open_device(0, 1));
	CHECK(put("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset"));
	CHECK(!mkdir(GROUP "0", 0755) && !mkdir(GROUP "1", 0755));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid)
		work();
	snprintf(number, sizeof(number), "%d", (int)pid);
	CHECK(put(GROUP "0/cgroup.procs", number));
	for (unsigned int i = 0; i < CHANGES; i++) {
		CHECK(put(GROUP "0/cpuset.mems", nodes[i % 3]));
		wait_round(pid);
	}
	/* And from a group to another that has another node. */
	CHECK(put(GROUP "0/cpuset.mems", "0") && put(GROUP "1/cpuset.mems", "1"));
	for (unsigned int i = 0; i < CHANGES; i++) {
		CHECK(put(i % 2 ? GROUP "0/cgroup.procs" : GROUP "1/cgroup.procs", number));
		wait_round(pid);
	}
	said->done = true;
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	CHECK(!rmdir(GROUP "0") && !rmdir(GROUP "1"));
	printf("cpuset: %u rounds, %lu pages found on node 0 and %lu on node 1, %lu flushes watched\n",
	       said->rounds, said->on[0], said->on[1], said->flushes);
	/* Since 5.15 memory goes where the group is (CS_MEMORY_MIGRATE). */
	CHECK(!kernel_since(5, 15) || (said->on[0] && said->on[1]));
	return 0;
}
