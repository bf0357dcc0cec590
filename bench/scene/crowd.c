// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads that start together, and are waited for. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/crowd.h"
#include "bench/scene/turn.h"
#include "bench/session.h"
#include "core/base/text.h"

struct member {
	struct mb_crowd *crowd;
	unsigned int who, cpu;
	pthread_t thread;
};

struct mb_crowd {
	const struct mb_session *session;
	unsigned int count; /* the caller included */
	atomic_uint bound, ready, done;
	atomic_uint signals; /* how often the signal was given */
	atomic_int error;
	void (*work)(void *user, unsigned int who);
	void *user;
	int wake[2]; /* a byte for each; its end ends all */
	struct member each[];
};

static void *belong(void *arg)
{
	struct member *member = arg;
	struct mb_crowd *crowd = member->crowd;
	char byte;

	/* Bound after its creation: threads inherit the affinity of their maker. */
	if (!mb_topology_bind_cpu(crowd->session->topology, member->cpu))
		atomic_store(&crowd->error, errno);
	atomic_fetch_add(&crowd->bound, 1);
	while (read(crowd->wake[0], &byte, 1) == 1) {
		unsigned int signals = atomic_load(&crowd->signals);

		atomic_fetch_add(&crowd->ready, 1);
		while (atomic_load(&crowd->signals) == signals)
			mb_give_turn();
		crowd->work(crowd->user, member->who);
		atomic_fetch_add(&crowd->done, 1);
	}
	return NULL;
}

struct mb_crowd *mb_crowd_start(const struct mb_session *session, unsigned int count,
				char why[MB_WHY])
{
	unsigned int here = mb_topology_cpu_here(session->topology);
	struct mb_crowd *crowd = mb_alloc(1, sizeof(*crowd) + count * sizeof(crowd->each[0]));

	crowd->session = session;
	crowd->count = 1;
	if (pipe(crowd->wake)) {
		snprintf(why, MB_WHY, "no pipe: %s", strerror(errno));
		free(crowd);
		return NULL;
	}
	while (crowd->count < count && !atomic_load(&crowd->error)) {
		struct member *member = &crowd->each[crowd->count];
		int error;

		*member = (struct member){ crowd, crowd->count,
					   crowd->count - (crowd->count <= here), 0 };
		error = pthread_create(&member->thread, NULL, belong, member);
		if (error)
			atomic_store(&crowd->error, error);
		else
			crowd->count++;
	}
	while (atomic_load(&crowd->bound) + 1 < crowd->count)
		usleep(1000);
	if (!atomic_load(&crowd->error))
		return crowd;
	snprintf(why, MB_WHY, "no %u threads on as many CPUs: %s", count,
		 strerror(atomic_load(&crowd->error)));
	mb_crowd_stop(crowd);
	return NULL;
}

void mb_crowd_stop(struct mb_crowd *crowd)
{
	if (!crowd)
		return;
	close(crowd->wake[1]);
	for (unsigned int i = 1; i < crowd->count; i++)
		pthread_join(crowd->each[i].thread, NULL);
	close(crowd->wake[0]);
	free(crowd);
}

void mb_crowd_ready(struct mb_crowd *crowd, void (*work)(void *user, unsigned int who), void *user)
{
	crowd->work = work;
	crowd->user = user;
	atomic_store(&crowd->ready, 0);
	atomic_store(&crowd->done, 0);
	for (unsigned int i = 1; i < crowd->count; i++)
		if (write(crowd->wake[1], "w", 1) != 1)
			_exit(1);
	while (atomic_load(&crowd->ready) + 1 < crowd->count)
		mb_give_turn();
}

void mb_crowd_run(struct mb_crowd *crowd)
{
	atomic_fetch_add(&crowd->signals, 1);
	crowd->work(crowd->user, 0);
	while (atomic_load(&crowd->done) + 1 < crowd->count)
		mb_give_turn();
}
