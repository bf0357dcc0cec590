// SPDX-License-Identifier: GPL-2.0-or-later
/* By tracefs: probes' events in a buffer of our own, for kernels without BPF. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/cpu.h"
#include "core/status.h"
#include "observe/events.h"
#include "observe/follow.h"
#include "observe/guard.h"
#include "observe/offsets.h"
#include "observe/ring.h"
#include "observe/root.h"

#define BUFFER_KB 65536 /* of all CPUs together */
#define BUFFER_LEAST_KB 256
#define LATE_MS 20 /* an event that is so old is in its buffer */

struct ob_probes {
	char *root, *instance;
	struct ob_guard guard;
	struct ob_events events;
	struct ob_follow *follow;
	int *cpus; /* descriptors of their buffers */
	size_t cpu_count;
	unsigned char *page;
	size_t page_size;
	struct ob_seen *seen; /* not yet followed: one may still come that was before it */
	size_t count, capacity;
};

/* Where tracefs is, if it has @file, which may be written; malloc'd, or NULL. */
static char *root_with(const char *file)
{
	static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		char *root = ob_path(roots[i]), *path = mb_format("%s/%s", root, file);
		bool there = !access(path, W_OK);

		free(path);
		if (there)
			return root;
		free(root);
	}
	return NULL;
}

static bool can(const struct ob_symbols *symbols, char *why, size_t size)
{
	char *probes = root_with("kprobe_events"), *any = root_with("trace_clock");
	char *folder = ob_path("/sys/kernel/tracing");
	bool can = probes;

	(void)symbols;
	if (any && !probes)
		snprintf(why, size, "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)");
	else if (!probes && access(folder, F_OK))
		snprintf(why, size, "this kernel has no tracefs (CONFIG_FTRACE)");
	else if (!probes)
		snprintf(why, size,
			 "tracefs is not there, or may not be written (mount -t tracefs none "
			 "/sys/kernel/tracing)");
	free(folder);
	free(any);
	free(probes);
	return can;
}

/* Write @text to the file of the instance that @format names. 0, or -1 with errno. */
__attribute__((format(printf, 3, 4))) static int tell(const struct ob_probes *probes,
						      const char *text, const char *format, ...)
{
	char name[128], *path;
	va_list arguments;
	int status;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	path = mb_format("%s/%s", probes->instance, name);
	status = mb_set_file(path, text) ? 0 : -1;
	free(path);
	return status;
}

/* The events of the kernel's own that are there: of those without, there is nothing to be seen. */
static void add_tracepoints(struct ob_probes *probes, struct ob_sight *sight)
{
	/* A flush at every switch of tasks is none of a migration. */
	tell(probes, "reason == 2 || reason == 3 || reason == 4", "events/tlb/tlb_flush/filter");
	sight->flushes = !mb_flushes_untraced() &&
			 ob_events_learn(&probes->events, probes->root, "tlb", "tlb_flush") &&
			 !tell(probes, "1", "events/tlb/tlb_flush/enable");
	sight->ordinary &=
		ob_events_learn(&probes->events, probes->root, "migrate", "mm_migrate_pages") &&
		!tell(probes, "1", "events/migrate/mm_migrate_pages/enable");
}

static int open_buffers(struct ob_probes *probes)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	unsigned long size = BUFFER_KB / (unsigned long)cpus;
	char text[32];

	snprintf(text, sizeof(text), "%lu", size > BUFFER_LEAST_KB ? size : BUFFER_LEAST_KB);
	if (tell(probes, text, "buffer_size_kb") || tell(probes, "mono", "trace_clock"))
		return -1;
	/* Where it is full, what is new is lost, and counted. */
	tell(probes, "0", "options/overwrite");
	/* Names of tasks are asked of /proc: nothing has to be noted at each switch of tasks. */
	tell(probes, "0", "options/record-cmd");
	probes->cpus = mb_alloc((size_t)cpus, sizeof(*probes->cpus));
	for (long i = 0; i < cpus; i++) {
		char *path = mb_format("%s/per_cpu/cpu%ld/trace_pipe_raw", probes->instance, i);
		int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

		if (fd >= 0)
			probes->cpus[probes->cpu_count++] = fd;
		free(path);
	}
	return probes->cpu_count ? 0 : -1;
}

static void close_probes(struct ob_probes *probes)
{
	if (!probes)
		return;
	for (size_t i = 0; i < probes->cpu_count; i++)
		close(probes->cpus[i]);
	ob_guard_end(&probes->guard);
	ob_follow_free(probes->follow);
	free(probes->cpus);
	free(probes->seen);
	free(probes->page);
	free(probes->instance);
	free(probes->root);
	free(probes);
}

static int failed(struct ob_probes *probes, const char *what)
{
	int status = mb_fail(MB_MACHINE, "observe: by tracefs: %s: %s", what, strerror(errno));

	close_probes(probes);
	return status;
}

static int open_probes(struct ob_probes **opened, const struct ob_symbols *symbols, __u32 tgid,
		       struct ob_sight *sight)
{
	struct ob_probes *probes = mb_alloc(1, sizeof(*probes));
	struct ob_config config = { .tgid = tgid };
	const char *lacks;
	char group[32];

	*sight = (struct ob_sight){ .told = ob_offsets(&config) };
	ob_page_sizes(&config);
	probes->root = root_with("kprobe_events");
	probes->instance = mb_format("%s/instances/" OB_INSTANCE "%d", probes->root, (int)getpid());
	probes->page_size = (size_t)sysconf(_SC_PAGESIZE);
	probes->page = mb_alloc(1, probes->page_size);
	probes->follow = ob_follow_new(&config);
	ob_guard_sweep(probes->root);
	if (ob_guard_begin(&probes->guard, probes->root))
		return failed(probes, "no process that takes the probes out again");
	if (mkdir(probes->instance, 0700))
		return failed(probes, probes->instance);
	if (open_buffers(probes))
		return failed(probes, "its buffers");
	snprintf(group, sizeof(group), OB_GROUP "%d", (int)getpid());
	lacks = ob_events_add(&probes->events, probes->root, group, symbols, &config, sight);
	if (lacks)
		return failed(probes, lacks);
	add_tracepoints(probes, sight);
	if (tell(probes, "1", "events/%s/enable", group))
		return failed(probes, "its probes");
	*opened = probes;
	return MB_OK;
}

static void keep(void *context, __u64 when, const unsigned char *record, size_t length)
{
	struct ob_probes *probes = context;
	struct ob_seen seen;

	if (!ob_events_read(&probes->events, record, length, &seen))
		return;
	seen.when = when;
	seen.order = probes->count;
	probes->seen =
		mb_grow(probes->seen, &probes->capacity, probes->count, sizeof(*probes->seen));
	probes->seen[probes->count++] = seen;
}

static int by_time(const void *a, const void *b)
{
	const struct ob_seen *x = a, *y = b;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* All that the buffers have: no more than they have room for, in one go. */
static void read_buffers(struct ob_probes *probes)
{
	for (size_t i = 0; i < probes->cpu_count; i++) {
		size_t left = ((size_t)BUFFER_KB << 10) / probes->page_size;
		ssize_t got;

		while (left-- && (got = read(probes->cpus[i], probes->page, probes->page_size)) > 0)
			ob_ring_page(probes->page, (size_t)got, keep, probes);
	}
}

static void drain(struct ob_probes *probes, void (*take)(void *, const struct ob_call *),
		  void *context)
{
	struct timespec now;
	__u64 until;
	size_t done = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec - LATE_MS * 1000000ULL;
	read_buffers(probes);
	if (!probes->count)
		return;
	qsort(probes->seen, probes->count, sizeof(*probes->seen), by_time);
	while (done < probes->count && probes->seen[done].when < until)
		ob_follow(probes->follow, &probes->seen[done++], take, context);
	probes->count -= done;
	memmove(probes->seen, probes->seen + done, probes->count * sizeof(*probes->seen));
	for (size_t i = 0; i < probes->count; i++)
		probes->seen[i].order = i;
}

static struct ob_row *rows(const struct ob_probes *probes, size_t *count)
{
	return ob_follow_rows(probes->follow, count);
}

static struct ob_ordinary_row *ordinary(const struct ob_probes *probes, size_t *count)
{
	return ob_follow_ordinary(probes->follow, count);
}

static struct ob_lost lost_of(const struct ob_probes *probes)
{
	struct ob_lost lost = ob_follow_lost(probes->follow);

	lost.returns += ob_events_missed(probes->root);
	for (size_t i = 0; i < probes->cpu_count; i++) {
		char *path = mb_format("%s/per_cpu/cpu%zu/stats", probes->instance, i);
		FILE *in = fopen(path, "re");
		unsigned long long value;
		char line[128];

		while (in && fgets(line, sizeof(line), in))
			if (sscanf(line, "overrun: %llu", &value) == 1 ||
			    sscanf(line, "commit overrun: %llu", &value) == 1 ||
			    sscanf(line, "dropped events: %llu", &value) == 1)
				lost.events += value;
		if (in)
			fclose(in);
		free(path);
	}
	return lost;
}

static struct ob_cost cost(const struct ob_probes *probes)
{
	(void)probes;
	return (struct ob_cost){ 0 };
}

const struct ob_way ob_by_tracefs = {
	.name = "tracefs",
	.less = "what became of the pages of a call beyond the first 64, and why pages stayed",
	.read_most = OB_ENTRIES,
	.turn_ms = 10,
	.late_ms = 2 * LATE_MS,
	.can = can,
	.open = open_probes,
	.close = close_probes,
	.drain = drain,
	.rows = rows,
	.ordinary = ordinary,
	.lost = lost_of,
	.cost = cost,
};
