// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether patches apply, and if not, why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/diff/history.h"
#include "lab/diff/names.h"
#include "lab/diff/place.h"
#include "lab/diff/sort.h"
#include "lab/diff/tool.h"
#include "lab/diff/try.h"

/* What is asked, and where it failed. */
struct failure {
	const struct lab_patches *patches;
	const char *tree,
		*folder; /* the source, and the copy in which the patch before it is done */
	const unsigned int *strips;
	const char *called; /* the source, in words */
	const char *said; /* by the tool */
	size_t index; /* of the patch */
};

/* The one patch alone, as a list of its own. */
static struct lab_patches alone(const struct failure *f)
{
	return (struct lab_patches){ .at = &f->patches->at[f->index],
				     .count = 1,
				     .reverse = f->patches->reverse };
}

/* Whether the failed patch, or all that were given, are done already; in *@those: which. */
static bool is_done(const struct failure *f, struct lab_patches *those)
{
	const struct lab_diff_how how = { .folder = f->folder,
					  .strip = f->strips[f->index],
					  .reverse = !f->patches->reverse,
					  .check = true };

	*those = alone(f);
	if (lab_diff_tool(&f->patches->at[f->index], &how, NULL))
		return true;
	/* A later one may have changed what this one did. */
	*those = *f->patches;
	return f->patches->count > 1 && lab_try_undo(f->patches, f->tree);
}

static char *done(const struct failure *f, const struct lab_patches *those,
		  const struct lab_patches_other *others, size_t other_count)
{
	char *since, *cause;

	if (f->patches->reverse)
		return mb_format("is not in %s, so it can't be taken out; without --reverse it "
				 "applies",
				 f->called);
	if (those->count == 1 && f->index > 0 && !lab_try_undo(those, f->tree))
		return mb_strdup("is done already by a patch before it");
	since = lab_patches_since(those, f->tree, others, other_count);
	cause = mb_format("is applied already: %s in %s%s%s; --reverse tells the price of that",
			  those->count > 1 ? "it and the rest of the series are" : "it is",
			  f->called, *since ? ", " : "", since);
	free(since);
	return cause;
}

/* The line of what the tool said that tells most. */
static char *words(const char *said)
{
	static const char *const marks[] = { "can't find file", "FAILED", "error: ", "malformed",
					     "" };

	for (size_t i = 0; said && i < sizeof(marks) / sizeof(marks[0]); i++)
		for (const char *line = said; *line; line = lab_diff_next(line)) {
			size_t length = strcspn(line, "\n");

			if (memmem(line, length, marks[i], strlen(marks[i])))
				return mb_format("does not apply: %.*s", (int)length, line);
		}
	return mb_strdup("does not apply");
}

/* Whether the subject counts it as a later one of a series, and nothing was done before it. */
static bool comes_alone(const struct failure *f)
{
	return !f->patches->reverse && !f->index &&
	       lab_diff_number(f->patches->at[f->index].subject) > 1;
}

static int refuse(const struct failure *f, const struct lab_patches_other *others,
		  size_t other_count)
{
	const struct lab_patch *patch = &f->patches->at[f->index];
	struct lab_patches those;
	char *cause;

	if (is_done(f, &those))
		cause = done(f, &those, others, other_count);
	else
		cause = lab_diff_misfit(patch, f->folder, f->strips[f->index], f->patches->reverse,
					f->called);
	if (!cause)
		cause = words(f->said);
	if (!lab_interrupted)
		mb_fail(MB_REQUEST, "--patch %s: %s%s", patch->label, cause,
			comes_alone(f) ? "; it is one of a series, and those before it are not "
					 "given"
				       : "");
	free(cause);
	return lab_interrupted ? MB_MACHINE : MB_REQUEST;
}

int lab_patches_check(const struct lab_patches *patches, const char *tree,
		      const struct lab_patches_other *others, size_t other_count)
{
	unsigned int *strips = lab_try_strips(patches, tree);
	char *folder = lab_try_copy(patches, tree), *called = lab_patches_call(tree), *said = NULL;
	int status = folder ? MB_OK : MB_MACHINE;
	size_t count;

	if (!status) {
		count = lab_try_all(patches, folder, patches->reverse, strips, &said);
		if (count < patches->count) {
			const struct failure f = { .patches = patches,
						   .tree = tree,
						   .folder = folder,
						   .strips = strips,
						   .called = called,
						   .said = said,
						   .index = lab_try_index(patches, patches->reverse,
									  count) };

			status = lab_interrupted ? MB_MACHINE : refuse(&f, others, other_count);
		}
	}
	free(said);
	free(called);
	free(folder);
	free(strips);
	return status;
}

int lab_patches_apply(const struct lab_patches *patches, const char *tree)
{
	unsigned int *strips = lab_try_strips(patches, tree);
	char *said = NULL, *cause;
	size_t count = lab_try_all(patches, tree, patches->reverse, strips, &said);

	if (count < patches->count && !lab_interrupted) {
		cause = words(said);
		mb_fail(MB_MACHINE, "--patch %s: %s",
			patches->at[lab_try_index(patches, patches->reverse, count)].label, cause);
		free(cause);
	}
	free(said);
	free(strips);
	return count < patches->count ? -1 : 0;
}

int lab_patches_store(const struct lab_patches *patches, const char *folder)
{
	int status = 0;

	for (size_t i = 0; !status && i < patches->count; i++) {
		char *path = mb_format("%s/%04zu-%s.patch", folder, i + 1, patches->name);

		status = mb_write_file(path, patches->at[i].text, strlen(patches->at[i].text));
		free(path);
	}
	return status;
}
