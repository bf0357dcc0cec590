// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that would give such a comparison again. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/lkml.h"
#include "core/base/list.h"
#include "core/record/read.h"

/* Whether a shell takes @word as it stands. */
static bool is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=+,./:@%";

	return *word && strspn(word, plain) == strlen(word);
}

/*
 * One word, quoted where it must be; what is too long for a line goes on in the next one, which the
 * shell joins to it.
 */
static void put_word(FILE *out, const char *word, size_t *at)
{
	/* A blank and a backslash behind it. */
	const size_t room = AN_LKML_WIDTH - 2;
	size_t length = strlen(word), quotes = is_plain(word) ? 0 : 2;
	bool first = *at == 0;

	for (const char *p = word; quotes && *p; p++)
		quotes += *p == '\'' ? 3 : 0;
	if (!first && *at + 1 + length + quotes > room) {
		fputs(" \\\n", out);
		*at = 0;
	} else if (!first) {
		putc(' ', out);
		++*at;
	}
	if (quotes)
		putc('\'', out);
	*at += quotes > 0;
	for (; *word; word++) {
		size_t wide = quotes && *word == '\'' ? 4 : 1;

		if (*at + wide + (quotes > 0) > room) {
			fputs(quotes ? "'\\\n'" : "\\\n", out);
			*at = quotes > 0;
		}
		if (wide > 1)
			fputs("'\\''", out);
		else
			putc(*word, out);
		*at += wide;
	}
	if (quotes)
		putc('\'', out);
	*at += quotes > 0;
}

static void put_command(FILE *out, const struct mb_list *words)
{
	size_t at = 0;

	for (size_t i = 0; i < words->count; i++)
		put_word(out, words->at[i], &at);
	putc('\n', out);
}

/* All that was said when @run was made, but for the kernel and the file. */
static void add_request(struct mb_list *words, const struct an_run *run)
{
	const json_t *set = json_object_get(run->config, "set"), *value;
	const char *only = mb_record_text(run->config, "only");
	json_int_t calibrate;
	size_t i;

	if (run->lab) {
		mb_list_add(words, "--clock=%s", an_run_clock(run));
		if (*mb_record_text(run->lab, "topology"))
			mb_list_add(words, "--topology=%s", mb_record_text(run->lab, "topology"));
		if (!run->insns && *mb_record_text(run->lab, "accelerator"))
			mb_list_add(words, "--accel=%s", mb_record_text(run->lab, "accelerator"));
		/* A model that is not the default; older runs had one other, and did not say it. */
		if (*mb_record_text(run->lab, "cpu"))
			mb_list_add(words, "--cpu=%s", mb_record_text(run->lab, "cpu"));
		else if (strstr(mb_record_text(run->env, "cpu_model"), "+fsrm"))
			mb_list_add(words, "--cpu=qemu64-fsrm");
		mb_list_add(words, "--boots=%u", run->boots);
	}
	calibrate = mb_record_number(run->lab ? run->lab : run->config, "calibrate");
	if (calibrate > 0)
		mb_list_add(words, "--calibrate=%lld", (long long)calibrate);
	if (*mb_record_text(run->config, "suite"))
		mb_list_add(words, "--suite=%s", mb_record_text(run->config, "suite"));
	if (*only)
		mb_list_add(words, "--only=%s", only);
	json_array_foreach(set, i, value)
		if (json_is_string(value))
			mb_list_add(words, "--set=%s", json_string_value(value));
	if (run->has_seed)
		mb_list_add(words, "--seed=%lld", run->seed);
}

static bool same_words(const struct mb_list *a, const struct mb_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->at[i], b->at[i]))
			return false;
	return true;
}

/* "migbench lab run --kernel=…" or "migbench run", @request, and the file. */
static void put_run(FILE *out, const char *kernels, const struct mb_list *request, const char *file)
{
	struct mb_list words = { 0 };

	mb_list_add(&words, "migbench");
	if (kernels)
		mb_list_add(&words, "lab");
	mb_list_add(&words, "run");
	if (kernels)
		mb_list_add(&words, "--kernel=%s", kernels);
	for (size_t i = 0; i < request->count; i++)
		mb_list_add(&words, "%s", request->at[i]);
	mb_list_add(&words, "--out=%s", file);
	put_command(out, &words);
	mb_list_free(&words);
}

/* What made both runs; the files that come of it in @a and @b. */
static void put_runs(FILE *out, const struct an_comparison *c, char **a, char **b)
{
	const char *first = mb_record_text(c->a->lab, "kernel"),
		   *second = mb_record_text(c->b->lab, "kernel");
	struct mb_list request_a = { 0 }, request_b = { 0 };
	char *kernels;

	add_request(&request_a, c->a);
	add_request(&request_b, c->b);
	if (c->a->lab && c->b->lab && strcmp(first, second) && same_words(&request_a, &request_b)) {
		kernels = mb_format("%s,%s", first, second);
		put_run(out, kernels, &request_a, "run.jsonl");
		free(kernels);
		*a = mb_format("run-%s.jsonl", first);
		*b = mb_format("run-%s.jsonl", second);
	} else {
		put_run(out, c->a->lab ? first : NULL, &request_a, "a.jsonl");
		put_run(out, c->b->lab ? second : NULL, &request_b, "b.jsonl");
		*a = mb_strdup("a.jsonl");
		*b = mb_strdup("b.jsonl");
	}
	mb_list_free(&request_a);
	mb_list_free(&request_b);
}

void an_lkml_commands(FILE *out, const struct an_comparison *c, const struct mb_strings *command)
{
	char *metric = an_question_words(&c->question), *a, *b;
	struct mb_list words = { 0 };

	fputs("To reproduce:\n", out);
	for (size_t i = 0; i < command->count; i++)
		mb_list_add(&words, "%s", command->at[i]);
	if (command->count) {
		put_command(out, &words);
		mb_list_free(&words);
		free(metric);
		return;
	}
	put_runs(out, c, &a, &b);
	mb_list_add(&words, "migbench");
	mb_list_add(&words, "compare");
	mb_list_add(&words, "%s", a);
	mb_list_add(&words, "%s", b);
	if (strcmp(metric, "total"))
		mb_list_add(&words, "--metric=%s", metric);
	mb_list_add(&words, "--margin=%.15g", 100 * c->question.margin);
	if (c->question.only)
		mb_list_add(&words, "--only=%s", c->question.only);
	mb_list_add(&words, "--format=lkml");
	put_command(out, &words);
	mb_list_free(&words);
	free(metric);
	free(a);
	free(b);
}
