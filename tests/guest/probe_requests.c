// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: COLLECT and HOLD refuse what the contract does not allow; what is held is let go. */
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

#define PAGES 64UL

#define REFUSED(code, request, member, value, error)                                               \
	do {                                                                                       \
		__typeof__(request) bad = request;                                                 \
		bad.member = value;                                                                \
		errno = 0;                                                                         \
		CHECK(ioctl(fd, code, &bad) == -1);                                                \
		CHECK(errno == (error));                                                           \
	} while (0)

static uint8_t sources[PAGES];

static struct migbench_collect collect_of(unsigned char *at, unsigned int select)
{
	return (struct migbench_collect){ .size = sizeof(struct migbench_collect),
					  .select = select,
					  .addr = (uintptr_t)at,
					  .pages = PAGES,
					  .sources = (uintptr_t)sources };
}

static struct migbench_hold hold_of(unsigned char *at, unsigned int op)
{
	return (struct migbench_hold){ .size = sizeof(struct migbench_hold),
				       .op = op,
				       .addr = (uintptr_t)at,
				       .pages = PAGES };
}

static void collect(int fd, unsigned char *at)
{
	struct migbench_collect good = collect_of(at, MIGBENCH_SELECT_SYSTEM);

	REFUSED(MIGBENCH_IOC_COLLECT, good, size, 1, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, flags, 2, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, select, 16, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, pages, 0, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, pages, MIGBENCH_BATCH_MAX + 1, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, pages, UINT64_MAX / PAGE, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, addr, 7, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, addr, 0xffff888000000000UL, EINVAL);
	REFUSED(MIGBENCH_IOC_COLLECT, good, addr, PAGE, EFAULT);
	REFUSED(MIGBENCH_IOC_COLLECT, good, pages, PAGES + 1, EFAULT); /* beyond the mapping */
	REFUSED(MIGBENCH_IOC_COLLECT, good, sources, 8, EFAULT);
	if (!kernel_since(6, 0))
		REFUSED(MIGBENCH_IOC_COLLECT, good, select, MIGBENCH_SELECT_COHERENT, EOPNOTSUPP);
	if (!kernel_since(6, 19))
		REFUSED(MIGBENCH_IOC_COLLECT, good, select, MIGBENCH_SELECT_COMPOUND, EOPNOTSUPP);
	CHECK(!ioctl(fd, MIGBENCH_IOC_COLLECT, &good));
	CHECK(good.collected == PAGES && !good.flushes && !good.locked);
	for (unsigned long i = 0; i < PAGES; i++)
		CHECK(sources[i] ==
		      (MIGBENCH_SOURCE_VALID | MIGBENCH_SOURCE_MIGRATE | MIGBENCH_SOURCE_WRITE));
	CHECK(present(at, PAGES) == PAGES);
	CHECK(!wrong_bytes(at, PAGES, 5));
}

static void hold(int fd, unsigned char *at)
{
	struct migbench_hold good = hold_of(at, MIGBENCH_HOLD_PIN);
	struct migbench_hold release = { .size = sizeof(release) };
	struct migbench_collect selected = collect_of(at, MIGBENCH_SELECT_SYSTEM);

	REFUSED(MIGBENCH_IOC_HOLD, good, size, 1, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, flags, 1, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, reserved, 1, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, op, MIGBENCH_HOLD_LOCK + 1, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, pages, 0, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, pages, MIGBENCH_HOLD_MAX + 1, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, addr, 7, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, addr, 0xffff888000000000UL, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, good, addr, PAGE, EFAULT);
	REFUSED(MIGBENCH_IOC_HOLD, good, pages, PAGES + 1, EFAULT); /* beyond the mapping */
	REFUSED(MIGBENCH_IOC_HOLD, good, op, MIGBENCH_HOLD_RELEASE, EINVAL);
	REFUSED(MIGBENCH_IOC_HOLD, release, size, sizeof(release), EINVAL); /* nothing is held */
	for (unsigned int op = MIGBENCH_HOLD_REFERENCE; op <= MIGBENCH_HOLD_LOCK; op++) {
		good.op = op;
		CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &good));
		REFUSED(MIGBENCH_IOC_HOLD, good, op, MIGBENCH_HOLD_PIN, EBUSY);
		CHECK(!ioctl(fd, MIGBENCH_IOC_COLLECT, &selected));
		CHECK(selected.collected == 0);
		CHECK(!ioctl(fd, MIGBENCH_IOC_HOLD, &release));
		CHECK(!ioctl(fd, MIGBENCH_IOC_COLLECT, &selected));
		CHECK(selected.collected == PAGES);
	}
	CHECK(!wrong_bytes(at, PAGES, 5));
}

/* A process that holds pages and is killed, or just closes its file, lets them go. */
static void let_go(int fd, unsigned char *at)
{
	struct migbench_hold good = hold_of(at, MIGBENCH_HOLD_LONGTERM);
	struct migbench_collect selected = collect_of(at, MIGBENCH_SELECT_SYSTEM);
	int other = open_device(0, 0), ready[2], status;
	char byte = 0;
	pid_t child;

	CHECK(!ioctl(other, MIGBENCH_IOC_HOLD, &good));
	CHECK(!ioctl(fd, MIGBENCH_IOC_COLLECT, &selected) && selected.collected == 0);
	close(other);
	CHECK(!ioctl(fd, MIGBENCH_IOC_COLLECT, &selected) && selected.collected == PAGES);

	CHECK(!pipe(ready));
	child = fork();
	if (!child) {
		/* Memory of its own, on the device and off it again by the pin's fault. */
		int own = open_device(0, PAGES);
		struct migbench_record record;

		fill(at, PAGES, 9);
		CHECK(!migrate(own, MIGBENCH_TO_DEVICE, at, PAGES, PAGES, &record));
		CHECK(!ioctl(own, MIGBENCH_IOC_HOLD, &good));
		CHECK(away(at, PAGES) == 0 && !wrong_bytes(at, PAGES, 9));
		CHECK(write(ready[1], &byte, 1) == 1);
		pause();
		_exit(0);
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	CHECK(!kill(child, SIGKILL) && waitpid(child, &status, 0) == child);
	CHECK(!wrong_bytes(at, PAGES, 5));
}

int main(void)
{
	unsigned char *room = map_pages(PAGES + 2), *at = room + PAGE;
	struct migbench_collect request = collect_of(at, MIGBENCH_SELECT_SYSTEM);
	int fd = open_device(0, 0);

	CHECK(!munmap(room, PAGE));
	CHECK(!munmap(room + (PAGES + 1) * PAGE, PAGE));
	fill(at, PAGES, 5);
	REFUSED(MIGBENCH_IOC_COLLECT, request, flags, 0, ENXIO);
	close(fd);
	fd = open_device(0, PAGES);
	collect(fd, at);
	hold(fd, at);
	let_go(fd, at);
	puts("probe_requests: all refused, nothing held any more");
	return 0;
}
