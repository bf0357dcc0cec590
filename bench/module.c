// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's device, opened and asked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/module.h"
#include "core/base/files.h"

#ifndef PR_SET_MEMORY_MERGE /* since 6.4 */
#define PR_SET_MEMORY_MERGE 67
#endif

void mb_module_unmerge(void)
{
	/* A kernel that does not know it has given KSM nothing. */
	prctl(PR_SET_MEMORY_MERGE, 0, 0, 0, 0);
}

int mb_module_open(struct migbench_info *info, char why[MB_WHY])
{
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		if (errno == ENOENT || errno == ENXIO)
			snprintf(
				why, MB_WHY,
				"the module is not loaded (no " MIGBENCH_DEVICE
				"); use migbench lab run, which loads it in a VM, or migbench load");
		else if (errno == ENOTRECOVERABLE)
			snprintf(why, MB_WHY,
				 "the module's self-test failed, so that nothing can be measured "
				 "on this kernel; dmesg says which interface is another");
		else
			snprintf(why, MB_WHY, MIGBENCH_DEVICE ": %s; it is for root",
				 strerror(errno));
		return -1;
	}
	*info = (struct migbench_info){ .size = sizeof(*info) };
	if (ioctl(fd, MIGBENCH_IOC_INFO, info) || info->abi != MIGBENCH_ABI) {
		snprintf(why, MB_WHY,
			 "the loaded module does not speak ABI %d; build and load it again",
			 MIGBENCH_ABI);
		close(fd);
		return -1;
	}
	mb_module_unmerge();
	return fd;
}

bool mb_module_selftest(char words[MB_WHY])
{
	return mb_read_line("/sys/class/misc/migbench/selftest", words, MB_WHY);
}

bool mb_module_create(int fd, enum migbench_kind kind, unsigned long node, unsigned long pages,
		      char why[MB_WHY])
{
	return mb_module_create_shaped(fd, kind, node, pages, 0, 0, why);
}

bool mb_module_create_shaped(int fd, enum migbench_kind kind, unsigned long node,
			     unsigned long pages, unsigned long around, unsigned long spread,
			     char why[MB_WHY])
{
	struct migbench_device request = { .size = sizeof(request),
					   .kind = kind,
					   .node = (uint32_t)node,
					   .pages = kind == MIGBENCH_SYSTEM ? 0 : pages,
					   .around = (uint16_t)around,
					   .spread = (uint16_t)spread };
	struct migbench_info info = { .size = sizeof(info) };

	if (spread > 1)
		request.pages *= spread;
	if (!ioctl(fd, MIGBENCH_IOC_DEVICE, &request))
		return true;
	if (errno == EOPNOTSUPP && kind == MIGBENCH_PRIVATE)
		snprintf(why, MB_WHY, "this kernel has no CONFIG_DEVICE_PRIVATE");
	else if (errno == EOPNOTSUPP)
		snprintf(why, MB_WHY,
			 "no range was reserved for coherent memory (module parameter coherent; "
			 "Linux 6.0 or later)");
	else if (errno == EINVAL && kind == MIGBENCH_COHERENT &&
		 !ioctl(fd, MIGBENCH_IOC_INFO, &info) && info.coherent_node != node)
		snprintf(why, MB_WHY, "the reserved coherent range is on node %u, not %lu",
			 info.coherent_node, node);
	else
		snprintf(why, MB_WHY, "no device memory of %lu pages on node %lu: %s", pages, node,
			 strerror(errno));
	return false;
}

int mb_module_migrate(int fd, unsigned int direction, unsigned int flags, const void *addr,
		      unsigned long pages, unsigned int batch, unsigned long node,
		      struct migbench_record *records)
{
	struct migbench_migrate request = { .size = sizeof(request),
					    .flags = flags,
					    .direction = direction,
					    .batch = batch,
					    .addr = (uintptr_t)addr,
					    .pages = pages,
					    .records = (uintptr_t)records,
					    .node = (uint32_t)node };

	return ioctl(fd, MIGBENCH_IOC_MIGRATE, &request);
}

int mb_module_evict(int fd, unsigned int flags, unsigned long first, unsigned long pages,
		    unsigned long node, struct migbench_record *record)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .flags = flags,
					  .first = first,
					  .pages = pages,
					  .records = (uintptr_t)record,
					  .batch = (uint32_t)pages,
					  .node = (uint32_t)node };

	return ioctl(fd, MIGBENCH_IOC_EVICT, &request);
}

bool mb_module_can_evict(int fd, unsigned int flags)
{
	/* No frame lies there: refused for that, or for want of the operation. */
	struct migbench_evict request = {
		.size = sizeof(request), .flags = flags, .first = UINT64_MAX, .pages = 1, .batch = 1
	};

	return !ioctl(fd, MIGBENCH_IOC_EVICT, &request) || errno != EOPNOTSUPP;
}

int mb_module_query(int fd, const void *addr, unsigned long pages, uint8_t *states)
{
	struct migbench_query request = { .size = sizeof(request),
					  .addr = (uintptr_t)addr,
					  .pages = pages,
					  .states = (uintptr_t)states };

	return ioctl(fd, MIGBENCH_IOC_QUERY, &request);
}

int mb_module_hold(int fd, unsigned int op, const void *addr, unsigned long pages)
{
	struct migbench_hold request = {
		.size = sizeof(request), .op = op, .addr = (uintptr_t)addr, .pages = pages
	};

	return ioctl(fd, MIGBENCH_IOC_HOLD, &request);
}

int mb_module_listen(int fd, unsigned int count, uint64_t *calls)
{
	struct migbench_listen request = { .size = sizeof(request), .count = count };
	int status = ioctl(fd, MIGBENCH_IOC_LISTEN, &request);

	if (calls)
		*calls = request.calls;
	return status;
}

int mb_module_retention(int fd, unsigned int op, struct migbench_retention *answer)
{
	struct migbench_retention request = { .size = sizeof(request), .op = op };
	int status = ioctl(fd, MIGBENCH_IOC_RETENTION, &request);

	if (answer)
		*answer = request;
	return status;
}

int mb_module_faults(int fd, struct migbench_record *records, unsigned int room, unsigned int *lost)
{
	struct migbench_faults request = { .size = sizeof(request),
					   .records = (uintptr_t)records,
					   .count = room };

	if (ioctl(fd, MIGBENCH_IOC_FAULTS, &request))
		return -1;
	if (lost)
		*lost = request.lost;
	return (int)request.count;
}
