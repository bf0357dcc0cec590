// SPDX-License-Identifier: GPL-2.0-or-later
/* The fuzzer's ioctls: a valid structure, often with something wrong in it, and what its answer may be. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* Addresses of memory that are no memory of a thread: nothing, the kernel's, no address at all. */
static uint64_t wild_address(struct dice *dice)
{
	const uint64_t wild[] = { 0,
				  8,
				  PAGE,
				  0x7ffffffff000UL,
				  0x800000000000UL,
				  0xffff888000000000UL,
				  0xffffffffff600000UL,
				  ~0UL,
				  ~0UL & ~(PAGE - 1) };

	return wild[below(dice, sizeof(wild) / sizeof(*wild))];
}

/* Where the answer goes: room enough, or up to the page that takes nothing, or nowhere. */
static uint64_t answer(struct thread *thread)
{
	struct dice *dice = &thread->dice;

	if (once_in(dice, 40))
		return wild_address(dice);
	if (once_in(dice, 20))
		return (uint64_t)thread->answer + ANSWER - below(dice, 300);
	return (uint64_t)thread->answer;
}

/*
 * Of @has, all that is there one time in four; otherwise any order of magnitude as often as the other,
 * for a call takes as long as it has pages, and what goes wrong mostly does so between two calls.
 */
static unsigned long some_length(struct dice *dice, unsigned long has)
{
	unsigned long orders = 1, length;

	if (once_in(dice, 4))
		return has;
	while (has >> orders)
		orders++;
	length = 1 + below(dice, 1UL << below(dice, orders));
	return length < has ? length : has;
}

/* A range of some thread of this process, or of other memory of it, or none at all. */
static void aim(struct thread *thread, __u64 *addr, __u64 *pages, unsigned long most)
{
	struct dice *dice = &thread->dice;
	unsigned int whose = once_in(dice, 4) ? below(dice, THREADS) : thread->number;
	struct target *target = &thread->process->targets[whose][below(dice, REGIONS)];
	unsigned long has = target->pages, first = 0, border = thread->process->border;

	if (border && once_in(dice, 4)) {
		first = border - 1 - below(dice, border < 16 ? border : 16);
		*addr = (uint64_t)thread->process->expendable + first * PAGE;
		*pages = border - first + 1 + below(dice, 16);
		return;
	}
	*addr = target->at;
	if (once_in(dice, 10)) {
		*addr = (uint64_t)thread->process->expendable;
		has = EXPENDABLE;
	} else if (once_in(dice, 24)) {
		*addr = (uint64_t)thread->answer; /* where answers come, on the device */
		has = ANSWER / PAGE;
	} else if (once_in(dice, 40)) {
		*addr = (uint64_t)__builtin_frame_address(0) & ~(PAGE - 1);
		has = 4;
	} else if (once_in(dice, 60)) {
		*addr = wild_address(dice);
	}
	if (!has)
		has = 1;
	if (once_in(dice, 3))
		first = below(dice, has);
	*addr += first * PAGE;
	*pages = some_length(dice, has - first);
	if (once_in(dice, 30))
		*pages += below(dice, 64);
	if (*pages > most && !once_in(dice, 30))
		*pages = most;
}

static uint32_t some_batch(struct dice *dice)
{
	static const uint32_t usual[] = { 1, 7, 8, 64, 512, 2048, MIGBENCH_BATCH_MAX };

	return once_in(dice, 4) ? 1 + below(dice, 600)
				: usual[below(dice, sizeof(usual) / sizeof(*usual))];
}

static uint32_t some_value(struct dice *dice)
{
	static const uint32_t usual[] = { 0,
					  1,
					  2,
					  3,
					  16,
					  511,
					  512,
					  513,
					  0xffff,
					  0x7fffffff,
					  0x80000000,
					  0xffffffff,
					  MIGBENCH_BATCH_MAX,
					  MIGBENCH_BATCH_MAX + 1,
					  MIGBENCH_PAGES_MAX,
					  MIGBENCH_PAGES_MAX + 1 };

	return once_in(dice, 4) ? (uint32_t)roll(dice)
				: usual[below(dice, sizeof(usual) / sizeof(*usual))];
}

/*
 * Something is wrong with it: a member, or a bit, from the second word on, or its
 * size. Pointers are left alone, or the answer would go anywhere.
 */
static void mutate(struct dice *dice, union request *request, size_t size, size_t pointer)
{
	unsigned int word;

	if (once_in(dice, 12)) {
		request->words[0] += 1 - 2 * (uint32_t)below(dice, 2);
		return;
	}
	do
		word = 1 + (unsigned int)below(dice, size / 4 - 1);
	while (pointer && (word == pointer / 4 || word == pointer / 4 + 1));
	if (once_in(dice, 2))
		request->words[word] = some_value(dice);
	else
		request->words[word] ^= 1U << below(dice, 32);
}

#define BEGIN(member)                                                                              \
	memset(request, 0, sizeof(*request));                                                      \
	request->member.size = sizeof(request->member);                                            \
	*size = sizeof(request->member)

#define OPS 11

/* A valid request; the offset of its pointer to the answer, or 0. */
static size_t compose(struct thread *thread, unsigned int op, union request *request, size_t *size)
{
	struct dice *dice = &thread->dice;

	switch (op) {
	case 1:
		BEGIN(device);
		some_device(dice, &request->device);
		return 0;
	case 2:
		BEGIN(migrate);
		request->migrate.direction = below(dice, 20) ? below(dice, 2) : MIGBENCH_NOTHING;
		if (once_in(dice, 4))
			request->migrate.flags = below(dice, MIGBENCH_MIGRATE_FLAGS + 1);
		request->migrate.batch = some_batch(dice);
		request->migrate.node = below(dice, 2);
		aim(thread, &request->migrate.addr, &request->migrate.pages, 1024);
		request->migrate.records = answer(thread);
		return offsetof(struct migbench_migrate, records);
	case 3:
		BEGIN(faults);
		request->faults.count = below(dice, 200);
		request->faults.records = answer(thread);
		return offsetof(struct migbench_faults, records);
	case 4:
		BEGIN(evict);
		request->evict.flags = below(dice, 3);
		request->evict.first = once_in(dice, 2) ? 0 : below(dice, 1024);
		request->evict.pages = some_length(dice, HUGE);
		request->evict.batch = some_batch(dice);
		request->evict.node = below(dice, 2);
		request->evict.records = answer(thread);
		return offsetof(struct migbench_evict, records);
	case 5:
		BEGIN(query);
		aim(thread, &request->query.addr, &request->query.pages, 1024);
		request->query.states = answer(thread);
		return offsetof(struct migbench_query, states);
	case 6:
		BEGIN(count);
		request->count.op = below(dice, 2);
		return 0;
	case 7:
		BEGIN(retention);
		request->retention.op = below(dice, 3);
		return 0;
	case 8:
		BEGIN(collect);
		request->collect.flags = once_in(dice, 12) ? MIGBENCH_COLLECT_WATCH : 0;
		request->collect.select = 1U << below(dice, 3);
		if (once_in(dice, 2))
			request->collect.select |= below(dice, 16);
		aim(thread, &request->collect.addr, &request->collect.pages, 1024);
		request->collect.sources = answer(thread);
		return offsetof(struct migbench_collect, sources);
	case 9:
		BEGIN(hold);
		if (once_in(dice, 2))
			return 0; /* MIGBENCH_HOLD_RELEASE */
		/* Who touches what is locked waits, two seconds at most. */
		request->hold.op = once_in(dice, 4) ? MIGBENCH_HOLD_LOCK : 1 + below(dice, 3);
		aim(thread, &request->hold.addr, &request->hold.pages, MIGBENCH_HOLD_MAX);
		/* Past the end of what is mapped: some pages are got, and to be put again. */
		if (once_in(dice, 4))
			request->hold.pages += 1 + below(dice, 8);
		return 0;
	case 10:
		BEGIN(listen);
		request->listen.count = once_in(dice, 2) ? 0 : 1 + below(dice, 2);
		return 0;
	default:
		BEGIN(info);
		return 0;
	}
}

/* The range of a request that has one. */
static uint64_t address_in(unsigned int op, const union request *request)
{
	switch (op) {
	case 2:
		return request->migrate.addr;
	case 5:
		return request->query.addr;
	case 8:
		return request->collect.addr;
	case 9:
		return request->hold.addr;
	default:
		return 0;
	}
}

/* Content that is not copied is lost: never of a page that someone will look at. */
static void keep_content(struct thread *thread, struct migbench_migrate *request)
{
	uint64_t from = (uint64_t)thread->process->expendable;

	if (!(request->flags & MIGBENCH_COPY_NONE))
		return;
	if (request->addr < from || request->addr >= from + EXPENDABLE * PAGE ||
	    request->pages > EXPENDABLE - (request->addr - from) / PAGE)
		request->flags &= ~MIGBENCH_COPY_NONE;
}

/* COUNT and WATCH have the kernel patch its own code: never where that is @at_once, for fuzz.h's reason. */
static void leave_code_alone(unsigned int op, union request *request)
{
	if (!at_once)
		return;
	if (op == 6 && request->count.op == MIGBENCH_COUNT_START)
		request->count.op = MIGBENCH_COUNT_STOP;
	if (op == 8)
		request->collect.flags &= ~MIGBENCH_COLLECT_WATCH;
}

static const unsigned long codes[OPS] = {
	MIGBENCH_IOC_INFO,    MIGBENCH_IOC_DEVICE, MIGBENCH_IOC_MIGRATE, MIGBENCH_IOC_FAULTS,
	MIGBENCH_IOC_EVICT,   MIGBENCH_IOC_QUERY,  MIGBENCH_IOC_COUNT,	 MIGBENCH_IOC_RETENTION,
	MIGBENCH_IOC_COLLECT, MIGBENCH_IOC_HOLD,   MIGBENCH_IOC_LISTEN,
};
static const char *const names[OPS] = { "INFO",	 "DEVICE",    "MIGRATE", "FAULTS", "EVICT", "QUERY",
					"COUNT", "RETENTION", "COLLECT", "HOLD",   "LISTEN" };
/* Of 1000 calls; what waits for other CPUs or makes memory takes its time, and comes seldom. */
static const unsigned int weights[OPS] = { 40, 6, 520, 60, 90, 80, 8, 16, 140, 36, 4 };

static unsigned int some_op(struct dice *dice)
{
	unsigned long at = below(dice, 1000);
	unsigned int op = 0;

	while (at >= weights[op])
		at -= weights[op++];
	return op;
}

static int some_file(struct thread *thread)
{
	struct dice *dice = &thread->dice;

	if (once_in(dice, 2))
		return thread->process->shared[below(dice, SHARED_FILES)];
	return thread->process->file[below(dice, FILES)];
}

void call_once(struct thread *thread)
{
	struct dice *dice = &thread->dice;
	unsigned int op = some_op(dice);
	union request sent, got;
	unsigned long code = codes[op];
	void *arg = &got;
	size_t size, pointer = compose(thread, op, &sent, &size);
	int fd = some_file(thread), ret, error, expendable;
	bool fails;

	if (once_in(dice, 5))
		mutate(dice, &sent, size, pointer);
	if (op == 2)
		keep_content(thread, &sent.migrate);
	leave_code_alone(op, &sent);
	got = sent;
	if (once_in(dice, 200))
		code ^= 1UL << below(dice, 32);
	if (once_in(dice, 100))
		arg = (void *)wild_address(dice);
	if (fd < 0)
		fd = thread->process->shared[0];
	thread->pulse->doing = names[op];
	expendable =
		address_in(op, &sent) - (uint64_t)thread->process->expendable < EXPENDABLE * PAGE;
	thread->process->aimed += expendable;
	before_call(thread, op, &sent, pointer ? *(uint64_t *)(sent.bytes + pointer) : 0);
	/* 7.2 itself warns where it gets no memory for a device's struct pages. */
	fails = op != 1 && once_in(dice, 20) && fail_nth(thread->failures, 1 + below(dice, 30));
	ret = ioctl(fd, code, arg);
	error = ret < 0 ? errno : 0;
	totals->failures += fails && has_failed(thread->failures);
	thread->process->aimed -= expendable;
	totals->calls++;
	totals->by_op[op]++;
	if (error)
		totals->by_errno[error < ERRNOS ? error : 0]++;
	if (arg == &got && code == codes[op])
		look_at(thread, op, &sent, &got, pointer ? *(uint64_t *)(sent.bytes + pointer) : 0,
			error);
}
