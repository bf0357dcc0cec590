// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads on other CPUs that keep the process in their TLBs. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/bystanders.h"
#include "bench/scene/turn.h"
#include "bench/session.h"
#include "core/base/text.h"

/* Until a CPU whose only thread went to sleep is idle, microseconds; many times what it takes. */
#define FALL_ASLEEP 2000
/* Turns of one that only spins between two looks at what else its CPU has to do. */
#define YIELD 16

struct bystander {
	struct mb_bystanders *all;
	unsigned int cpu;
	pthread_t thread;
	int wake[2]; /* a byte rouses it, which nobody else could take; its end ends it */
};

struct mb_bystanders {
	const struct mb_session *session;
	const struct mb_memory *touched;
	bool idle, roused;
	unsigned int count; /* threads that live */
	atomic_uint bound; /* of these, tried to bind themselves */
	atomic_uint arrived; /* how often one of them had everything in its TLB */
	atomic_uint awake;
	atomic_bool rest;
	atomic_int error; /* errno of one that could not bind itself */
	struct bystander each[];
};

unsigned int mb_bystanders_of(const struct mb_point *point)
{
	const struct mb_value *value = mb_value_find(point, "bystanders");

	return value ? (unsigned int)value->number : 0;
}

static bool says(const struct mb_point *point, const char *name, const char *text)
{
	return mb_value_find(point, name) && mb_is(point, name, text);
}

/* Whether @point has threads besides, which take the first free CPUs as these do. */
static bool has_company(const struct mb_point *point)
{
	const struct mb_value *threads = mb_value_find(point, "threads");

	return (threads && threads->number > 1) || says(point, "owner", "touching") ||
	       (mb_value_find(point, "rival") && !mb_is(point, "rival", "none"));
}

bool mb_bystanders_can(const struct mb_session *session, const struct mb_point *point,
		       char why[MB_WHY])
{
	unsigned int count = mb_bystanders_of(point);
	unsigned int have = count ? mb_topology_cpus(session->topology) : 0;

	if (!count && mb_value_find(point, "bystander") && mb_is(point, "bystander", "idle"))
		snprintf(why, MB_WHY, "without bystanders there is nobody to be idle");
	else if (count && count >= have)
		snprintf(why, MB_WHY, "%u bystanders need %u CPUs, and this machine has %u", count,
			 count + 1, have);
	else if (count && has_company(point))
		snprintf(why, MB_WHY, "bystanders and other threads would share their CPUs");
	else if (count && (says(point, "process", "child") || says(point, "owner", "dead")))
		snprintf(why, MB_WHY, "the bystanders are not of the process that has the pages");
	else
		return true;
	return false;
}

static void touch(const struct mb_memory *memory, unsigned long page)
{
	(void)*(volatile unsigned char *)(memory->at + page * memory->page_size);
}

/* Keeps its CPU in the mm's mask, and the range in the CPU's TLB. */
static void run(struct mb_bystanders *all)
{
	const struct mb_memory *memory = all->touched;
	unsigned long pages = memory ? memory->pages : 0, page = 0, turns = 0;

	while (!atomic_load_explicit(&all->rest, memory_order_relaxed)) {
		if (pages)
			touch(memory, page);
		page = page + 1 < pages ? page + 1 : 0;
		if (all->session->clock != MB_INSNS)
			continue;
		mb_give_turn();
		/* Work that the kernel queues to this CPU would else wait for a tick, thousands of turns. */
		if (!pages && ++turns % YIELD == 0)
			sched_yield();
	}
}

static void *stand_by(void *arg)
{
	struct bystander *one = arg;
	struct mb_bystanders *all = one->all;
	char byte;

	/* Bound after its creation: threads inherit the affinity of their maker. */
	if (!mb_topology_bind_cpu(all->session->topology, one->cpu))
		atomic_store(&all->error, errno);
	atomic_fetch_add(&all->bound, 1);
	while (read(one->wake[0], &byte, 1) == 1) {
		for (unsigned long page = 0; all->touched && page < all->touched->pages; page++)
			touch(all->touched, page);
		atomic_fetch_add(&all->awake, 1);
		atomic_fetch_add(&all->arrived, 1);
		if (!all->idle)
			run(all);
		atomic_fetch_sub(&all->awake, 1);
	}
	return NULL;
}

static void wake_all(struct mb_bystanders *all)
{
	unsigned int due = atomic_load(&all->arrived) + all->count;

	atomic_store(&all->rest, false);
	for (unsigned int i = 0; i < all->count; i++)
		if (write(all->each[i].wake[1], "w", 1) != 1)
			_exit(1);
	while (atomic_load(&all->arrived) != due)
		mb_give_turn();
	all->roused = true;
}

void mb_bystanders_rouse(struct mb_bystanders *all)
{
	if (!all || (all->roused && !all->idle))
		return;
	wake_all(all);
	if (!all->idle)
		return;
	while (atomic_load(&all->awake))
		mb_give_turn();
	usleep(FALL_ASLEEP);
	if (all->session->clock == MB_INSNS)
		mb_tick_wait(&all->session->tick);
}

void mb_bystanders_rest(struct mb_bystanders *all)
{
	if (!all || all->idle || all->session->clock != MB_INSNS)
		return;
	atomic_store(&all->rest, true);
	while (atomic_load(&all->awake))
		mb_give_turn();
	all->roused = false;
}

struct mb_bystanders *mb_bystanders_start(const struct mb_session *session, unsigned int count,
					  bool idle, const struct mb_memory *touched,
					  char why[MB_WHY])
{
	unsigned int here = mb_topology_cpu_here(session->topology);
	struct mb_bystanders *all;

	if (!count)
		return NULL;
	all = mb_alloc(1, sizeof(*all) + count * sizeof(all->each[0]));
	all->session = session;
	all->touched = touched;
	all->idle = idle;
	while (all->count < count) {
		struct bystander *one = &all->each[all->count];
		int error;

		*one = (struct bystander){ .all = all, .cpu = all->count + (all->count >= here) };
		error = pipe(one->wake) ? errno : 0;
		if (!error) {
			error = pthread_create(&one->thread, NULL, stand_by, one);
			if (error) {
				close(one->wake[0]);
				close(one->wake[1]);
			}
		}
		if (error) {
			atomic_store(&all->error, error);
			break;
		}
		all->count++;
	}
	while (atomic_load(&all->bound) < all->count)
		usleep(1000);
	if (atomic_load(&all->error)) {
		snprintf(why, MB_WHY, "no threads on %u other CPUs: %s", count,
			 strerror(atomic_load(&all->error)));
		mb_bystanders_stop(all);
		return NULL;
	}
	return all;
}

void mb_bystanders_stop(struct mb_bystanders *all)
{
	if (!all)
		return;
	atomic_store(&all->rest, true);
	for (unsigned int i = 0; i < all->count; i++)
		close(all->each[i].wake[1]);
	for (unsigned int i = 0; i < all->count; i++) {
		pthread_join(all->each[i].thread, NULL);
		close(all->each[i].wake[0]);
	}
	free(all);
}
