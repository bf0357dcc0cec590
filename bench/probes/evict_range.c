// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a driver take its memory back by frame number, whoever maps it? */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/probe_kit.h"

enum { N = MB_PROBE_PAGES };

/* What the owner's exit status says. */
enum { GOOD, STUCK, LOST, FAULTED };

/* After the eviction: all pages present, and that without a fault of ours. */
static int inspect(int fd, const struct mb_memory *memory)
{
	struct migbench_record fault;
	unsigned long present, elsewhere;

	if (!mb_memory_witness(memory, &present, &elsewhere) || present != N)
		return STUCK;
	if (mb_memory_lost(memory))
		return LOST;
	return mb_module_faults(fd, &fault, 1, NULL) ? FAULTED : GOOD;
}

/* The owner of the pages, who shares them with a child and then sleeps. */
static void own(int fd, int ready[2], int go[2])
{
	struct migbench_record record;
	char why[MB_WHY], byte = 0;
	struct mb_memory memory;
	int status;
	pid_t child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The asker's ends: without it, reading must end. */
	close(ready[0]);
	close(go[1]);
	if (!mb_kit_map(&memory, N, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why) || record.migrated != N)
		_exit(STUCK);
	child = fork();
	if (write(ready[1], &byte, child > 0) != (child > 0) || read(go[0], &byte, 1) != 1)
		_exit(STUCK);
	status = inspect(fd, &memory);
	if (!child)
		_exit(status);
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		_exit(STUCK);
	_exit(WEXITSTATUS(status) ? WEXITSTATUS(status) : inspect(fd, &memory));
}

static enum mb_answer ask(char why[MB_WHY])
{
	static const char *const outcomes[] = { "intact, and without a fault", "not all present",
						"with other content", "by faults" };
	int fd = mb_kit_open_any(N, why), ready[2], go[2], status;
	struct migbench_record record = { 0 };
	char bytes[2] = { 0 };
	pid_t owner;

	if (fd < 0)
		return MB_SKIPPED;
	if (pipe(ready) || pipe(go))
		return mb_kit_say(MB_SKIPPED, why, "no pipe: %m");
	owner = fork();
	if (!owner)
		own(fd, ready, go);
	close(ready[1]);
	close(go[0]);
	if (owner < 0 || read(ready[0], bytes, 1) != 1)
		return mb_kit_say(MB_SKIPPED, why, "no process that has pages on the device");
	if (mb_module_evict(fd, MIGBENCH_EVICT_RANGE, 0, N, 0, &record) && errno == EOPNOTSUPP) {
		close(go[1]);
		waitpid(owner, NULL, 0);
		return mb_kit_say(MB_ABSENT, why, "this kernel has no migrate_device_range()");
	}
	/* A byte for the owner, and one for its child. */
	if (write(go[1], bytes, 2) != 2 || waitpid(owner, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > FAULTED)
		return mb_kit_say(MB_CONTRADICTION, why, "the owner of the pages did not survive");
	mb_kit_say(MB_PRESENT, why, "%u of %d pages of two sleeping processes came back, %s",
		   record.migrated, N, outcomes[WEXITSTATUS(status)]);
	return record.migrated == N && WEXITSTATUS(status) == GOOD ? MB_PRESENT : MB_CONTRADICTION;
}

static const struct mb_probe evict_range = {
	.id = "evict-range",
	.commit = "e778406b40db",
	.date = "2022-10-12",
	.release = "6.1",
	.title = "device pages are evicted by frame number, without their mm",
	.verified = true,
	.ask = ask,
};

MB_PROBE(evict_range)
