// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: flush counts equal a kprobe's on flush_tlb_mm_range, IPI rounds the TLB row of /proc/interrupts. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "guest.h"

#define TRACE "/sys/kernel/tracing"
#define PAGES 512UL

static struct migbench_record record;
static atomic_bool spinning, done;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void mark(const char *text)
{
	write_file(TRACE "/trace_marker", text);
}

static void count(int fd, unsigned int op, struct migbench_count *counted)
{
	*counted = (struct migbench_count){ .size = sizeof(*counted), .op = op };
	CHECK(!ioctl(fd, MIGBENCH_IOC_COUNT, counted));
}

/* Hits of the kprobe between the two marks, by this thread. */
static unsigned long hits(void)
{
	FILE *in = fopen(TRACE "/trace", "r");
	bool between = false, seen = false;
	unsigned long count = 0;
	char line[512], me[32];

	CHECK(in);
	snprintf(me, sizeof(me), "-%d ", getpid());
	while (fgets(line, sizeof(line), in)) {
		if (strstr(line, "mb_begin"))
			between = seen = true;
		else if (strstr(line, "mb_end"))
			between = false;
		else if (between && strstr(line, "mb_flush") && strstr(line, me))
			count++;
	}
	fclose(in);
	CHECK(seen);
	return count;
}

static void to_device_counted(int fd, unsigned char *at, struct migbench_count *counted)
{
	write_file(TRACE "/trace", "");
	count(fd, MIGBENCH_COUNT_START, counted);
	mark("mb_begin");
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
	mark("mb_end");
	count(fd, MIGBENCH_COUNT_STOP, counted);
	CHECK(record.migrated == PAGES);
}

/*
 * A flush per exclusive page and one for the range; shared pages need only that
 * one. Before 5.19 no page is known to be exclusive, and one flush serves all.
 */
static void flushes_per_page(int fd)
{
	unsigned long exclusive = kernel_since(5, 19) ? PAGES : 0;
	unsigned char *at = map_pages(PAGES);
	struct migbench_count counted;
	int status;
	pid_t child;

	memset(at, 1, PAGES * PAGE);
	to_device_counted(fd, at, &counted);
	CHECK(counted.flushes == exclusive + 1);
	CHECK(counted.full == 1 && counted.pages == exclusive);
	CHECK(hits() == counted.flushes);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, PAGES, &record));

	/* After a fork and the child's end the parent's pages are no longer exclusive. */
	memset(at, 2, PAGES * PAGE);
	child = fork();
	CHECK(child >= 0);
	if (!child)
		_exit(0);
	CHECK(waitpid(child, &status, 0) == child);
	to_device_counted(fd, at, &counted);
	CHECK(counted.flushes == 1 && counted.full == 1);
	CHECK(hits() == 1);
	munmap(at, PAGES * PAGE);
}

static void *spin(void *arg)
{
	const struct sched_param first = { .sched_priority = 1 };
	volatile unsigned char *at = arg;

	bind_to_cpu(1);
	CHECK(!sched_setscheduler(0, SCHED_FIFO, &first));
	spinning = true;
	while (!done) {
		(void)*at;
#if defined(__x86_64__)
		/* Emulated CPUs take turns: it gives its own back, and the other need not wait for its end. */
		__builtin_ia32_pause();
#endif
	}
	return NULL;
}

/* TLB shootdowns that CPU 1 has received. */
static unsigned long received(void)
{
	FILE *in = fopen("/proc/interrupts", "r");
	unsigned long first, second = 0;
	char line[512];
	bool found = false;

	CHECK(in);
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, " TLB: %lu %lu", &first, &second) == 2)
			found = true;
	fclose(in);
	CHECK(found);
	return second;
}

/* Fifty times two rounds; true if CPU 1 heard of each. */
static bool all_heard(int fd, unsigned char *at)
{
	struct migbench_count counted;
	unsigned long before, after;

	count(fd, MIGBENCH_COUNT_START, &counted);
	before = received();
	for (int i = 0; i < 50; i++) {
		CHECK(!mprotect(at, PAGE, PROT_READ));
		CHECK(!mprotect(at, PAGE, PROT_READ | PROT_WRITE));
		at[0]++;
	}
	after = received();
	count(fd, MIGBENCH_COUNT_STOP, &counted);
	CHECK(counted.flushes >= 50);
	printf("rounds %llu, CPU 1 received %lu\n", (unsigned long long)counted.ipis,
	       after - before);
	CHECK(after - before <= counted.ipis);
	return counted.ipis == after - before;
}

/*
 * While a thread of the kernel has CPU 1, its TLB is lazy, and it hears of no round: from 6.12 on other
 * threads have a twentieth of the time, whatever else wants it.
 */
static void ipi_rounds(int fd)
{
	unsigned char *at = map_pages(1);
	unsigned int tries = 1;
	pthread_t thread;

	at[0] = 1;
	write_file("/proc/sys/kernel/sched_rt_runtime_us", "-1");
	CHECK(!pthread_create(&thread, NULL, spin, at));
	while (!spinning)
		usleep(1000);
	usleep(100000);
	while (!all_heard(fd, at) && tries < 20)
		tries++;
	CHECK(tries < 20);
	done = true;
	CHECK(!pthread_join(thread, NULL));
}

int main(void)
{
	struct migbench_count counted = { .size = sizeof(counted), .op = MIGBENCH_COUNT_STOP };
	int fd = open_device(1, PAGES);

#if !defined(__x86_64__)
	CHECK(ioctl(fd, MIGBENCH_IOC_COUNT, &counted) == -1 && errno == EINVAL);
	counted.op = MIGBENCH_COUNT_START;
	CHECK(ioctl(fd, MIGBENCH_IOC_COUNT, &counted) == -1 && errno == EOPNOTSUPP);
	puts("skipped: no flush is traced on this architecture, and counting is refused");
	exit(77);
#endif
	bind_to_cpu(0);
	write_file(TRACE "/kprobe_events", "p:mb_flush flush_tlb_mm_range\n");
	write_file(TRACE "/events/kprobes/mb_flush/enable", "1");
	CHECK(ioctl(fd, MIGBENCH_IOC_COUNT, &counted) == -1 && errno == EINVAL);
	flushes_per_page(fd);
	write_file(TRACE "/events/kprobes/mb_flush/enable", "0");
	write_file(TRACE "/kprobe_events", "");
	ipi_rounds(fd);
	count(fd, MIGBENCH_COUNT_START, &counted);
	CHECK(ioctl(fd, MIGBENCH_IOC_COUNT, &counted) == -1 && errno == EBUSY);
	/* Closed while it counts. */
	puts("flushes: all witnesses agree");
	return 0;
}
