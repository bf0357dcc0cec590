// SPDX-License-Identifier: GPL-2.0-or-later
/* One probe in a process of its own: what it breaks, pins or leaves behind ends with it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/probe.h"

/* Seconds that a probe may take, at most; they take milliseconds. */
#define PROBE_TIMEOUT 60

static void ask_here(const struct mb_probe *probe, struct mb_probe_result *result)
{
	alarm(PROBE_TIMEOUT);
	result->answer = probe->ask(result->why);
	/* Not exit(): what the parent has buffered is the parent's to write. */
	_exit(0);
}

void mb_probe_ask(const struct mb_probe *probe, struct mb_probe_result *result)
{
	struct mb_probe_result *shared = mb_share(sizeof(*shared));
	int child = mb_child(), status = 0;

	if (!child)
		ask_here(probe, shared);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	*result = *shared;
	mb_unshare(shared, sizeof(*shared));
	result->seen = result->answer;
	if (child < 0) {
		result->answer = MB_SKIPPED;
		snprintf(result->why, MB_WHY, "no process for it: %s", strerror(errno));
	} else if (!WIFEXITED(status)) {
		result->answer = MB_CONTRADICTION;
		if (WTERMSIG(status) == SIGALRM)
			snprintf(result->why, MB_WHY, "no answer within %d s", PROBE_TIMEOUT);
		else
			snprintf(result->why, MB_WHY, "it died: %s", strsignal(WTERMSIG(status)));
	} else if (!probe->verified && result->answer <= MB_ABSENT) {
		result->answer = MB_UNVERIFIED;
	}
}
