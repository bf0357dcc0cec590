// SPDX-License-Identifier: GPL-2.0-or-later
/* TLB flushes and IPIs by way of the module, events by perf_event_open(2). */
#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <perfmon/pfmlib_perf_event.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/vmstat.h"
#include "core/base/list.h"
#include "core/cpu.h"
#include "core/status.h"

/* One event in one of user space and kernel; counted apart. */
struct event {
	char name[80]; /* "NAME:u", "NAME:k" */
	struct perf_event_attr attr;
	int fd; /* of the process that counts now */
	double sum;
	double running; /* least share of the time that it was on the PMU */
	bool failed; /* once, since the last take: the sum means nothing */
};

/* Lives in memory shared with children: what they count must arrive here. */
struct mb_counting {
	int module; /* -1: no module, no flush counts */
	bool untraced; /* some flushes have no tracepoint on this machine */
	bool started; /* the module counts now */
	unsigned long counted; /* batches whose flushes the module has counted */
	unsigned long batches;
	struct migbench_count flushes; /* sums */
	uint64_t received; /* IPIs, before the batch */
	uint64_t received_sum;
	unsigned long heard; /* batches whose IPIs that is the sum of */
	struct mb_vmstat vmstat;
	struct event events[2 * MB_MAX_EVENTS];
	size_t event_count;
	struct mb_counters noted; /* what a benchmark saw besides, since the last take */
};

static int open_event(const struct perf_event_attr *attr)
{
	return (int)syscall(SYS_perf_event_open, attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* The id of tracepoint "system:name", or -1. */
static long tracepoint_id(const char *name)
{
	static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	const char *colon = strchr(name, ':');

	for (size_t i = 0; colon && i < 2; i++) {
		char path[256];
		long id = -1;
		FILE *in;

		snprintf(path, sizeof(path), "%s/events/%.*s/%s/id", roots[i], (int)(colon - name),
			 name, colon + 1);
		in = strstr(path, "..") ? NULL : fopen(path, "re");
		if (!in)
			continue;
		if (fscanf(in, "%ld", &id) != 1)
			id = -1;
		fclose(in);
		return id;
	}
	return -1;
}

static bool encode(const char *name, struct perf_event_attr *attr)
{
	pfm_perf_encode_arg_t arg = { .attr = attr, .size = sizeof(arg) };
	long id = tracepoint_id(name);

	memset(attr, 0, sizeof(*attr));
	attr->size = sizeof(*attr);
	if (id >= 0) {
		attr->type = PERF_TYPE_TRACEPOINT;
		attr->config = (uint64_t)id;
		return true;
	}
	return pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT_EXT, &arg) ==
	       PFM_SUCCESS;
}

static void add_event(struct mb_counting *counting, const char *name,
		      const struct perf_event_attr *attr, bool kernel)
{
	struct event *event = &counting->events[counting->event_count];
	int fd;

	snprintf(event->name, sizeof(event->name), "%.70s:%c", name, kernel ? 'k' : 'u');
	event->attr = *attr;
	event->attr.disabled = 1;
	event->attr.exclude_user = kernel;
	event->attr.exclude_kernel = !kernel;
	event->attr.exclude_hv = 1;
	event->attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	event->running = 1;
	fd = open_event(&event->attr);
	if (fd < 0) {
		mb_note("--events: %s can't be counted here: %s; going on without", event->name,
			strerror(errno));
		return;
	}
	close(fd);
	counting->event_count++;
}

/* Each of @names, which are lists as perf takes them: "instructions,page-faults". */
static int add_events(struct mb_counting *counting, const struct mb_strings *names)
{
	struct perf_event_attr attrs[MB_MAX_EVENTS];
	struct mb_list events = { 0 };
	int status = MB_OK;

	for (size_t i = 0; i < names->count; i++)
		mb_list_split(&events, names->at[i]);
	if (events.count > MB_MAX_EVENTS)
		status = mb_fail(MB_REQUEST, "--events: more than %d events", MB_MAX_EVENTS);
	else if (pfm_initialize() != PFM_SUCCESS)
		status = mb_fail(MB_MACHINE, "--events: libpfm4 does not know this machine");
	for (size_t i = 0; !status && i < events.count; i++)
		if (!encode(events.at[i], &attrs[i]))
			status = mb_fail(
				MB_REQUEST,
				"--events: no event '%s' on this machine; perf list shows them",
				events.at[i]);
	/* Only when all are known is anything said of those that can't be counted. */
	for (size_t i = 0; !status && i < events.count; i++) {
		add_event(counting, events.at[i], &attrs[i], false);
		add_event(counting, events.at[i], &attrs[i], true);
	}
	mb_list_free(&events);
	return status;
}

int mb_counting_open(struct mb_session *session, const struct mb_strings *events)
{
	struct mb_counting *counting = mb_share(sizeof(*counting));
	struct migbench_info info;
	char why[MB_WHY];

	session->counters = counting;
	counting->module = mb_module_open(&info, why);
	counting->untraced = mb_flushes_untraced();
	mb_vmstat_open(&counting->vmstat);
	return events->count ? add_events(counting, events) : MB_OK;
}

void mb_counting_close(struct mb_session *session)
{
	struct mb_counting *counting = session->counters;

	if (!counting)
		return;
	if (counting->module >= 0)
		close(counting->module);
	mb_vmstat_close(&counting->vmstat);
	mb_unshare(counting, sizeof(*counting));
	session->counters = NULL;
}

/* TLB shootdowns that all CPUs have received, the row TLB of /proc/interrupts; false without one. */
static bool shootdowns(uint64_t *sum)
{
	FILE *in = fopen("/proc/interrupts", "re");
	bool found = false;
	char *line = NULL; /* a column each CPU */
	size_t size = 0;

	*sum = 0;
	while (in && getline(&line, &size, in) > 0) {
		const char *at = line + strspn(line, " ");
		uint64_t count;
		int used;

		if (strncmp(at, "TLB:", 4))
			continue;
		found = true;
		for (at += 4; sscanf(at, "%" SCNu64 "%n", &count, &used) == 1; at += used)
			*sum += count;
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

/* All of them begin together: what opens one is not in another. */
static void begin_events(struct mb_counting *counting, bool program)
{
	for (size_t i = 0; i < counting->event_count; i++) {
		struct perf_event_attr attr = counting->events[i].attr;

		attr.inherit = attr.enable_on_exec = program;
		counting->events[i].fd = open_event(&attr);
	}
	if (counting->event_count && !program)
		prctl(PR_TASK_PERF_EVENTS_ENABLE);
}

static void begin(struct mb_session *session, bool program)
{
	struct mb_counting *counting = session->counters;
	struct migbench_count request = { .size = sizeof(request), .op = MIGBENCH_COUNT_START };

	if (session->counting)
		mb_vmstat_begin(&counting->vmstat);
	if (session->counting && session->bystanders)
		shootdowns(&counting->received);
	/* The kernel waits for each CPU to let go of what a probe is put into: they rest still. */
	if (session->counting && counting->module >= 0 && !program)
		counting->started = !ioctl(counting->module, MIGBENCH_IOC_COUNT, &request);
	mb_bystanders_rouse(session->bystanders);
	if (session->counting)
		begin_events(counting, program);
}

void mb_counting_begin(struct mb_session *session)
{
	begin(session, false);
}

void mb_counting_begin_program(struct mb_session *session)
{
	begin(session, true);
}

static void end_event(struct event *event)
{
	struct {
		uint64_t value, enabled, running;
	} count = { 0 };

	if (event->fd < 0) {
		event->failed = true;
		return;
	}
	if (read(event->fd, &count, sizeof(count)) == sizeof(count) && count.running) {
		double share = (double)count.running / (double)count.enabled;

		/* Scaled for the time that other events had the PMU. */
		event->sum += (double)count.value / share;
		event->running = share < event->running ? share : event->running;
	} else {
		event->failed = true;
	}
	close(event->fd);
}

void mb_counting_note(struct mb_session *session, const char *name, double value)
{
	if (session->counting)
		mb_counter_add(&session->counters->noted, name, value);
}

static void end_count(struct mb_session *session, unsigned long batches)
{
	struct mb_counting *counting = session->counters;
	struct migbench_count request = { .size = sizeof(request), .op = MIGBENCH_COUNT_STOP };
	uint64_t received;

	if (counting->event_count)
		prctl(PR_TASK_PERF_EVENTS_DISABLE);
	for (size_t i = 0; i < counting->event_count; i++)
		end_event(&counting->events[i]);
	mb_bystanders_rest(session->bystanders);
	if (counting->started && !ioctl(counting->module, MIGBENCH_IOC_COUNT, &request)) {
		counting->counted += batches;
		counting->flushes.flushes += request.flushes;
		counting->flushes.full += request.full;
		counting->flushes.pages += request.pages;
		counting->flushes.ipis += request.ipis;
	}
	counting->started = false;
	counting->batches += batches;
	mb_vmstat_end(&counting->vmstat, batches);
	if (session->bystanders && shootdowns(&received)) {
		counting->received_sum += received - counting->received;
		counting->heard += batches;
	}
}

void mb_counting_end(struct mb_session *session, unsigned long batches)
{
	if (session->counting)
		end_count(session, batches);
	else
		mb_bystanders_rest(session->bystanders);
}

void mb_counting_take(struct mb_session *session, struct mb_counters *counters,
		      struct mb_counters *witnesses)
{
	struct mb_counting *counting = session->counters;
	struct migbench_count request = { .size = sizeof(request), .op = MIGBENCH_COUNT_STOP };
	double batches = (double)counting->batches;

	/* By a process that died before its end: the next would not be let in, and all that is timed be counted. */
	if (counting->started)
		ioctl(counting->module, MIGBENCH_IOC_COUNT, &request);
	counting->started = false;
	/* A count that the kernel did not give, or not all of, is left out: it is not zero. */
	if (counting->counted && counting->counted == counting->batches && !counting->untraced) {
		mb_counter_add(counters, "tlb_flushes",
			       (double)counting->flushes.flushes / batches);
		mb_counter_add(counters, "tlb_full_flushes",
			       (double)counting->flushes.full / batches);
		mb_counter_add(counters, "tlb_pages", (double)counting->flushes.pages / batches);
		mb_counter_add(counters, "ipi_rounds", (double)counting->flushes.ipis / batches);
	}
	for (size_t i = 0; counting->batches && i < counting->event_count; i++) {
		struct event *event = &counting->events[i];

		if (!event->failed)
			mb_counter_add(counters, event->name, event->sum / batches);
		if (event->running < 1)
			mb_note("%s shared the PMU (%.0f %% of the time): its count is scaled",
				event->name, 100 * event->running);
		event->sum = 0;
		event->failed = false;
		event->running = 1;
	}
	for (size_t i = 0; i < counting->noted.count; i++)
		mb_counter_add(counters, counting->noted.at[i].name,
			       counting->noted.at[i].sum / (double)counting->noted.at[i].samples);
	counting->noted.count = 0;
	if (counting->heard && counting->heard == counting->batches)
		mb_counter_add(counters, "ipis_received", (double)counting->received_sum / batches);
	counting->received_sum = counting->heard = 0;
	mb_vmstat_take(&counting->vmstat, witnesses);
	counting->batches = counting->counted = 0;
	counting->flushes = (struct migbench_count){ 0 };
}
