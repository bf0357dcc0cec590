// SPDX-License-Identifier: GPL-2.0-or-later
/* Whichever allocation of a call fails: the documented error, all pages in place, and the call works again. */
#define _GNU_SOURCE
#include "../guest.h"
#include "failing.h"

#define HUGE 512UL /* a huge page, where base pages are of 4 KiB */
#define MOST 400 /* allocations of one call */

/* What is called: memory, and a device memory for it. */
enum { BASE, BLOCKS, COHERENT, WHOLE, SCENES };

static struct scene {
	const char *name;
	unsigned long pages, batch;
	unsigned int kind, around;
	int file; /* -1: this kernel has no such memory */
	unsigned char *at;
} scenes[SCENES] = {
	[BASE] = { "", 24, 8, MIGBENCH_PRIVATE, 0, -1, NULL },
	[BLOCKS] = { ", blocks", 24, 8, MIGBENCH_PRIVATE, 8, -1, NULL },
	[COHERENT] = { ", coherent", 24, 8, MIGBENCH_COHERENT, 0, -1, NULL },
	[WHOLE] = { ", a huge page", HUGE, HUGE, MIGBENCH_PRIVATE, 0, -1, NULL },
};

static struct migbench_record records[HUGE];
static uint8_t bytes[HUGE];
static unsigned char *at; /* of the scene that is on */
static unsigned long pages, batch;
static int file = -1;

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
	return migrate(file, direction, at, pages, batch, records) ? -errno : 0;
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
	for (unsigned long i = 0; i < pages; i++)
		(void)*(volatile unsigned char *)(at + i * PAGE);
	return 0;
}

static int evict(void)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = pages,
					  .batch = batch,
					  .records = (uintptr_t)records };

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
					  .pages = pages,
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
					    .pages = pages,
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
		.size = sizeof(request), .op = op, .addr = (uintptr_t)at, .pages = pages
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
	int scene;
} calls[] = {
	{ "open", do_open, false, 0, BASE },
	{ "DEVICE", do_device, false, 0, BASE },
	{ "MIGRATE there", there, false, 0, BASE },
	{ "MIGRATE home", home, true, 0, BASE },
	{ "a fault", touch, true, 0, BASE },
	{ "EVICT", evict, true, 0, BASE },
	{ "FAULTS", faults, false, 0, BASE },
	{ "QUERY", query, true, 0, BASE },
	{ "COUNT", count, false, 0, BASE },
	{ "COLLECT", collect, false, 0, BASE },
	{ "COLLECT of pages on a device", collect, true, 0, BASE },
	{ "COLLECT and WATCH", watch, false, 0, BASE },
	{ "HOLD", hold, true, EFAULT, BASE },
	{ "HOLD for long", pin, true, EFAULT, BASE },
	{ "LISTEN", listen_to, false, 0, BASE },
	{ "a fault", touch, true, 0, BLOCKS },
	{ "MIGRATE there", there, false, 0, COHERENT },
	{ "MIGRATE home", home, true, 0, COHERENT },
	{ "EVICT", evict, true, 0, COHERENT },
	{ "COLLECT of pages on a device", collect, true, 0, COHERENT },
	{ "MIGRATE there", there, false, 0, WHOLE },
	{ "MIGRATE home", home, true, 0, WHOLE },
	{ "a fault", touch, true, 0, WHOLE },
	{ "EVICT", evict, true, 0, WHOLE },
};

/* How many of the scene's pages have @bit. */
static unsigned long with(unsigned int bit)
{
	unsigned long count = 0;

	CHECK(!query());
	for (unsigned long i = 0; i < pages; i++)
		count += !!(bytes[i] & bit);
	return count;
}

/* Memory and device memory of @scene, or what it has already; false: this kernel has none. */
static bool set_up(struct scene *scene)
{
	struct migbench_device request = { .size = sizeof(request), .kind = scene->kind };

	if (scene->at)
		return scene->file >= 0;
	scene->at = map_pages(scene->pages);
	/* Before 6.19 a huge page goes to a device as base pages, more than one call may allocate here. */
	if (scene == &scenes[WHOLE] &&
	    (!kernel_since(6, 19) || madvise(scene->at, HUGE * PAGE, MADV_HUGEPAGE)))
		return false;
	scene->file = open_device(1, 0);
	request.node =
		scene->kind == MIGBENCH_COHERENT ? (uint32_t)info_of(scene->file).coherent_node : 1;
	request.pages = scene->pages;
	request.around = scene->around;
	if (!has_kind(scene->file, scene->kind) ||
	    ioctl(scene->file, MIGBENCH_IOC_DEVICE, &request)) {
		CHECK(scene->kind == MIGBENCH_COHERENT);
		close(scene->file);
		scene->file = -1;
	}
	return scene->file >= 0;
}

static bool enter(struct scene *scene)
{
	if (!set_up(scene))
		return false;
	file = scene->file;
	at = scene->at;
	pages = scene->pages;
	batch = scene->batch;
	return true;
}

static void place(struct scene *scene, bool on_device, unsigned int seed)
{
	/* A huge page that a failure has split is none any more: another. */
	if (scene == &scenes[WHOLE])
		CHECK(!madvise(at, pages * PAGE, MADV_DONTNEED));
	fill(at, pages, seed);
	CHECK(!go(on_device ? MIGBENCH_TO_DEVICE : MIGBENCH_TO_SYSTEM));
	CHECK(with(MIGBENCH_PTE_DEVICE) == (on_device ? pages : 0));
	CHECK(scene != &scenes[WHOLE] || with(MIGBENCH_PTE_HUGE) == pages);
}

/* The 1st allocation fails, then the 2nd, until all of the call's have. Returns how many those were. */
static unsigned int every_allocation(unsigned int i)
{
	struct scene *scene = &scenes[calls[i].scene];
	unsigned int nth = 1, errors = 0;
	bool reached = enter(scene);

	if (!reached)
		return 0;
	for (; reached && nth < MOST; nth++) {
		int ret, fd;

		place(scene, calls[i].away, nth + i);
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
		CHECK(!wrong_bytes(at, pages, nth + i));
		place(scene, calls[i].away, nth + i);
		ret = calls[i].call();
		CHECK(!ret || (ret == -EOPNOTSUPP && !kernel_since(6, 1)));
		CHECK(!wrong_bytes(at, pages, nth + i));
	}
	CHECK(!reached);
	printf("%s%s: %u allocations failed, one after the other; %u calls with them\n",
	       calls[i].name, scene->name, nth - 2, errors);
	return nth - 2;
}

/* At random, of all sizes or of huge pages alone, while base and huge pages come and go. How many calls moved less. */
static unsigned int at_random(const char *kind, const char *order)
{
	unsigned char *huge = map_pages(HUGE);
	unsigned int refused = 0, less = 0, split = 0;
	int fd = open_device(1, HUGE);
	char path[64];
	bool whole;

	file = fd;
	at = huge;
	pages = HUGE;

	CHECK(!madvise(huge, HUGE * PAGE, MADV_HUGEPAGE));
	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/probability", kind);
	if (!strcmp(kind, "fail_page_alloc"))
		CHECK(set("/sys/kernel/debug/fail_page_alloc/min-order", order));
	for (unsigned int seed = 1; seed <= 12; seed++) {
		fill(huge, HUGE, seed);
		whole = with(MIGBENCH_PTE_HUGE);
		CHECK(set(path, strcmp(order, "9") ? "10" : "100"));
		CHECK(set("/proc/thread-self/make-it-fail", "1"));
		for (unsigned int trip = 0; trip < 4; trip++) {
			int ret = migrate(fd, trip % 2, huge, HUGE, 512, records);

			CHECK(!ret || errno == ENOMEM);
			refused += !!ret;
			less += !ret && records[0].migrated < HUGE;
			if (trip == 1 && whole && !strcmp(order, "9"))
				split += !with(MIGBENCH_PTE_HUGE);
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
	printf("%s, from order %s: %u calls refused, %u moved less, %u trips split a huge page, nothing lost\n",
	       kind, order, refused, less, split);
	return strcmp(order, "9") ? refused + less : split;
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
	for (unsigned int i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		failed += every_allocation(i);
	CHECK(failed > 20);
	failed = at_random("failslab", "0");
	failed += at_random("fail_page_alloc", "0");
	CHECK(failed);
	/* Before, no call of the module's allocates a huge page. */
	failed = at_random("fail_page_alloc", "9");
	CHECK(failed || !kernel_since(6, 19));
	return 0;
}
