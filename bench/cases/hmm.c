// SPDX-License-Identifier: GPL-2.0-or-later
/* hmm: the kernel's own test driver, lib/test_hmm, doing what migrate and fault do; to set beside them. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/memory.h"

/* The driver's request, which no header of the system's describes: the same from 5.10 to 7.2. */
struct mirror_request {
	uint64_t addr; /* the pages, … */
	uint64_t copy; /* … and where their content is written, read on the device */
	uint64_t pages;
	uint64_t collected, faults; /* answers */
};

#define MIRROR_TO_DEVICE _IOWR('H', 0x02, struct mirror_request)

#define DEVICE "/dev/hmm_dmirror0"
#define FAULTS 64 /* in a row, as in fault */

static const struct mb_param params[] = {
	MB_PARAM_WORD(
		"direction",
		"to-device: one request of the driver; fault: the first touch of a page there",
		"to-device,fault", "to-device", "fault"),
	MB_PARAM_BATCH("pages in the request; of these the first 64 are touched", "64,512"),
	{ 0 },
};

/* What the process that measures leaves to ours. */
struct shared {
	uint64_t values[FAULTS]; /* in the clock's unit */
	unsigned long count; /* of values */
	unsigned long collected, away, lost; /* pages */
	char why[MB_WHY];
};

struct state {
	struct mb_session *session;
	struct shared *shared;
	unsigned long home; /* the node */
	unsigned long batch;
	bool fault;
};

static unsigned long pages_of(const struct mb_point *point)
{
	return mb_is(point, "direction", "fault") ? 1 : mb_value(point, "batch")->number;
}

/* The driver's number, 0 if it is not there. Before 5.19 it is all that tells of it. */
static unsigned int driver_major(void)
{
	FILE *in = fopen("/proc/devices", "re");
	unsigned int number, major = 0;
	char line[128], name[64];

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "%u %63s", &number, name) == 2 && !strcmp(name, "HMM_DMIRROR"))
			major = number;
	if (in)
		fclose(in);
	return major;
}

static int open_by_number(void)
{
	char folder[] = "/tmp/migbench-hmm-XXXXXX", path[sizeof(folder) + 8];
	int fd = -1, error;

	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/mirror", folder);
	if (!mknod(path, S_IFCHR | 0600, makedev(driver_major(), 0)))
		fd = open(path, O_RDWR | O_CLOEXEC);
	error = errno;
	unlink(path);
	rmdir(folder);
	errno = error;
	return fd;
}

/* Watched from now on, this process pays for it in all that it does to its memory, for good. */
static int open_mirror(void)
{
	return access(DEVICE, F_OK) ? open_by_number() : open(DEVICE, O_RDWR | O_CLOEXEC);
}

/* Only in the lab's machine: into a user's own kernel goes nothing that was not asked for. */
static void load(void)
{
	static char modprobe[] = "modprobe", quiet[] = "-q", module[] = "test_hmm";
	char *const words[] = { modprobe, quiet, module, NULL };
	posix_spawn_file_actions_t silent;
	pid_t child;

	posix_spawn_file_actions_init(&silent);
	posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!posix_spawnp(&child, modprobe, &silent, NULL, words, environ))
		waitpid(child, NULL, 0);
	posix_spawn_file_actions_destroy(&silent);
}

/*
 * Does the kernel look for free addresses where it has room for their struct pages? On arm64 it goes
 * beyond its direct map before 6.12, and warns when the driver is loaded.
 */
static bool is_safe_to_load(void)
{
#if defined(__aarch64__)
	struct utsname name;
	unsigned int major, minor;

	uname(&name);
	return sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 12));
#else
	return true;
#endif
}

/* Without opening it: see open_mirror(). */
static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	(void)point;
	if (!driver_major() && !is_safe_to_load()) {
		snprintf(
			why, MB_WHY,
			"before Linux 6.12 lib/test_hmm takes addresses beyond arm64's direct map");
		return false;
	}
	if (!driver_major() && session->guest)
		load();
	if (!driver_major()) {
		snprintf(why, MB_WHY,
			 "lib/test_hmm is not loaded: modprobe test_hmm, where the kernel has it");
		return false;
	}
	if (access(DEVICE, F_OK) ? geteuid() != 0 : access(DEVICE, R_OK | W_OK) != 0) {
		snprintf(why, MB_WHY, "lib/test_hmm's device is for root");
		return false;
	}
	return true;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	/* The driver has its device's pages there, too. */
	state->home = mb_topology_home(session->topology);
	if (!mb_topology_bind(session->topology, state->home)) {
		snprintf(why, MB_WHY, "cannot bind to a CPU of node %lu: %s", state->home,
			 strerror(errno));
		return false;
	}
	state->session = session;
	state->batch = mb_value(point, "batch")->number;
	state->fault = mb_is(point, "direction", "fault");
	state->shared = mb_share(sizeof(*state->shared));
	return true;
}

static void touch(struct state *state, const struct mb_memory *memory)
{
	enum mb_clock clock = state->session->clock;
	struct shared *shared = state->shared;
	unsigned long count = state->batch < FAULTS ? state->batch : FAULTS;

	mb_counting_begin(state->session);
	for (unsigned long i = 0; i < count; i++) {
		volatile uint64_t *end =
			(volatile uint64_t *)(memory->at + (i + 1) * memory->page_size);
		uint64_t start = mb_clock_now(clock);

		(void)end[-1];
		shared->values[i] = mb_clock_now(clock) - start;
	}
	mb_counting_end(state->session, count);
	shared->count = count;
}

/* There, timed or not, and seen by the kernel's own account. Returns what failed, or NULL. */
static const char *send_away(struct state *state, int fd, const struct mb_memory *memory,
			     void *copy, bool timed)
{
	struct mirror_request request = { .addr = (uintptr_t)memory->at,
					  .copy = (uintptr_t)copy,
					  .pages = memory->pages };
	enum mb_clock clock = state->session->clock;
	unsigned long present;
	uint64_t start;
	int status;

	if (clock == MB_INSNS)
		mb_tick_wait(&state->session->tick);
	if (timed)
		mb_counting_begin(state->session);
	start = mb_clock_now(clock);
	status = ioctl(fd, MIRROR_TO_DEVICE, &request);
	state->shared->values[0] = mb_clock_now(clock) - start;
	if (timed)
		mb_counting_end(state->session, 1);
	if (status)
		return "lib/test_hmm does not migrate";
	state->shared->count = timed;
	state->shared->collected = request.collected;
	if (!mb_memory_witness(memory, &present, &state->shared->away))
		return "/proc/self/pagemap can't be read";
	return NULL;
}

/* All that is of one sample, in a process of its own, which alone the driver then watches. */
static const char *measure(void *user)
{
	struct state *state = user;
	int fd = open_mirror();
	struct mb_memory memory;
	const char *failed;
	void *copy;

	if (fd < 0)
		return "lib/test_hmm can't be opened";
	if (!mb_memory_map(&memory, state->batch, state->home, false, state->session->verify))
		return "no memory";
	copy = calloc(memory.pages, memory.page_size);
	if (!copy)
		return "no memory";
	/* Once before: tables that the kernel and the driver make are there then. */
	failed = send_away(state, fd, &memory, copy, false);
	if (failed)
		return failed;
	mb_memory_fill(&memory);
	failed = send_away(state, fd, &memory, copy, !state->fault);
	if (failed)
		return failed;
	if (state->fault) {
		if (state->session->clock == MB_INSNS)
			mb_tick_wait(&state->session->tick);
		touch(state, &memory);
	}
	state->shared->lost = mb_memory_lost(&memory);
	return NULL;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct shared *shared = state->shared;
	struct mb_counts counts;

	memset(shared, 0, sizeof(*shared));
	if (!mb_child_run(measure, state, shared->why, why))
		return false;
	state->session->lost_pages += shared->lost;
	counts = (struct mb_counts){ .requested = (unsigned int)state->batch,
				     .collected = (unsigned int)shared->collected,
				     .migrated = (unsigned int)shared->away };
	if (shared->lost || shared->collected != state->batch || shared->away != state->batch) {
		mb_block_invalid(block, &counts);
		return true;
	}
	if (state->fault)
		counts = (struct mb_counts){ 1, 1, 1 };
	for (unsigned long i = 0; i < shared->count; i++) {
		double total = (double)shared->values[i];

		mb_block_add(block, &total, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_unshare(state->shared, sizeof(*state->shared));
}

static const struct mb_case hmm_case = {
	.name = "hmm",
	.summary = "the kernel's test driver lib/test_hmm: pages to its device, and a fault back",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.elsewhere = true,
	.migrates = true,
	.pages_of = pages_of,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(hmm_case)
