/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a change means: which points, once a batch or once a page, in which phase and functions. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_MEANING_H
#define MIGBENCH_ANALYSIS_COMPARE_MEANING_H

#include "analysis/compare/compare.h"
#include "analysis/stats/change.h"

/* Points that differ in their size alone, of which some changed. */
struct an_family {
	char *name; /* "migrate, direction to-device, page 4k": what tells it from the others */
	const struct an_pair **pairs;
	size_t count, slower, faster;
	const struct an_pair *worst; /* changed most, by ratio */
	struct an_change_fit fit; /* of the change over the sizes, where there are two or more */
	double without; /* a size that alone is off the line, and not in it; 0: none is */
};

/*
 * The family that changed most; if @point is not NULL, the one with the point of that name. Returns
 * false when there is none, or nothing in it changed. an_family_free() is right in both cases.
 */
bool an_family_find(const struct an_comparison *c, const char *point, struct an_family *family);
void an_family_free(struct an_family *family);

/* Whether its points have a size, a batch or a number of pages; a program of the user's has none. */
bool an_family_sized(const struct an_family *family);

/* "It is +20.0 instructions a page and nothing a batch (…)."; malloc'd. */
char *an_family_fit_words(const struct an_comparison *c, const struct an_family *family);

/* "At batch 512, 98 % of it is in pages."; malloc'd, "" where no phase was measured. */
char *an_family_phase_words(const struct an_comparison *c, const struct an_family *family);

/* A profile of two kernels (lab profile --format json) that has been read. */
struct an_functions {
	char *point; /* the name of the point */
	struct an_function {
		char *name;
		double change; /* B - A, a page */
	} * at; /* that differ, the largest change first; a function's phases together */
	size_t count;
	double total; /* the change of all */
	bool per_page; /* false where a program or a single page was profiled */
};

/* MB_OK, or MB_REQUEST after one line on stderr; an_functions_free() is right in both cases. */
int an_functions_read(const char *path, struct an_functions *functions);
void an_functions_free(struct an_functions *functions);

/* Those named in a sentence: as many as hold most of the change. */
size_t an_functions_main(const struct an_functions *functions);
char *an_functions_words(const struct an_functions *functions);

/*
 * What @git's commits in @range ("A..B"; NULL: the tags of both kernels' versions) have to do with
 * these functions, as a sentence; malloc'd in *@words. MB_OK, or MB_REQUEST after one line: no tree,
 * no such commits. It takes a minute at most.
 */
int an_commits_words(const struct an_comparison *c, const char *git, const char *range,
		     const struct an_functions *functions, char **words);

/* What "compare" was told to make a paragraph of; all may be empty. */
struct an_sources {
	struct mb_strings profiles;
	const char *git, *range;
};

/*
 * A paragraph on what changed most in @c, malloc'd in *@words; NULL where nothing changed beyond its
 * margin and floor. Of several profiles the first counts whose point is among what changed. MB_OK, or
 * MB_REQUEST after one line: a profile that is none, no such commits.
 */
int an_meaning_words(const struct an_comparison *c, const struct an_sources *sources, char **words);

#endif
