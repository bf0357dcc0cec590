/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocations that fail: the nth of this thread, or some at random (CONFIG_FAULT_INJECTION). */
#ifndef MIGBENCH_TESTS_GUEST_FAILING_H
#define MIGBENCH_TESTS_GUEST_FAILING_H

#include "../guest.h"

/* False where the kernel does not have it. */
static inline bool set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Opening and writing may be what fails. */
static inline void set_despite_failures(const char *path, const char *value)
{
	unsigned int tries = 0;

	while (!set(path, value))
		CHECK(++tries < 10000);
}

/* Let this thread's @nth allocation from now on fail. */
static inline int arm(unsigned int nth)
{
	static int fd = -1;
	char text[16];

	if (fd < 0)
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	snprintf(text, sizeof(text), "%u", nth);
	CHECK(pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text));
	return fd;
}

/* Whether it was reached; nothing fails from here on. */
static inline bool disarm(int fd)
{
	char text[16] = "";

	CHECK(pread(fd, text, sizeof(text) - 1, 0) > 0);
	if (atoi(text))
		CHECK(pwrite(fd, "0", 1, 0) == 1);
	return !atoi(text);
}

/* Only where a task asks for it, and each time: /sys/kernel/debug/failslab or fail_page_alloc. */
static inline void prepare(const char *kind)
{
	static const char *const values[][2] = {
		{ "verbose", "0" },	{ "ignore-gfp-wait", "N" }, { "ignore-gfp-highmem", "N" },
		{ "task-filter", "Y" }, { "times", "0xffffffff" },  { "interval", "1" },
		{ "min-order", "0" },
	};
	char path[64];

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", kind, values[i][0]);
		set(path, values[i][1]);
	}
}

#endif
