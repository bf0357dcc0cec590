// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: nobody without CAP_SYS_ADMIN opens the device, and no call returns bytes that it did not write. */
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "guest.h"

#define ROOM 16 /* entries of which a call may use 8 */

/* @call is made over two patterns: what it leaves alone differs, what it writes is the same. */
static void compare(const void *a, const void *b, size_t written, size_t size, const char *what)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < size; i++) {
		if (i < written ? x[i] == y[i] : x[i] == 0x55 && y[i] == 0xaa)
			continue;
		fprintf(stderr, "%s: byte %zu of %zu: %#x and %#x\n", what, i, written, x[i], y[i]);
		exit(1);
	}
}

static void info(int fd)
{
	struct migbench_info a, b;

	memset(&a, 0x55, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	a.size = b.size = sizeof(a);
	a.flags = b.flags = 0;
	CHECK(!ioctl(fd, MIGBENCH_IOC_INFO, &a) && !ioctl(fd, MIGBENCH_IOC_INFO, &b));
	compare(&a, &b, sizeof(a), sizeof(a), "INFO");
}

/* Times differ from call to call; whatever else a record has does not. */
static void clear_times(struct migbench_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		CHECK(records[i].total < 1ULL << 40);
		records[i].total = 0;
		for (int p = 0; p < MIGBENCH_PHASES; p++) {
			CHECK(records[i].phase[p] < 1ULL << 40);
			records[i].phase[p] = 0;
		}
		/* Only under MIGBENCH_FIRST. */
		CHECK(records[i].first == 0);
	}
}

static void migrations(int fd, unsigned char *at)
{
	struct migbench_record a[ROOM], b[ROOM];

	memset(a, 0x55, sizeof(a));
	memset(b, 0xaa, sizeof(b));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 64, 8, a));
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, 64, 8, a));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 64, 8, b));
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, 64, 8, b));
	clear_times(a, 8);
	clear_times(b, 8);
	compare(a, b, 8 * sizeof(a[0]), sizeof(a), "MIGRATE");
}

/* A kernel before 6.1 has none. */
static void evictions(int fd, unsigned char *at)
{
	struct migbench_record a[ROOM], b[ROOM], *records[2] = { a, b };

	memset(a, 0x55, sizeof(a));
	memset(b, 0xaa, sizeof(b));
	for (int i = 0; i < 2; i++) {
		struct migbench_evict request = { .size = sizeof(request),
						  .pages = 64,
						  .records = (uintptr_t)records[i],
						  .batch = 8,
						  .done = i ? 0x55555555 : 0xaaaaaaaa };
		struct migbench_record moved[8];

		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 64, 8, moved));
		if (ioctl(fd, MIGBENCH_IOC_EVICT, &request)) {
			CHECK(errno == EOPNOTSUPP && !kernel_since(6, 1));
			CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, 64, 8, moved));
			return;
		}
		CHECK(request.done == 8);
		clear_times(records[i], 8);
	}
	compare(a, b, 8 * sizeof(a[0]), sizeof(a), "EVICT");
}

/* What two notifiers heard of nothing, and of one madvise(). */
static void listeners(int fd, unsigned char *at)
{
	struct migbench_listen a, b, *requests[2] = { &a, &b };

	memset(&a, 0x55, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	for (int i = 0; i < 2; i++) {
		struct migbench_listen *request = requests[i];

		request->size = sizeof(*request);
		request->flags = request->reserved = 0;
		request->count = 2;
		CHECK(!ioctl(fd, MIGBENCH_IOC_LISTEN, request));
		CHECK(!madvise(at, PAGE, MADV_DONTNEED));
		request->count = 0;
		CHECK(!ioctl(fd, MIGBENCH_IOC_LISTEN, request));
		CHECK(request->calls >= 2 && request->calls < 1000);
		request->calls = 0;
		fill(at, 1, 3);
	}
	compare(&a, &b, sizeof(a), sizeof(a), "LISTEN");
}

static void faults(int fd, unsigned char *at)
{
	struct migbench_record a[ROOM], b[ROOM], *records[2] = { a, b };

	memset(a, 0x55, sizeof(a));
	memset(b, 0xaa, sizeof(b));
	for (int i = 0; i < 2; i++) {
		struct migbench_faults request = { .size = sizeof(request),
						   .count = ROOM,
						   .records = (uintptr_t)records[i] };
		struct migbench_record moved;

		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 8, 8, &moved));
		for (int page = 0; page < 8; page++)
			(void)*(volatile unsigned char *)(at + page * PAGE);
		CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
		CHECK(request.count == 8 && request.lost == 0);
		clear_times(records[i], 8);
	}
	compare(a, b, 8 * sizeof(a[0]), sizeof(a), "FAULTS");
}

static void states(int fd, unsigned char *at, unsigned int flags)
{
	unsigned char a[2 * ROOM], b[2 * ROOM], *to[2] = { a, b };

	memset(a, 0x55, sizeof(a));
	memset(b, 0xaa, sizeof(b));
	for (int i = 0; i < 2; i++) {
		struct migbench_query query = { .size = sizeof(query),
						.addr = (uintptr_t)at,
						.pages = 8,
						.states = (uintptr_t)to[i] };
		struct migbench_collect collect = { .size = sizeof(collect),
						    .flags = flags,
						    .select = MIGBENCH_SELECT_SYSTEM,
						    .collected = i ? 0x55555555 : 0xaaaaaaaa,
						    .addr = (uintptr_t)at,
						    .pages = 8,
						    .sources = (uintptr_t)(to[i] + ROOM),
						    .flushes = i ? 0x55555555 : 0xaaaaaaaa,
						    .locked = i ? 0x55555555 : 0xaaaaaaaa };

		/* A kernel before 6.1 forgets what a page that was collected had been through. */
		fill(at, 8, 3);
		CHECK(!ioctl(fd, MIGBENCH_IOC_QUERY, &query));
		if (ioctl(fd, MIGBENCH_IOC_COLLECT, &collect)) {
			CHECK(flags && errno == EOPNOTSUPP);
			return;
		}
		CHECK(collect.collected == 8);
		/* Watched, they are few. */
		CHECK(flags ? collect.flushes <= 16 && collect.locked <= 16
			    : !collect.flushes && !collect.locked);
	}
	compare(a, b, 8, ROOM, "QUERY");
	compare(a + ROOM, b + ROOM, 8, ROOM, "COLLECT");
}

/* Of a counter that ran over nothing, and of a switch that was only asked for. */
static void counts(int fd)
{
	struct migbench_retention a, b;
	struct migbench_count start = { .size = sizeof(start) }, stop;

	if (!ioctl(fd, MIGBENCH_IOC_COUNT, &start)) {
		memset(&stop, 0x55, sizeof(stop));
		stop.size = sizeof(stop);
		stop.flags = stop.reserved = 0;
		stop.op = MIGBENCH_COUNT_STOP;
		CHECK(!ioctl(fd, MIGBENCH_IOC_COUNT, &stop));
		CHECK(stop.flushes < 1000 && stop.full < 1000 && stop.pages < 1000000 &&
		      stop.ipis < 1000);
	}
	memset(&a, 0x55, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	a.size = b.size = sizeof(a);
	a.flags = b.flags = a.op = b.op = a.reserved = b.reserved = 0;
	if (!ioctl(fd, MIGBENCH_IOC_RETENTION, &a)) {
		CHECK(!ioctl(fd, MIGBENCH_IOC_RETENTION, &b));
		compare(&a, &b, sizeof(a), sizeof(a), "RETENTION");
	}
}

/* The error of opening the device in a child that was made poorer by @less. */
static int open_error(void (*less)(void))
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		less();
		_exit(open(MIGBENCH_DEVICE, O_RDWR) < 0 ? errno : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void nothing(void)
{
}

static void without_capability(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	CHECK(!syscall(SYS_capget, &head, data));
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	CHECK(!syscall(SYS_capset, &head, data));
}

#define NO_NAMESPACES 99

/* As a container's root: all capabilities, of a namespace that the machine is not in. */
static void of_a_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(NO_NAMESPACES);
}

int main(void)
{
	struct stat device;
	int fd, error;
	unsigned char *at = map_pages(64);

	CHECK(open_error(nothing) == 0);
	CHECK(open_error(without_capability) == EPERM);
	CHECK(!stat(MIGBENCH_DEVICE, &device) && (device.st_mode & 07777) == 0600);
	error = open_error(of_a_namespace);
	if (access("/proc/self/ns/user", F_OK))
		CHECK(error == NO_NAMESPACES);
	else
		CHECK(error == EPERM || error == EACCES);

	fd = open_device(1, 64);
	fill(at, 64, 3);
	info(fd);
	migrations(fd, at);
	faults(fd, at);
	evictions(fd, at);
	states(fd, at, 0);
	states(fd, at, MIGBENCH_COLLECT_WATCH);
	listeners(fd, at);
	counts(fd);
	CHECK(!wrong_bytes(at, 64, 3));
	puts("no_leaks: nothing but what was written");
	return 0;
}
