/* SPDX-License-Identifier: GPL-2.0-or-later */
/* perf beside a run: it looks on while samples are taken. */
#ifndef MIGBENCH_BENCH_SCENE_PERF_H
#define MIGBENCH_BENCH_SCENE_PERF_H

#include <stdbool.h>
#include <sys/types.h>

struct mb_perf {
	pid_t pid; /* 0: there is none */
	int control, answer; /* pipes: what it is told, and what it says */
	int said; /* a file with what it prints */
	const char *what; /* "record", "stat" */
	const char *path; /* of its file */
	char *aside; /* what it writes meanwhile, where there is a file that may have to stay; else NULL */
};

/*
 * Start perf @what ("record" or "stat"), which writes @path, for this process and those that it will have;
 * it waits to be told. MB_OK, or MB_MACHINE after one line: perf is not there, or may not look. @path stays ours to read.
 */
int mb_perf_open(struct mb_perf *perf, const char *what, const char *path);

/* Look from here, to there; also from a child of the process that has opened it. NULL: nothing. */
void mb_perf_look(const struct mb_perf *perf);
void mb_perf_rest(const struct mb_perf *perf);

/* End it, and wait until its file is whole; an older one stays unless @good. MB_OK, or MB_MACHINE after one line. */
int mb_perf_close(struct mb_perf *perf, bool good);

#endif
