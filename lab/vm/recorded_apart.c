// SPDX-License-Identifier: GPL-2.0-or-later
/* hwloc's reader of XML in a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/vm/recorded_apart.h"

#define MAX_SECONDS 20

bool lab_recorded_apart(const char *path, struct lab_recorded *machine)
{
	int ended = -1, nowhere;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGALRM, SIG_DFL);
		alarm(MAX_SECONDS);
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (nowhere >= 0)
			dup2(nowhere, STDERR_FILENO);
		_exit(lab_recorded_take(path, machine) ? MB_OK : MB_REQUEST);
	}
	while (pid > 0 && waitpid(pid, &ended, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(ended) && WEXITSTATUS(ended) == MB_OK;
}
