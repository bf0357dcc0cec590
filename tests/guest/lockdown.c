// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: a locked-down kernel is not written into, and shows nobody what pages held before. */
#include <sys/mount.h>

#include "guest.h"

#define LOCKDOWN "/sys/kernel/security/lockdown"

static void lock_down(const char *level)
{
	int fd = open(LOCKDOWN, O_WRONLY);

	CHECK(fd >= 0 && write(fd, level, strlen(level)) == (ssize_t)strlen(level));
	close(fd);
}

static int error_of_migration(int fd, unsigned char *at, unsigned int flags)
{
	struct migbench_record record;
	struct migbench_migrate request = { .size = sizeof(request),
					    .flags = flags,
					    .direction = MIGBENCH_TO_DEVICE,
					    .batch = 1,
					    .addr = (uintptr_t)at,
					    .pages = 1,
					    .records = (uintptr_t)&record };

	return ioctl(fd, MIGBENCH_IOC_MIGRATE, &request) ? errno : 0;
}

static int error_of_retention(int fd, unsigned int op)
{
	struct migbench_retention request = { .size = sizeof(request), .op = op };

	return ioctl(fd, MIGBENCH_IOC_RETENTION, &request) ? errno : 0;
}

int main(void)
{
	struct migbench_device device = { .size = sizeof(device), .kind = MIGBENCH_SYSTEM };
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC), off;
	unsigned char *at = map_pages(1);

	CHECK(fd >= 0);
	mount("none", "/sys/kernel/security", "securityfs", 0, NULL);
	if (access(LOCKDOWN, W_OK)) {
		puts("skipped: this kernel has no CONFIG_SECURITY_LOCKDOWN_LSM");
		return 77;
	}
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &device));
	fill(at, 1, 7);
	off = error_of_retention(fd, MIGBENCH_RETENTION_OFF);
	CHECK(off == 0 || off == EOPNOTSUPP);
	CHECK(off || !error_of_retention(fd, MIGBENCH_RETENTION_RESTORE));
	CHECK(!error_of_migration(fd, at, MIGBENCH_COPY_NONE));

	lock_down("integrity");
	CHECK(error_of_retention(fd, MIGBENCH_RETENTION_OFF) == (off ? off : EPERM));
	/* What was switched off before can be restored, and a question is no writing. */
	CHECK(error_of_retention(fd, MIGBENCH_RETENTION_RESTORE) == off);
	CHECK(error_of_retention(fd, MIGBENCH_RETENTION_ASK) == 0 || off);
	CHECK(!error_of_migration(fd, at, MIGBENCH_COPY_NONE));

	lock_down("confidentiality");
	CHECK(error_of_migration(fd, at, MIGBENCH_COPY_NONE) == EPERM);
	fill(at, 1, 8);
	CHECK(!error_of_migration(fd, at, 0));
	CHECK(!wrong_bytes(at, 1, 8));
	puts("lockdown: honoured");
	return 0;
}
