// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocations that fail within a call, where the kernel can have them fail: debug kernels. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../guest/free_memory.h"
#include "fuzz.h"

void failures_set_up(void)
{
	static const char *const values[][2] = { { "failslab/ignore-gfp-wait", "N" },
						 { "failslab/verbose", "0" },
						 { "fail_page_alloc/ignore-gfp-wait", "N" },
						 { "fail_page_alloc/ignore-gfp-highmem", "N" },
						 { "fail_page_alloc/min-order", "0" },
						 { "fail_page_alloc/verbose", "0" } };
	char path[128];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", values[i][0]);
		put(path, values[i][1]);
	}
}

int failures_open(void)
{
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

_Thread_local bool failing;

bool fail_nth(int fd, unsigned long nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%lu", nth);
	failing = fd >= 0;
	return fd >= 0 && pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text);
}

bool has_failed(int fd)
{
	char text[16] = "";
	bool failed = pread(fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	if (!failed && pwrite(fd, "0", 1, 0) != 1)
		bad_news("allocations go on failing: %m");
	failing = false;
	return failed;
}
