/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a probe is: it has the running kernel do something and looks at the
 * outcome, never at the version number. One file in bench/probes/ defines a
 * struct mb_probe and registers it with MB_PROBE(); nothing else has to know.
 */
#ifndef MIGBENCH_BENCH_PROBE_H
#define MIGBENCH_BENCH_PROBE_H

#include <jansson.h>

#include "bench/case.h"

enum mb_answer {
	MB_PRESENT,
	MB_ABSENT,
	MB_UNOBSERVABLE, /* nothing that could be seen here, with either kernel */
	MB_UNVERIFIED, /* not for ask(): made of the first two for a probe that nothing contradicted yet */
	MB_SKIPPED, /* could be asked elsewhere */
	MB_CONTRADICTION, /* content was lost, or no kernel should behave like this */
	MB_ANSWERS
};

struct mb_probe {
	const char *id;
	const char *commit; /* 12 digits; several apart by a blank; "" where not known */
	const char *date; /* of the commit, YYYY-MM-DD: the newest come first */
	const char *release; /* that had it first */
	const char *title; /* of the behaviour */
	/* Has it been tried where the answer is the other one? Else the answer is "unverified". */
	bool verified;
	/* Runs in a process of its own, bound to one CPU; @why gets what was seen. */
	enum mb_answer (*ask)(char why[MB_WHY]);
};

/* Registers a probe before main() runs. */
void mb_probe_register(const struct mb_probe *probe);

#define MB_PROBE(symbol)                                                                           \
	static void __attribute__((constructor)) symbol##_register(void)                           \
	{                                                                                          \
		mb_probe_register(&(symbol));                                                      \
	}

/* All probes, newest commit first; NULL at the end. */
const struct mb_probe *const *mb_probes(void);

struct mb_probe_result {
	enum mb_answer answer; /* MB_CONTRADICTION: of a failed probe */
	enum mb_answer seen; /* with MB_UNVERIFIED: what it would have been */
	char why[MB_WHY];
};

/* Ask it, in a child process and bounded in time. */
void mb_probe_ask(const struct mb_probe *probe, struct mb_probe_result *result);

/* id, commit, release, title, answer and why; a new reference. */
json_t *mb_probe_object(const struct mb_probe *probe, const struct mb_probe_result *result);

/* The word for users; a failed probe's is "unverified". */
const char *mb_answer_name(enum mb_answer answer);

#endif
