// SPDX-License-Identifier: GPL-2.0-or-later
/* What the fuzzer does to the machine: control groups, CPUs, swap, unloading; and what the kernel says. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../guest/free_memory.h"
#include "../guest/kernel_since.h"
#include "fuzz.h"

#define GROUP "/sys/fs/cgroup/fuzz/"
#define ZRAM "/dev/zram0"
#define KSM "/sys/kernel/mm/ksm/"

bool drops_dirty_bits(void)
{
	return !kernel_since(6, 0);
}

static void swap_on(void)
{
	static unsigned char header[1 << 16]; /* the largest of pages */
	const unsigned int version = 1, last = (96U << 20) / PAGE - 1;
	int fd;

	if (!put("/sys/block/zram0/disksize", "96M"))
		return;
	memcpy(header + 1024, &version, 4);
	memcpy(header + 1028, &last, 4);
	memcpy(header + PAGE - 10, "SWAPSPACE2", 10);
	fd = open(ZRAM, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, header, PAGE) == (ssize_t)PAGE && !fsync(fd))
		swapon(ZRAM, 0);
	if (fd >= 0)
		close(fd);
}

void machine_set_up(void)
{
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	put("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
	mkdir(GROUP, 0755);
	put(GROUP "memory.max", "48M");
	swap_on();
	put(KSM "pages_to_scan", "1000");
	put(KSM "run", "1");
}

/*
 * A locked page may wait in a list of some CPU, with a reference for it: writing compact_memory has each
 * CPU empty its lists, drop_caches on 6.1 has not. "2" unmerges all, and ksmd forgets every process.
 */
void machine_settle(void)
{
	put("/proc/sys/vm/compact_memory", "1");
	put(KSM "run", "2");
}

void machine_put_back(void)
{
	char path[64];

	machine_settle();
	put(KSM "run", "0");

	for (long cpu = 1; cpu < sysconf(_SC_NPROCESSORS_CONF); cpu++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%ld/online", cpu);
		put(path, "1");
	}
	swapoff(ZRAM);
	/*
	 * 5.10 takes kernfs's reference and the lock against hotplug in one order here, and in the other where free_kib()
	 * has slabs shrink: lockdep says so. Without swap the device is small.
	 */
	if (kernel_since(6, 0))
		put("/sys/block/zram0/reset", "1");
	rmdir(GROUP);
}

/* Of two CPUs the other mostly stays: without it nothing meets anything but where it is preempted. */
static void toggle_cpu(struct dice *dice)
{
	unsigned long cpus = (unsigned long)sysconf(_SC_NPROCESSORS_CONF);
	char path[64];

	if (cpus < 2)
		return;
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%lu/online",
		 1 + below(dice, cpus - 1));
	totals->hotplugs += put(path, once_in(dice, 5) ? "0" : "1");
}

/* Somebody has a file open all the time. */
static void try_to_unload(void)
{
	if (!syscall(SYS_delete_module, "migbench", O_NONBLOCK))
		bad_news("the module was unloaded while its file was open");
	totals->unloads++;
}

long module_users(void)
{
	FILE *in = fopen("/sys/module/migbench/refcnt", "re");
	long users = -1;

	if (in && fscanf(in, "%ld", &users) != 1)
		users = -1;
	if (in)
		fclose(in);
	return users;
}

static void limit(struct dice *dice)
{
	static const char *const nodes[] = { "0", "1", "0-1" };
	static const char *const cpus[] = { "0", "0-1", "0-3" };
	static const char *const sizes[] = { "24M", "32M", "48M", "96M" };

	switch (below(dice, 3)) {
	case 0:
		put(GROUP "cpuset.mems", nodes[below(dice, 3)]);
		break;
	case 1:
		put(GROUP "cpuset.cpus", cpus[below(dice, 3)]);
		break;
	default:
		put(GROUP "memory.max", sizes[below(dice, 4)]);
	}
}

/* What walks page tables of others and shows it. */
static void look_into(struct dice *dice, pid_t pid)
{
	static const char *const names[] = { "smaps", "numa_maps", "smaps_rollup", "pagemap" };
	static char path[64], text[16384];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, names[below(dice, 4)]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	for (unsigned int i = 0; fd >= 0 && i < 8 && read(fd, text, sizeof(text)) > 0; i++)
		;
	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "/proc/%d/clear_refs", pid);
	if (once_in(dice, 3))
		put(path, once_in(dice, 2) ? "1" : "4");
}

void machine_disturb(struct dice *dice, const pid_t pids[PROCESSES])
{
	pid_t pid = pids[below(dice, PROCESSES)];
	char text[16];

	if (pid <= 0)
		return;
	switch (below(dice, 17)) {
	case 0:
	case 1:
		if (once_in(dice, 6))
			kill(pid, SIGKILL);
		break;
	case 2:
	case 3:
		kill(pid, SIGSTOP);
		usleep(below(dice, 20000));
		kill(pid, SIGCONT);
		break;
	case 4:
		toggle_cpu(dice);
		break;
	case 5:
	case 6:
		limit(dice);
		break;
	case 7:
		snprintf(text, sizeof(text), "%d", pid);
		put(once_in(dice, 2) ? GROUP "cgroup.procs" : "/sys/fs/cgroup/cgroup.procs", text);
		break;
	case 8:
		put("/proc/sys/vm/compact_memory", "1");
		break;
	case 9:
		put("/proc/sys/vm/drop_caches", "3");
		break;
	case 10:
		put("/sys/kernel/mm/transparent_hugepage/enabled",
		    once_in(dice, 2) ? "always" : "madvise");
		break;
	case 11:
		/* Merging, mostly; at times not, or all that is merged is to be unmerged. */
		put(KSM "run", once_in(dice, 3) ? once_in(dice, 2) ? "0" : "2" : "1");
		break;
	case 12:
	case 13:
	case 14:
		try_to_unload();
		break;
	default:
		look_into(dice, pid);
	}
}

bool kernel_complains(char *line, size_t size)
{
	static const char *const complaints[] = { "BUG:",
						  "kernel BUG",
						  "WARNING:",
						  "Oops",
						  "general protection",
						  "UBSAN",
						  "locking dependency",
						  "inconsistent lock",
						  "recursive locking",
						  "Bad page",
						  "soft lockup",
						  "detected stall",
						  "self-detected",
						  "blocked for more than",
						  "refcount_t:",
						  "INFO: trying to register" };
	static int log = -1;
	ssize_t got;

	if (log < 0) {
		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (log >= 0)
			lseek(log, 0, SEEK_END);
	}
	/* EPIPE: some were overwritten before they were read. */
	while (log >= 0 && ((got = read(log, line, size - 1)) > 0 || errno == EPIPE)) {
		line[got > 0 ? got : 0] = '\0';
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++)
			if (strstr(line, complaints[i]))
				return true;
	}
	return false;
}
