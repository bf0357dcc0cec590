// SPDX-License-Identifier: GPL-2.0-or-later
/* A block in a process of its own, and how its samples come back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/scene/apart.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/memcg.h"
#include "core/base/text.h"

/* What comes through the pipe before the values of each metric. */
struct result {
	bool good;
	struct mb_block
		block; /* names of counters are the same in both processes, values are not */
	unsigned long lost_pages;
	char why[MB_WHY];
};

static bool is_above(const struct mb_point *point, const char *name, unsigned long number)
{
	const struct mb_value *value = mb_value_find(point, name);

	return value && value->number > number;
}

static bool wants_apart(const struct mb_session *session, const struct mb_point *point)
{
	/* What leaves traces in an mm: other CPUs in its mask, or that it ever had a notifier. */
	return session->wanders || point->benchmark->apart || mb_bystanders_of(point) ||
	       mb_memcg_is_own(point) || is_above(point, "threads", 1) ||
	       is_above(point, "notifiers", 0) ||
	       (mb_value_find(point, "rival") && !mb_is(point, "rival", "none"));
}

static bool pass(ssize_t (*by)(int fd, void *at, size_t size), int fd, void *at, size_t size)
{
	while (size) {
		ssize_t done = by(fd, at, size);

		if (done <= 0)
			return false;
		at = (char *)at + done;
		size -= (size_t)done;
	}
	return true;
}

static ssize_t put(int fd, void *at, size_t size)
{
	return write(fd, at, size);
}

static void child(int out, struct mb_session *session, const struct mb_suite *suite,
		  const struct mb_point *point)
{
	struct result result = { 0 };
	unsigned long lost = session->lost_pages;
	bool idle = mb_value_find(point, "bystander") && mb_is(point, "bystander", "idle");
	bool whole;

	if (mb_memcg_is_own(point) && !mb_memcg_enter(result.why)) {
		pass(put, out, &result, sizeof(result));
		_exit(1);
	}
	session->bystanders =
		mb_bystanders_start(session, mb_bystanders_of(point), idle, NULL, result.why);
	if (session->bystanders || !mb_bystanders_of(point))
		result.good = mb_block_measure(&result.block, session, suite, point, result.why);
	result.lost_pages = session->lost_pages - lost;
	whole = pass(put, out, &result, sizeof(result));
	for (size_t i = 0; whole && i < result.block.metrics; i++)
		whole = pass(put, out, result.block.values[i],
			     result.block.count * sizeof(*result.block.values[i]));
	if (whole && result.block.disturbed)
		whole = pass(put, out, result.block.disturbed,
			     result.block.disturbed_count * sizeof(*result.block.disturbed));
	_exit(!whole);
}

static bool take(int in, struct mb_block *block, struct result *result)
{
	if (!pass(read, in, result, sizeof(*result)))
		return false;
	*block = result->block;
	block->room = block->count;
	block->disturbed = NULL;
	for (size_t i = 0; i < block->metrics; i++)
		block->values[i] = NULL;
	for (size_t i = 0; block->count && i < block->metrics; i++) {
		block->values[i] = mb_alloc(block->count, sizeof(*block->values[i]));
		if (!pass(read, in, block->values[i], block->count * sizeof(*block->values[i])))
			return false;
	}
	if (!result->block.disturbed)
		return true;
	block->disturbed_room = block->disturbed_count + 1;
	block->disturbed = mb_alloc(block->disturbed_room, sizeof(*block->disturbed));
	return pass(read, in, block->disturbed, block->disturbed_count * sizeof(*block->disturbed));
}

/* Bound before it is born: a CPU that it only passed through would stay in its mm_cpumask. */
static bool bind_to(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	if (mb_value_find(point, "nodes"))
		return mb_session_bind(session, point, why);
	if (mb_topology_bind_cpu(session->topology, 0))
		return true;
	snprintf(why, MB_WHY, "cannot bind to the first CPU: %s", strerror(errno));
	return false;
}

void mb_apart_consider(struct mb_session *session, const struct mb_point *point)
{
	char why[MB_WHY];
	unsigned int here;

	if (!bind_to(session, point, why))
		return;
	here = mb_topology_cpu_here(session->topology);
	session->wanders |= session->placed && here != session->cpu;
	session->placed = true;
	session->cpu = here;
}

bool mb_block_measure_apart(struct mb_block *block, struct mb_session *session,
			    const struct mb_suite *suite, const struct mb_point *point,
			    char why[MB_WHY])
{
	struct result result;
	int ends[2], pid;
	bool whole;

	if (!wants_apart(session, point))
		return mb_block_measure(block, session, suite, point, why);
	*block = (struct mb_block){ .point = point };
	if (!bind_to(session, point, why))
		return false;
	if (pipe(ends)) {
		snprintf(why, MB_WHY, "no pipe: %s", strerror(errno));
		return false;
	}
	pid = mb_child();
	if (!pid) {
		close(ends[0]);
		child(ends[1], session, suite, point);
	}
	close(ends[1]);
	whole = pid > 0 && take(ends[0], block, &result);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	if (mb_memcg_is_own(point))
		mb_memcg_remove();
	if (!whole) {
		block->count = 0;
		snprintf(why, MB_WHY, "the measuring process died");
		return false;
	}
	session->lost_pages += result.lost_pages;
	if (!result.good)
		snprintf(why, MB_WHY, "%s", result.why);
	return result.good;
}
