// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: every ioctl refuses what the contract does not allow, and loses nothing by it. */
#include "guest.h"

static struct migbench_record records[64];

#define REFUSED(call, error)                                                                       \
	do {                                                                                       \
		errno = 0;                                                                         \
		CHECK((call) == -1);                                                               \
		CHECK(errno == (error));                                                           \
	} while (0)

static void info(int fd)
{
	struct migbench_info info = { .size = sizeof(info) };

	CHECK(!ioctl(fd, MIGBENCH_IOC_INFO, &info));
	CHECK(info.abi == MIGBENCH_ABI && info.page_size == PAGE && info.tick_khz > 0);
	CHECK(info.pages == 0);
	info = (struct migbench_info){ .size = sizeof(info) - 1 };
	REFUSED(ioctl(fd, MIGBENCH_IOC_INFO, &info), EINVAL);
	info = (struct migbench_info){ .size = sizeof(info), .flags = 1 };
	REFUSED(ioctl(fd, MIGBENCH_IOC_INFO, &info), EINVAL);
	REFUSED(ioctl(fd, MIGBENCH_IOC_INFO, (void *)8), EFAULT);
	REFUSED(ioctl(fd, _IO('m', 0x77), 0), ENOTTY);
}

static void device(int fd)
{
	const struct migbench_device good = { .size = sizeof(good), .node = 1, .pages = 64 };
	struct migbench_device bad[14];

	for (unsigned int i = 0; i < 14; i++)
		bad[i] = good;

	bad[0].size++;
	bad[1].flags = 1;
	bad[2].reserved = 1;
	bad[3].kind = 3;
	bad[4].node = 2;
	bad[5].node = 4000000000U;
	bad[6].pages = 0;
	bad[7].pages = MIGBENCH_PAGES_MAX + 1UL;
	bad[8].around = 3;
	bad[9].around = 2 * MIGBENCH_AROUND_MAX;
	bad[10].spread = MIGBENCH_SPREAD_MAX + 1;
	bad[11].kind = MIGBENCH_COHERENT;
	bad[11].around = 2;
	bad[12].kind = MIGBENCH_SYSTEM;
	bad[12].pages = 0;
	bad[12].around = 1;
	bad[13].kind = MIGBENCH_SYSTEM;
	bad[13].pages = 0;
	bad[13].spread = 2;
	for (unsigned int i = 0; i < 14; i++)
		REFUSED(ioctl(fd, MIGBENCH_IOC_DEVICE, &bad[i]), EINVAL);
	/* 4 GiB on a node of 512 MiB: no memory, and no process killed for it. */
	bad[0] = good;
	bad[0].pages = MIGBENCH_PAGES_MAX;
	REFUSED(ioctl(fd, MIGBENCH_IOC_DEVICE, &bad[0]), ENOMEM);
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &good));
	REFUSED(ioctl(fd, MIGBENCH_IOC_DEVICE, &good), EBUSY);
}

static void migration(int fd, unsigned char *at)
{
	const struct migbench_migrate good = { .size = sizeof(good),
					       .direction = MIGBENCH_TO_DEVICE,
					       .batch = 64,
					       .addr = (uintptr_t)at,
					       .pages = 64,
					       .records = (uintptr_t)records };
	struct migbench_migrate bad[13];

	for (unsigned int i = 0; i < 13; i++)
		bad[i] = good;
	bad[0].size = 0;
	bad[1].flags = 1U << 5;
	bad[2].direction = 3;
	bad[3].batch = 0;
	bad[4].batch = 1000000000;
	bad[5].pages = 0;
	bad[6].pages = UINT64_MAX / PAGE;
	bad[7].addr++;
	bad[8].addr = ~0UL & ~(PAGE - 1);
	bad[9].addr = 0xffff888000000000UL;
	bad[10].direction = MIGBENCH_TO_SYSTEM;
	bad[10].node = 77;
	bad[11].batch = MIGBENCH_BATCH_MAX + 1;
	bad[12].flags = MIGBENCH_COPY_BULK | MIGBENCH_COPY_NONE;
	for (unsigned int i = 0; i < 13; i++)
		REFUSED(ioctl(fd, MIGBENCH_IOC_MIGRATE, &bad[i]), EINVAL);
	bad[0] = good;
	bad[0].addr = PAGE; /* nothing mapped there */
	REFUSED(ioctl(fd, MIGBENCH_IOC_MIGRATE, &bad[0]), EFAULT);
	bad[0] = good;
	bad[0].pages = 65; /* beyond the mapping's end */
	bad[0].batch = 65;
	REFUSED(ioctl(fd, MIGBENCH_IOC_MIGRATE, &bad[0]), EFAULT);
	CHECK(bad[0].done == 0);
	bad[0] = good;
	bad[0].records = 8; /* the pages move, the record has no place to go */
	REFUSED(ioctl(fd, MIGBENCH_IOC_MIGRATE, &bad[0]), EFAULT);
	REFUSED(ioctl(fd, MIGBENCH_IOC_MIGRATE, NULL), EFAULT);
	CHECK(!wrong_bytes(at, 64, 5));
	CHECK(!ioctl(fd, MIGBENCH_IOC_MIGRATE, &good));
	CHECK(away(at, 64) == 64);
	CHECK(!wrong_bytes(at, 64, 5));
}

/* A request that can be read, and not written. */
static void *read_only(const void *request, size_t size)
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	memcpy(at, request, size);
	CHECK(!mprotect(at, PAGE, PROT_READ));
	return at;
}

static void faults(int fd)
{
	struct migbench_faults request = { .size = sizeof(request), .count = 10, .records = 8 };

	REFUSED(ioctl(fd, MIGBENCH_IOC_FAULTS, &request), EFAULT);
	request.flags = 1;
	REFUSED(ioctl(fd, MIGBENCH_IOC_FAULTS, &request), EINVAL);
	request = (struct migbench_faults){ .size = sizeof(request),
					    .count = 1,
					    .records = (uintptr_t)records };
	CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
	CHECK(request.count == 1 && !request.lost);
	/* Nor is a record gone where nobody could be told how many there are. */
	REFUSED(ioctl(fd, MIGBENCH_IOC_FAULTS, read_only(&request, sizeof(request))), EFAULT);
	/* The pages went to the device twice and were read back twice. */
	for (unsigned int left = 127; left; left -= request.count) {
		request.count = 50;
		CHECK(!ioctl(fd, MIGBENCH_IOC_FAULTS, &request));
		CHECK(request.count == (left < 50 ? left : 50) && !request.lost);
	}
}

static void others(int fd, unsigned char *at)
{
	static uint8_t states[64];
	struct migbench_evict evict = {
		.size = sizeof(evict), .pages = 64, .batch = 64, .records = (uintptr_t)records
	};
	struct migbench_query query = { .size = sizeof(query),
					.addr = (uintptr_t)at,
					.pages = 64,
					.states = (uintptr_t)states };
	struct migbench_count count = { .size = sizeof(count) };
	struct migbench_retention retention = { .size = sizeof(retention) };
	int none = open_device(0, 0);

#define BAD(request, code, member, value, error)                                                   \
	do {                                                                                       \
		__typeof__(request) bad = request;                                                 \
		bad.member = value;                                                                \
		REFUSED(ioctl(fd, code, &bad), error);                                             \
	} while (0)
	BAD(evict, MIGBENCH_IOC_EVICT, size, 1, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, flags, 3, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, reserved, 1, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, batch, 0, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, batch, MIGBENCH_BATCH_MAX + 1, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, node, 77, EINVAL);
	BAD(evict, MIGBENCH_IOC_EVICT, pages, 0, EINVAL);
	if (kernel_since(6, 1)) {
		BAD(evict, MIGBENCH_IOC_EVICT, pages, 65, EINVAL);
		BAD(evict, MIGBENCH_IOC_EVICT, first, UINT64_MAX, EINVAL);
		BAD(evict, MIGBENCH_IOC_EVICT, records, 8, EFAULT);
	} else {
		REFUSED(ioctl(fd, MIGBENCH_IOC_EVICT, &evict), EOPNOTSUPP);
	}
	REFUSED(ioctl(none, MIGBENCH_IOC_EVICT, &evict), ENXIO);
	BAD(query, MIGBENCH_IOC_QUERY, size, 1, EINVAL);
	BAD(query, MIGBENCH_IOC_QUERY, flags, 1, EINVAL);
	BAD(query, MIGBENCH_IOC_QUERY, addr, 7, EINVAL);
	BAD(query, MIGBENCH_IOC_QUERY, addr, 0xffff888000000000UL, EINVAL);
	BAD(query, MIGBENCH_IOC_QUERY, pages, 0, EINVAL);
	BAD(query, MIGBENCH_IOC_QUERY, states, 8, EFAULT);
	BAD(count, MIGBENCH_IOC_COUNT, size, 1, EINVAL);
	BAD(count, MIGBENCH_IOC_COUNT, flags, 1, EINVAL);
	BAD(count, MIGBENCH_IOC_COUNT, op, 2, EINVAL);
	BAD(count, MIGBENCH_IOC_COUNT, op, MIGBENCH_COUNT_STOP, EINVAL);
	/* Started by a request that nothing is to be written to. */
	if (!ioctl(fd, MIGBENCH_IOC_COUNT, read_only(&count, sizeof(count)))) {
		count.op = MIGBENCH_COUNT_STOP;
		CHECK(!ioctl(fd, MIGBENCH_IOC_COUNT, &count));
	} else {
		CHECK(errno == EOPNOTSUPP);
	}
	BAD(retention, MIGBENCH_IOC_RETENTION, size, 1, EINVAL);
	BAD(retention, MIGBENCH_IOC_RETENTION, flags, 1, EINVAL);
	BAD(retention, MIGBENCH_IOC_RETENTION, op, 3, EINVAL);
	close(none);
	CHECK(!wrong_bytes(at, 64, 5));
}

/* Only anonymous memory can go to a private device: shared pages stay, unharmed. */
static void shared_memory(int fd)
{
	unsigned char *at =
		mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	fill(at, 8, 6);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, 8, 8, records));
	CHECK(records[0].requested == 8 && records[0].migrated == 0);
	CHECK(present(at, 8) == 8);
	CHECK(!wrong_bytes(at, 8, 6));
}

static void listen_to(int fd)
{
	const struct migbench_listen good = { .size = sizeof(good), .count = 2 };
	struct migbench_listen bad[4] = { good, good, good, good }, request = good;

	bad[0].size--;
	bad[1].flags = 1;
	bad[2].reserved = 1;
	bad[3].count = MIGBENCH_LISTEN_MAX + 1;
	for (unsigned int i = 0; i < 4; i++)
		REFUSED(ioctl(fd, MIGBENCH_IOC_LISTEN, &bad[i]), EINVAL);
	request.count = 0;
	REFUSED(ioctl(fd, MIGBENCH_IOC_LISTEN, &request), EINVAL);
	request = good;
	/* It has nothing to write, and so does what it says. */
	CHECK(!ioctl(fd, MIGBENCH_IOC_LISTEN, read_only(&request, sizeof(request))));
	REFUSED(ioctl(fd, MIGBENCH_IOC_LISTEN, &request), EBUSY);
	/* Each of them hears of each invalidation. */
	munmap(map_pages(1), PAGE);
	request.count = 0;
	CHECK(!ioctl(fd, MIGBENCH_IOC_LISTEN, &request));
	CHECK(request.calls >= 2 && request.calls % 2 == 0);
	REFUSED(ioctl(fd, MIGBENCH_IOC_LISTEN, &request), EINVAL);
}

int main(void)
{
	int fd = open_device(0, 0);
	unsigned char *room = map_pages(66), *at = room + PAGE;

	if (!has_kind(fd, MIGBENCH_PRIVATE)) {
		puts("skipped: this kernel has no CONFIG_DEVICE_PRIVATE");
		return 77;
	}
	CHECK(!munmap(room, PAGE));
	CHECK(!munmap(room + 65 * PAGE, PAGE));
	fill(at, 64, 5);
	info(fd);
	REFUSED(migrate(fd, MIGBENCH_TO_DEVICE, at, 1, 1, records), ENXIO);
	device(fd);
	migration(fd, at);
	faults(fd);
	others(fd, at);
	listen_to(fd);
	shared_memory(fd);
	puts("bad_requests: all refused, nothing lost");
	return 0;
}
