// SPDX-License-Identifier: GPL-2.0-or-later
/* fork, wait, and the memory between the two. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "core/base/text.h"

void *mb_share(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		mb_no_memory();
	return shared;
}

void mb_unshare(void *shared, size_t size)
{
	if (shared)
		munmap(shared, size);
}

int mb_child(void)
{
	int child;

	fflush(NULL);
	child = fork();
	if (!child)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

bool mb_child_run(const char *(*work)(void *state), void *state, char shared[MB_WHY],
		  char why[MB_WHY])
{
	int child = mb_child(), status;

	if (!child) {
		const char *failed = work(state);

		if (failed)
			snprintf(shared, MB_WHY, "%s: %s", failed, strerror(errno));
		_exit(!!failed);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	    !WEXITSTATUS(status))
		return true;
	snprintf(why, MB_WHY, "%s", *shared ? shared : "the process died");
	return false;
}
