/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the benchmarks of one run share: the clock, the nodes, the device memories. */
#ifndef MIGBENCH_BENCH_SESSION_H
#define MIGBENCH_BENCH_SESSION_H

#include "bench/case.h"
#include "bench/clock.h"
#include "bench/module.h"
#include "bench/suite.h"
#include "bench/topology.h"

#define MB_MAX_DEVICES 16

struct mb_bystanders;
struct mb_perf;

struct mb_session {
	enum mb_clock clock;
	enum mb_verify verify;
	struct mb_topology *topology;
	struct mb_tick tick;
	bool unsteady; /* what the module counts time with is known to be wrong */
	bool counting; /* a counting pass: values are of no use, counters are */
	const struct mb_perf *perf; /* looks on while samples are taken; NULL: none */
	bool recording; /* what is sampled goes into the run file */
	char *const *program; /* what the benchmark own executes; NULL: nothing */
	bool program_shown; /* it has been executed once, for all to see */
	bool guest; /* the lab's machine: what a benchmark needs may be loaded there */
	bool placed; /* the plan has a point whose CPU is known: the last one's is */
	unsigned int cpu;
	bool wanders; /* its points are measured on several CPUs */
	struct mb_bystanders *bystanders; /* of the block, or NULL */
	struct mb_counting *counters; /* what it counts; in memory shared with children */
	unsigned long device_pages; /* capacity of each device memory */
	struct {
		enum migbench_kind kind;
		unsigned long node;
		int fd;
		struct migbench_info info;
	} devices[MB_MAX_DEVICES];
	size_t device_count;
	unsigned long lost_pages; /* came back with other content than they left with */
};

/* Whether the module's clock can be trusted; @why not. User space has the clock that the kernel itself goes by. */
bool mb_session_counter(const struct mb_session *session, char why[MB_WHY]);

/*
 * The module file whose device memory of @kind is on @node, created at first use
 * and kept until the session ends. Returns its descriptor, or -1 with @why.
 * *@tick_khz (may be NULL) gets the rate of the module's clock.
 */
int mb_session_device(struct mb_session *session, enum migbench_kind kind, unsigned long node,
		      uint64_t *tick_khz, char why[MB_WHY]);
void mb_session_close(struct mb_session *session);

/* Does the machine have both nodes of @point's "nodes"? false with @why. */
bool mb_session_has_nodes(struct mb_session *session, const struct mb_point *point,
			  char why[MB_WHY]);
/* Bind this thread to a CPU of @point's first node; false with @why. */
bool mb_session_bind(const struct mb_session *session, const struct mb_point *point,
		     char why[MB_WHY]);

#endif
