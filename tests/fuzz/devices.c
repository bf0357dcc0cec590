// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that the fuzzer calls: some that all processes share, some of each process's own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

void open_shared(uint64_t seed, int shared[SHARED_FILES])
{
	struct migbench_info info = { .size = sizeof(info) };
	struct migbench_device device = { .size = sizeof(device), .node = 1, .pages = 2 * HUGE };

	for (unsigned int i = 0; i < SHARED_FILES; i++) {
		shared[i] = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
		if (shared[i] < 0 || ioctl(shared[i], MIGBENCH_IOC_INFO, &info)) {
			fprintf(stderr, "fuzz: %s: %m\n", MIGBENCH_DEVICE);
			exit(3);
		}
		if (!(info.kinds & 1U << MIGBENCH_PRIVATE)) {
			puts("skipped: this kernel has no CONFIG_DEVICE_PRIVATE");
			exit(77);
		}
		if (i == 1 && info.kinds & 1U << MIGBENCH_COHERENT) {
			device.kind = MIGBENCH_COHERENT;
			device.node = info.coherent_node;
		} else if (i == 2) {
			device = (struct migbench_device){ .size = sizeof(device),
							   .kind = MIGBENCH_SYSTEM,
							   .node = 1 };
		}
		/* By every other seed its faults bring blocks. */
		device.around = device.kind == MIGBENCH_PRIVATE && seed % 2 ? 16 : 0;
		if (ioctl(shared[i], MIGBENCH_IOC_DEVICE, &device))
			bad_news("no device memory of kind %u: %m", device.kind);
	}
}

void some_device(struct dice *dice, struct migbench_device *device)
{
	*device = (struct migbench_device){ .size = sizeof(*device),
					    .kind = once_in(dice, 3) ? below(dice, 3)
								     : MIGBENCH_PRIVATE,
					    .node = !once_in(dice, 6) };
	if (device->kind != MIGBENCH_SYSTEM)
		device->pages = 1 + below(dice, once_in(dice, 4) ? 2 * HUGE + 176 : 128);
	if (device->kind != MIGBENCH_PRIVATE)
		return;
	if (once_in(dice, 3))
		device->around = 1U << below(dice, 10);
	if (once_in(dice, 4))
		device->spread = 1 + below(dice, 8);
}

/* Open, mostly with memory; -1: not to be had. */
static int open_own(struct dice *dice)
{
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	struct migbench_device device;

	some_device(dice, &device);
	if (fd >= 0 && !once_in(dice, 6))
		ioctl(fd, MIGBENCH_IOC_DEVICE, &device);
	return fd;
}

void open_files(struct thread *thread)
{
	for (unsigned int i = 0; i < FILES; i++)
		thread->process->file[i] = open_own(&thread->dice);
}

/* Closed while others may be calling; opened anew. */
void reopen(struct thread *thread, struct region *region, unsigned int i)
{
	atomic_int *slot = &thread->process->file[i % FILES];
	int old = *slot;

	(void)region;
	if (thread->number || !once_in(&thread->dice, 2))
		return;
	thread->pulse->doing = "close";
	*slot = -1;
	if (old >= 0)
		close(old);
	thread->pulse->doing = "open";
	*slot = open_own(&thread->dice);
}
