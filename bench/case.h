/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a benchmark is. One file in bench/cases/ defines one struct mb_case and
 * registers it with MB_CASE(); nothing else in the tree has to know of it.
 */
#ifndef MIGBENCH_BENCH_CASE_H
#define MIGBENCH_BENCH_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migbench/uapi.h>

#define MB_MAX_PARAMS 24
#define MB_MAX_METRICS 9
#define MB_WHY 256 /* room for a reason, one line */

enum mb_param_kind {
	MB_WORD, /* one of words[] */
	MB_NUMBER, /* min…max */
	MB_NODES, /* "FROM>TO", node numbers, or a word for a pair of those that are there */
	MB_TEXT, /* any word */
};

struct mb_param {
	const char *name;
	const char *help;
	enum mb_param_kind kind;
	const char *const *words; /* MB_WORD: the allowed ones, NULL at the end */
	unsigned long min, max; /* MB_NUMBER */
	const char *defaults; /* a list, as in a suite */
	/*
	 * NULL, or the value at which the benchmark does what it did before it had this parameter:
	 * there it is in no point's name, so that older runs can still be compared.
	 */
	const char *neutral;
};

/* Rows of a benchmark's table: the name, --help's words, the default list, then what it may be. */
#define MB_PARAM_WORD(key, text, list, ...)                                                        \
	{                                                                                          \
		.name = (key), .help = (text), .kind = MB_WORD, .defaults = (list),                \
		.words = (const char *const[])                                                     \
		{                                                                                  \
			__VA_ARGS__, NULL                                                          \
		}                                                                                  \
	}
#define MB_PARAM_NUMBER(key, text, list, least, most)                                              \
	{                                                                                          \
		.name = (key), .help = (text), .kind = MB_NUMBER, .defaults = (list),              \
		.min = (least), .max = (most)                                                      \
	}
/* The same of an axis that the benchmark got later, with the value that leaves it out of names. */
#define MB_PARAM_LATER_WORD(key, text, list, unnamed, ...)                                         \
	{                                                                                          \
		.name = (key), .help = (text), .kind = MB_WORD, .defaults = (list),                \
		.neutral = (unnamed), .words = (const char *const[])                               \
		{                                                                                  \
			__VA_ARGS__, NULL                                                          \
		}                                                                                  \
	}
#define MB_PARAM_LATER_NUMBER(key, text, list, unnamed, least, most)                               \
	{                                                                                          \
		.name = (key), .help = (text), .kind = MB_NUMBER, .defaults = (list),              \
		.neutral = (unnamed), .min = (least), .max = (most)                                \
	}
#define MB_PARAM_BATCH(text, list) MB_PARAM_NUMBER("batch", text, list, 1, MIGBENCH_BATCH_MAX)
/* The words for pairs: the nearest two nodes, the way back, and the first of them alone. */
#define MB_NODES_NEAREST "nearest"
#define MB_NODES_BACK "back"
#define MB_NODES_LOCAL "local"
#define MB_PARAM_NODES(text)                                                                       \
	{                                                                                          \
		.name = "nodes", .help = (text), .kind = MB_NODES, .defaults = MB_NODES_NEAREST    \
	}

/* One parameter's value at one point. The text belongs to the suite. */
struct mb_value {
	const char *text;
	unsigned long number; /* MB_NUMBER; MB_NODES: FROM */
	unsigned long to; /* MB_NODES: TO */
};

struct mb_point {
	int id;
	const struct mb_case *benchmark;
	struct mb_value values[MB_MAX_PARAMS]; /* in the order of benchmark->params */
	char *name; /* "benchmark/key=value,…" */
};

struct mb_block;
struct mb_session;

struct mb_case {
	const char *name;
	const char *summary;
	const struct mb_param *params; /* name == NULL at the end */
	const char *const *metrics; /* NULL at the end; metrics[0] is "total" */
	size_t state; /* bytes that the calls below get as @state; zeroed before each block */
	bool migrates; /* samples carry requested, collected, migrated */
	bool apart; /* each block in a process of its own: what is done to its mm ends with it */
	bool elsewhere; /* another process than the one that calls sample() is timed: who disturbs it is not known */

	/* The parameter that says how many base pages a sample has; NULL: each has one. */
	const char *pages;
	/* The same where no parameter says it. Optional. */
	unsigned long (*pages_of)(const struct mb_point *point);
	/*
	 * Can @point be measured here? false with the reason in @why. Before anything runs.
	 * Optional: see mb_point_can() for what is asked of every point without it.
	 */
	bool (*can)(struct mb_session *session, const struct mb_point *point, char why[MB_WHY]);
	/* Get ready for one block; false with @why. */
	bool (*prepare)(void *state, struct mb_session *session, const struct mb_point *point,
			char why[MB_WHY]);
	/*
	 * Take one sample (or a few that only come together) and hand each to
	 * mb_block_add() or mb_block_invalid(). Returns false with @why when the
	 * point can't go on.
	 */
	bool (*sample)(void *state, struct mb_block *block, char why[MB_WHY]);
	/* Give back what prepare got, however far: called where that failed, too. Optional. */
	void (*finish)(void *state);
};

/* Metrics that several benchmarks have: the total alone, or with the phases of a batch. */
extern const char *const mb_total[];
extern const char *const mb_total_and_phases[];

/* Registers a benchmark before main() runs. */
void mb_case_register(const struct mb_case *benchmark);

#define MB_CASE(symbol)                                                                            \
	static void __attribute__((constructor)) symbol##_register(void)                           \
	{                                                                                          \
		mb_case_register(&(symbol));                                                       \
	}

/* All benchmarks, by name; NULL at the end. */
const struct mb_case *const *mb_cases(void);
const struct mb_case *mb_case_find(const char *name);

/* A point's value of the parameter @name, which its benchmark must have. */
const struct mb_value *mb_value(const struct mb_point *point, const char *name);
/* The same, or NULL where the benchmark has no such parameter. */
const struct mb_value *mb_value_find(const struct mb_point *point, const char *name);
/* Is @point's value of the parameter @name, which its benchmark must have, the word @text? */
bool mb_is(const struct mb_point *point, const char *name, const char *text);
/*
 * Read "FROM>TO" or a word for a pair into *@value, the word as it is: the machine's nodes come with
 * mb_plan_place(). false if it is neither.
 */
bool mb_nodes_read(const char *text, struct mb_value *value);
/* Is @text a word for a pair? */
bool mb_nodes_is_word(const char *text);
/* Base pages of one sample of @point. */
unsigned long mb_pages(const struct mb_point *point);

/* Counts of one sample, for benchmarks that migrate. */
struct mb_counts {
	unsigned int requested, collected, migrated;
};

/*
 * Add one sample: values[i] belongs to metrics[i], in the clock's unit.
 * NAN for a metric that this point does not have: the record leaves it out.
 * @counts may be NULL.
 */
void mb_block_add(struct mb_block *block, const double *values, const struct mb_counts *counts);
/*
 * Add to a counter of this block, per sample: the record has the mean over the
 * samples. @name must outlive the block.
 */
void mb_block_counter(struct mb_block *block, const char *name, double value);
/* Count one sample whose pages did not all move, or whose content was lost. */
void mb_block_invalid(struct mb_block *block, const struct mb_counts *counts);

#endif
