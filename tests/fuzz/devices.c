// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that the fuzzer calls: some that all processes share, some of each process's own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

/* Memory that all processes use, of two kinds where there are two. */
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
		if (i && info.kinds & 1U << MIGBENCH_COHERENT) {
			device.kind = MIGBENCH_COHERENT;
			device.node = info.coherent_node;
		}
		/* By every other seed its faults bring blocks. */
		device.around = device.kind == MIGBENCH_PRIVATE && seed % 2 ? 16 : 0;
		if (ioctl(shared[i], MIGBENCH_IOC_DEVICE, &device))
			bad_news("no device memory of kind %u: %m", device.kind);
	}
}

/* Closed while others may be calling; opened anew, mostly with memory. */
void reopen(struct thread *thread, struct region *region, unsigned int i)
{
	struct migbench_device device = { .size = sizeof(device), .node = 1 };
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
	old = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (old < 0)
		return;
	device.pages = once_in(&thread->dice, 3) ? 2 * HUGE : 1 + below(&thread->dice, 256);
	if (once_in(&thread->dice, 3))
		device.around = 16;
	if (!once_in(&thread->dice, 6))
		ioctl(old, MIGBENCH_IOC_DEVICE, &device);
	*slot = old;
}
