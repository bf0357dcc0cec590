// SPDX-License-Identifier: GPL-2.0-or-later
/* Whichever allocation of a call fails: the documented error, all pages in place, and the call works again. */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "../guest.h"

#define PAGES 24UL
#define HUGE 512UL /* a huge page, where base pages are of 4 KiB */
#define MOST 400 /* allocations of one call */

static struct migbench_record records[HUGE];
static uint8_t bytes[PAGES];
static unsigned char *at;
static int file = -1;

/* False where the kernel does not have it. */
static bool set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Opening and writing may be what fails. */
static void set_despite_failures(const char *path, const char *value)
{
	unsigned int tries = 0;

	while (!set(path, value))
		CHECK(++tries < 10000);
}

/* Let this thread's @nth allocation from now on fail. */
static int arm(unsigned int nth)
{
	static int fd = -1;
	char text[16];

	if (fd < 0)
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	snprintf(text, sizeof(text), "%u", nth);
	CHECK(pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text));
	return fd;
}

/* Whether it was reached; nothing fails from here on. */
static bool disarm(int fd)
{
	char text[16] = "";

	CHECK(pread(fd, text, sizeof(text) - 1, 0) > 0);
	if (atoi(text))
		CHECK(pwrite(fd, "0", 1, 0) == 1);
	return !atoi(text);
}

static int call(unsigned long code, void *request)
{
	return ioctl(file, code, request) ? -errno : 0;
}

static int do_open(void)
{
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int do_device(void)
{
	struct migbench_device request = { .size = sizeof(request), .node = 1, .pages = 4 };
	int fd = file, ret;

	/* The other file's is there. */
	request.around = 2;
	file = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (file < 0) {
		ret = -errno;
	} else {
		ret = call(MIGBENCH_IOC_DEVICE, &request);
		close(file);
	}
	file = fd;
	return ret;
}

static int go(unsigned int direction)
{
	return migrate(file, direction, at, PAGES, 8, records) ? -errno : 0;
}

static int there(void)
{
	return go(MIGBENCH_TO_DEVICE);
}

static int home(void)
{
	return go(MIGBENCH_TO_SYSTEM);
}

static int touch(void)
{
	for (unsigned long i = 0; i < PAGES; i++)
		(void)*(volatile unsigned char *)(at + i * PAGE);
	return 0;
}

static int evict(void)
{
	struct migbench_evict request = {
		.size = sizeof(request), .pages = PAGES, .batch = 8, .records = (uintptr_t)records
	};

	return call(MIGBENCH_IOC_EVICT, &request);
}

static int faults(void)
{
	struct migbench_faults request = { .size = sizeof(request),
					   .count = 10,
					   .records = (uintptr_t)records };

	return call(MIGBENCH_IOC_FAULTS, &request);
}

static int query(void)
{
	struct migbench_query request = { .size = sizeof(request),
					  .addr = (uintptr_t)at,
					  .pages = PAGES,
					  .states = (uintptr_t)bytes };

	return call(MIGBENCH_IOC_QUERY, &request);
}

static int count(void)
{
	struct migbench_count request = { .size = sizeof(request) };
	int ret = call(MIGBENCH_IOC_COUNT, &request);

	request.op = MIGBENCH_COUNT_STOP;
	return ret ? ret : call(MIGBENCH_IOC_COUNT, &request);
}

static int collect_with(unsigned int flags)
{
	struct migbench_collect request = { .size = sizeof(request),
					    .flags = flags,
					    .select = MIGBENCH_SELECT_SYSTEM,
					    .addr = (uintptr_t)at,
					    .pages = PAGES,
					    .sources = (uintptr_t)bytes };

	return call(MIGBENCH_IOC_COLLECT, &request);
}

static int collect(void)
{
	return collect_with(0);
}

static int watch(void)
{
	return collect_with(MIGBENCH_COLLECT_WATCH);
}

static int hold_by(unsigned int op)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = PAGES
	};
	int ret = call(MIGBENCH_IOC_HOLD, &request);

	if (!ret) {
		request = (struct migbench_hold){ .size = sizeof(
							  request) }; /* MIGBENCH_HOLD_RELEASE */
		ret = call(MIGBENCH_IOC_HOLD, &request);
	}
	return ret;
}

static int hold(void)
{
	return hold_by(MIGBENCH_HOLD_REFERENCE);
}

static int pin(void)
{
	return hold_by(MIGBENCH_HOLD_LONGTERM);
}

static int listen_to(void)
{
	struct migbench_listen request = { .size = sizeof(request), .count = 2 };
	int ret = call(MIGBENCH_IOC_LISTEN, &request);

	request.count = 0;
	return ret ? ret : call(MIGBENCH_IOC_LISTEN, &request);
}

static const struct {
	const char *name;
	int (*call)(void);
	bool away; /* whether its pages are on the device before */
	int other; /* documented besides ENOMEM */
} calls[] = {
	{ "open", do_open, false, 0 },
	{ "DEVICE", do_device, false, 0 },
	{ "MIGRATE there", there, false, 0 },
	{ "MIGRATE home", home, true, 0 },
	{ "a fault", touch, true, 0 },
	{ "EVICT", evict, true, 0 },
	{ "FAULTS", faults, false, 0 },
	{ "QUERY", query, true, 0 },
	{ "COUNT", count, false, 0 },
	{ "COLLECT", collect, false, 0 },
	{ "COLLECT of pages on a device", collect, true, 0 },
	{ "COLLECT and WATCH", watch, false, 0 },
	{ "HOLD", hold, true, EFAULT },
	{ "HOLD for long", pin, true, EFAULT },
	{ "LISTEN", listen_to, false, 0 },
};

static void place(bool on_device, unsigned int seed)
{
	fill(at, PAGES, seed);
	CHECK(!go(on_device ? MIGBENCH_TO_DEVICE : MIGBENCH_TO_SYSTEM));
	CHECK(away(at, PAGES) == (on_device ? PAGES : 0));
}

/* The 1st allocation fails, then the 2nd, until all of the call's have. Returns how many those were. */
static unsigned int every_allocation(unsigned int i)
{
	unsigned int nth = 1, errors = 0;
	bool reached = true;

	for (; reached && nth < MOST; nth++) {
		int ret, fd;

		place(calls[i].away, nth + i);
		fd = arm(nth);
		ret = calls[i].call();
		reached = disarm(fd);
		if (ret && ret != -ENOMEM && ret != -calls[i].other &&
		    !(ret == -EOPNOTSUPP && !kernel_since(6, 1))) {
			fprintf(stderr, "%s, allocation %u: %s\n", calls[i].name, nth,
				strerror(-ret));
			exit(1);
		}
		errors += !!ret;
		CHECK(!wrong_bytes(at, PAGES, nth + i));
		place(calls[i].away, nth + i);
		ret = calls[i].call();
		CHECK(!ret || (ret == -EOPNOTSUPP && !kernel_since(6, 1)));
		CHECK(!wrong_bytes(at, PAGES, nth + i));
	}
	CHECK(!reached);
	printf("%s: %u allocations failed, one after the other; %u calls with them\n",
	       calls[i].name, nth - 2, errors);
	return nth - 2;
}

/* At random, of all sizes or of huge pages alone, while base and huge pages come and go. How many calls moved less. */
static unsigned int at_random(const char *kind, const char *order)
{
	unsigned char *huge = map_pages(HUGE);
	unsigned int refused = 0, less = 0;
	int fd = open_device(1, HUGE);
	char path[64];

	CHECK(!madvise(huge, HUGE * PAGE, MADV_HUGEPAGE));
	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/probability", kind);
	if (!strcmp(kind, "fail_page_alloc"))
		CHECK(set("/sys/kernel/debug/fail_page_alloc/min-order", order));
	for (unsigned int seed = 1; seed <= 12; seed++) {
		fill(huge, HUGE, seed);
		CHECK(set(path, strcmp(order, "9") ? "10" : "100"));
		CHECK(set("/proc/thread-self/make-it-fail", "1"));
		for (unsigned int trip = 0; trip < 4; trip++) {
			int ret = migrate(fd, trip % 2, huge, HUGE, 512, records);

			CHECK(!ret || errno == ENOMEM);
			refused += !!ret;
			less += !ret && records[0].migrated < HUGE;
			if (trip == 2)
				(void)*(volatile unsigned char *)(huge + seed * PAGE);
		}
		set_despite_failures("/proc/thread-self/make-it-fail", "0");
		CHECK(set(path, "0"));
		CHECK(!wrong_bytes(huge, HUGE, seed));
		CHECK(info_of(fd).free_pages == HUGE);
		CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, huge, HUGE, 512, records));
		CHECK(records[0].migrated == HUGE);
		CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, huge, HUGE, 512, records));
		CHECK(!wrong_bytes(huge, HUGE, seed));
		if (seed % 4 == 0)
			CHECK(!madvise(huge, HUGE * PAGE, MADV_DONTNEED));
	}
	munmap(huge, HUGE * PAGE);
	close(fd);
	printf("%s, from order %s: %u calls refused, %u moved less, nothing lost\n", kind, order,
	       refused, less);
	return refused + less;
}

static void prepare(const char *kind)
{
	static const char *const values[][2] = {
		{ "verbose", "0" },	{ "ignore-gfp-wait", "N" }, { "ignore-gfp-highmem", "N" },
		{ "task-filter", "Y" }, { "times", "0xffffffff" },  { "interval", "1" },
		{ "min-order", "0" },
	};
	char path[64];

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", kind, values[i][0]);
		set(path, values[i][1]);
	}
}

int main(void)
{
	unsigned int failed = 0;

	if (access("/proc/self/fail-nth", W_OK)) {
		puts("skipped: this kernel has no CONFIG_FAULT_INJECTION; a debug kernel has");
		return 77;
	}
	prepare("failslab");
	prepare("fail_page_alloc");
	file = open_device(1, PAGES);
	at = map_pages(PAGES);
	for (unsigned int i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		failed += every_allocation(i);
	CHECK(failed > 20);
	failed = at_random("failslab", "0");
	failed += at_random("fail_page_alloc", "0");
	at_random("fail_page_alloc", "9");
	CHECK(failed);
	return 0;
}
