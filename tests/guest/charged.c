// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: device memory that a control group has no room for is refused with ENOMEM: nobody is killed, and nothing stays charged. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "free_memory.h"
#include "guest.h"

#define GROUP "/sys/fs/cgroup/charged/"
#define MIB (1UL << 20)

static unsigned long charged(void)
{
	return sum_of(GROUP "memory.current", "");
}

/* In the group: ask for device memory of @mib, of which one page in @spread is, where @limit bytes may be charged. */
static void ask(unsigned long limit, unsigned long mib, unsigned int spread, int expected)
{
	struct migbench_device request = { .size = sizeof(request),
					   .node = 1,
					   .pages = mib * MIB / PAGE,
					   .spread = (uint16_t)spread };
	unsigned long before;
	char text[24];
	int fd;

	snprintf(text, sizeof(text), "%lu", limit);
	CHECK(put(GROUP "memory.max", text));
	CHECK(put(GROUP "cgroup.procs", "0"));
	before = charged();
	fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	errno = 0;
	ioctl(fd, MIGBENCH_IOC_DEVICE, &request);
	printf("%lu MiB, one page in %u, with %lu MiB: %s, %lu KiB charged\n", mib, spread,
	       limit / MIB, strerror(errno), (charged() - before) / 1024);
	CHECK(errno == expected);
	if (!expected)
		CHECK(charged() >= before + mib * MIB / spread);
	close(fd);
	/* What the group has in advance for each CPU (MEMCG_CHARGE_BATCH, 64 pages) may be charged to it. */
	CHECK(charged() < before + 64 * PAGE * (unsigned long)sysconf(_SC_NPROCESSORS_ONLN) + MIB);
	_exit(0);
}

static void in_group(unsigned long limit, unsigned long mib, unsigned int spread, int expected)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (!pid)
		ask(limit, mib, spread, expected);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(!status);
}

int main(void)
{
	int fd = open_device(0, 0);

	if (!has_kind(fd, MIGBENCH_PRIVATE)) {
		puts("skipped: this kernel has no CONFIG_DEVICE_PRIVATE");
		return 77;
	}
	close(fd);
	/* The guest's first process has mounted it, and no kernel of the lab is without. */
	CHECK(put("/sys/fs/cgroup/cgroup.subtree_control", "+memory"));
	CHECK(!mkdir(GROUP, 0755) && !access(GROUP "memory.max", W_OK));
	/* Its tables take more, where pages have 4 KiB; then these fit, and its pages don't. */
	in_group(6 * MIB, 4096, 64, ENOMEM);
	in_group(24 * MIB, 4096, 64, ENOMEM);
	in_group(64 * MIB, 16, 1, 0);
	CHECK(!sum_of(GROUP "memory.events", "oom_kill"));
	CHECK(!rmdir(GROUP));
	puts("charged: refused, and nobody killed");
	return 0;
}
