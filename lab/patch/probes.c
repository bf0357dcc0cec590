// SPDX-License-Identifier: GPL-2.0-or-later
/* The suspects of a bisection, and those that part them into equal pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/patch/bisect.h"
#include "lab/patch/probes.h"

#define BITS 64

/* How many suspects each one has in its history, itself among them; malloc'd. */
static size_t *weigh(const struct lab_suspects *suspects)
{
	size_t *weights = mb_alloc(suspects->count, sizeof(*weights));
	uint64_t *has = mb_alloc(suspects->count, sizeof(*has));

	/* Word by word: whether each has those of @first … @first + 63 in its history. */
	for (size_t first = 0; first < suspects->count; first += BITS)
		for (size_t i = first; i < suspects->count; i++) {
			const struct lab_suspect *one = &suspects->at[i];

			has[i] = i - first < BITS ? 1ull << (i - first) : 0;
			for (size_t p = 0; p < one->parent_count; p++)
				if (one->parents[p] >= first)
					has[i] |= has[one->parents[p]];
			weights[i] += (size_t)__builtin_popcountll(has[i]);
		}
	free(has);
	return weights;
}

size_t lab_probes_choose(const struct lab_suspects *suspects, size_t width, size_t *probes)
{
	size_t *weights = weigh(suspects), found = 0, n = suspects->count;
	bool *taken = mb_alloc(n, sizeof(*taken));

	for (size_t k = 1; k <= width; k++) {
		/* Multiplied by width + 1, so that nothing is rounded. */
		size_t target = k * n, best = n, least = SIZE_MAX;

		for (size_t i = 0; i + 1 < n; i++) {
			size_t weight = weights[i] * (width + 1);
			size_t off = weight > target ? weight - target : target - weight;

			if (!suspects->at[i].skip && !taken[i] && off < least) {
				least = off;
				best = i;
			}
		}
		if (best == n)
			break;
		taken[best] = true;
		probes[found++] = best;
	}
	free(taken);
	free(weights);
	return found;
}

/* One line of git's: a commit, and its parents. */
static void add(struct lab_suspects *suspects, json_t *indexes, char *line)
{
	char *commit = strsep(&line, " "), *parent;
	struct lab_suspect *one;

	suspects->at = mb_resize(suspects->at, suspects->count + 1, sizeof(*suspects->at));
	one = &suspects->at[suspects->count];
	*one = (struct lab_suspect){ .commit = mb_strdup(commit) };
	while (line && (parent = strsep(&line, " "))) {
		const json_t *index = json_object_get(indexes, parent);

		if (!index)
			continue;
		one->parents =
			mb_resize(one->parents, one->parent_count + 1, sizeof(*one->parents));
		one->parents[one->parent_count++] = (size_t)json_integer_value(index);
	}
	json_object_set_new(indexes, commit, json_integer((json_int_t)suspects->count));
	suspects->count++;
}

int lab_suspects_read(const char *bad, const char *good, struct lab_suspects *suspects)
{
	char *said = lab_git((const char *const[]){ "rev-list", "--topo-order", "--reverse",
						    "--parents", bad, "--not", good, NULL });
	char *skipped = lab_git((const char *const[]){ "for-each-ref", "--format=%(objectname)",
						       "refs/bisect/skip-*", NULL });
	json_t *indexes = json_object();
	char *rest = said, *line;

	*suspects = (struct lab_suspects){ 0 };
	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			add(suspects, indexes, line);
	rest = skipped;
	while (rest && (line = strsep(&rest, "\n"))) {
		const json_t *index = json_object_get(indexes, line);

		if (index)
			suspects->at[json_integer_value(index)].skip = true;
	}
	json_decref(indexes);
	free(skipped);
	free(said);
	return suspects->count ? MB_OK
			       : mb_fail(MB_MACHINE,
					 "lab bisect: git lists no commits between good and bad");
}

void lab_suspects_free(struct lab_suspects *suspects)
{
	for (size_t i = 0; i < suspects->count; i++) {
		free(suspects->at[i].commit);
		free(suspects->at[i].parents);
	}
	free(suspects->at);
	*suspects = (struct lab_suspects){ 0 };
}

size_t lab_suspects_find(const struct lab_suspects *suspects, const char *commit)
{
	size_t i = 0;

	while (i < suspects->count && strcmp(suspects->at[i].commit, commit) != 0)
		i++;
	return i;
}
