// SPDX-License-Identifier: GPL-2.0-or-later
/* Several commits a step: in histories whose first bad commit is known, always that one, and in how many steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/text.h"
#include "lab/patch/probes.h"

#define MOST 600
#define WIDEST 20

/* A whole history, parents before children; its first commit is known to be good, its last to be bad. */
struct history {
	size_t count, parents[MOST][2], parent_count[MOST];
	bool has[MOST][MOST]; /* has[a][b]: b is a, or in a's history */
	bool skip[MOST];
};

static struct history *begin(size_t count)
{
	struct history *h = mb_alloc(1, sizeof(*h));

	h->count = count;
	return h;
}

static void finish(struct history *h)
{
	for (size_t i = 0; i < h->count; i++) {
		h->has[i][i] = true;
		for (size_t p = 0; p < h->parent_count[i]; p++)
			for (size_t j = 0; j < i; j++)
				h->has[i][j] |= h->has[h->parents[i][p]][j];
	}
}

static struct history *row(size_t count)
{
	struct history *h = begin(count);

	for (size_t i = 1; i < count; i++) {
		h->parent_count[i] = 1;
		h->parents[i][0] = i - 1;
	}
	finish(h);
	return h;
}

/* One in three is a merge of the last one and any before it. */
static struct history *merges(size_t count, unsigned int seed)
{
	struct history *h = begin(count);

	srandom(seed);
	for (size_t i = 1; i < count; i++) {
		h->parent_count[i] = random() % 3 && i + 1 < count ? 1 : 2;
		h->parents[i][0] = i - 1;
		/* A branch that begins somewhere else; the last one merges what is left. */
		if (h->parent_count[i] == 1 && !(random() % 4))
			h->parents[i][0] = (size_t)random() % i;
		h->parents[i][1] = (size_t)random() % i;
	}
	finish(h);
	return h;
}

/* What git would list between one bad commit and all good ones; @whole: which each of them is. */
static struct lab_suspects suspects(const struct history *h, size_t bad, const bool *good,
				    size_t *whole)
{
	struct lab_suspects s = { .at = mb_alloc(h->count, sizeof(*s.at)) };
	size_t index[MOST];

	for (size_t i = 0; i <= bad; i++) {
		bool is = h->has[bad][i];
		struct lab_suspect *one = &s.at[s.count];

		for (size_t g = 0; g < h->count; g++)
			is &= !(good[g] && h->has[g][i]);
		index[i] = SIZE_MAX;
		if (!is)
			continue;
		one->parents = mb_alloc(2, sizeof(*one->parents));
		one->skip = h->skip[i];
		for (size_t p = 0; p < h->parent_count[i]; p++)
			if (index[h->parents[i][p]] != SIZE_MAX)
				one->parents[one->parent_count++] = index[h->parents[i][p]];
		whole[s.count] = i;
		index[i] = s.count++;
	}
	return s;
}

/* How many steps it takes to find @first, which the search has to name; SIZE_MAX: only skipped ones are left. */
static size_t search(const struct history *h, size_t first, size_t width)
{
	bool *good = mb_alloc(h->count, sizeof(*good));
	size_t bad = h->count - 1, steps = 0, whole[MOST], probes[WIDEST];

	good[0] = true;
	for (;; steps++) {
		struct lab_suspects s = suspects(h, bad, good, whole);
		size_t count, next = bad;

		if (s.count == 1) {
			assert_int_equal(whole[0], first);
			lab_suspects_free(&s);
			break;
		}
		count = lab_probes_choose(&s, width, probes);
		assert_true(count <= width);
		assert_true(count <= s.count - 1);
		for (size_t k = 0; k < count; k++) {
			size_t at = whole[probes[k]];

			assert_false(h->skip[at]);
			assert_true(at != bad);
			for (size_t j = 0; j < k; j++)
				assert_true(probes[j] != probes[k]);
			if (!h->has[at][first])
				good[at] = true;
			else if (next == bad || h->has[next][at])
				next = at;
		}
		bad = next;
		lab_suspects_free(&s);
		if (!count) {
			steps = SIZE_MAX;
			break;
		}
	}
	free(good);
	return steps;
}

/* Steps for @count suspects when each leaves one piece of @width + 1. */
static size_t bound(size_t count, size_t width)
{
	size_t steps = 0;

	for (; count > 1; count = (count + width) / (width + 1))
		steps++;
	return steps;
}

static void in_a_row(void **state)
{
	static const size_t counts[] = { 2, 3, 4, 5, 17, 100, 257 };

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++) {
		struct history *h = row(counts[c] + 1);

		for (size_t width = 1; width <= WIDEST; width += width < 5 ? 1 : 5)
			for (size_t first = 1; first <= counts[c]; first++)
				assert_true(search(h, first, width) <= bound(counts[c], width));
		free(h);
	}
	/* What four at once are for. */
	assert_int_equal(bound(16384, 1), 14);
	assert_int_equal(bound(16384, 11), 4);
}

static void with_merges(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 6; seed++) {
		struct history *h = merges(120, seed);

		for (size_t first = 1; first < h->count; first++) {
			/* Whoever is not in the last one's history can't be to blame. */
			if (!h->has[h->count - 1][first])
				continue;
			for (size_t width = 1; width <= 8; width++)
				assert_true(search(h, first, width) < 30);
		}
		free(h);
	}
}

/* Skipped ones are never asked for; where they lie beside the guilty one, nobody is named. */
static void some_skipped(void **state)
{
	struct history *h = row(60);

	(void)state;
	for (size_t i = 10; i < 14; i++)
		h->skip[i] = true;
	for (size_t width = 1; width <= 7; width++)
		for (size_t first = 1; first < h->count; first++) {
			bool hidden = first >= 10 && first <= 14;

			assert_int_equal(search(h, first, width) == SIZE_MAX, hidden);
		}
	for (size_t i = 0; i < h->count; i++)
		h->skip[i] = true;
	assert_int_equal(search(h, 5, 3), SIZE_MAX);
	free(h);
}

/* More than there are: all of them, once. */
static void more_than_there_are(void **state)
{
	struct history *h = row(8);

	(void)state;
	for (size_t first = 1; first < h->count; first++)
		assert_int_equal(search(h, first, WIDEST), 1);
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_row),
		cmocka_unit_test(with_merges),
		cmocka_unit_test(some_skipped),
		cmocka_unit_test(more_than_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
