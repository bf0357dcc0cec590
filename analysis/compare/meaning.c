// SPDX-License-Identifier: GPL-2.0-or-later
/* The paragraph that a comparison begins with where something changed. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "analysis/compare/lkml.h"
#include "analysis/compare/meaning.h"
#include "core/status.h"

/* "B costs more at 12 of 12 points, most at 1 page (+2.10%)"; of one point "B costs more at 1 page (+2.10%)". */
static char *head_words(const struct an_family *family)
{
	const struct an_pair *worst = family->worst;
	size_t changed = family->slower + family->faster;
	char *change = an_change_words(worst->ratio), *text;

	text = mb_format("What the change means: of %s, B costs ", family->name);
	if (family->slower && family->faster)
		an_extend(&text, "more at %zu and less at %zu", family->slower, family->faster);
	else
		an_extend(&text, "%s", family->slower ? "more" : "less");
	if (family->count > 1) {
		if (!family->slower || !family->faster)
			an_extend(&text, " at %zu", changed);
		an_extend(&text, " of %zu points, most", family->count);
	}
	if (an_family_sized(family))
		an_extend(&text, " at %s page%s", an_count((double)worst->point->pages),
			  worst->point->pages == 1 ? "" : "s");
	an_extend(&text, " (%s).", change);
	free(change);
	return text;
}

/* The profile that is of what changed, in *@functions; without one what changed most. */
static int choose(const struct an_comparison *c, const struct mb_strings *profiles,
		  struct an_functions *functions, struct an_family *family)
{
	for (size_t i = 0; i < profiles->count; i++) {
		int status = an_functions_read(profiles->at[i], functions);

		if (status || an_family_find(c, functions->point, family))
			return status;
		an_functions_free(functions);
	}
	an_family_find(c, NULL, family);
	return MB_OK;
}

int an_meaning_words(const struct an_comparison *c, const struct an_sources *sources, char **words)
{
	struct an_functions functions = { 0 };
	struct an_family family = { 0 };
	size_t changed = c->verdicts[AN_SLOWER] + c->verdicts[AN_FASTER], others;
	char *commits = NULL;
	int status = choose(c, &sources->profiles, &functions, &family);

	*words = NULL;
	if (!status && sources->git && functions.point)
		status = an_commits_words(c, sources->git, sources->range, &functions, &commits);
	if (!status && family.worst) {
		*words = head_words(&family);
		*words = an_append(*words, an_family_fit_words(c, &family));
		*words = an_append(*words, an_family_phase_words(c, &family));
		if (functions.point)
			*words = an_append(*words, an_functions_words(&functions));
		*words = an_append(*words, commits);
		commits = NULL;
		others = changed - family.slower - family.faster;
		if (others)
			*words = an_append(*words, mb_format("%zu other point%s changed, too.",
							     others, others == 1 ? "" : "s"));
	}
	free(commits);
	an_functions_free(&functions);
	an_family_free(&family);
	return status;
}

void an_meaning_print(const struct an_comparisons *all, bool md)
{
	if (!all->meaning)
		return;
	if (md)
		an_md(stdout, all->meaning);
	else
		an_wrap(stdout, all->meaning, AN_TERMINAL, "", false);
	fputs(md ? "\n\n" : "\n", stdout);
}
