// SPDX-License-Identifier: GPL-2.0-or-later
/* What a gate compares with: a run file from git, or a commit that is built and measured here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/spawn.h"
#include "lab/patch/bisect.h"
#include "lab/patch/gate.h"

static int clone(const struct lab_gate *gate, const char *folder)
{
	return mb_remove_tree(folder) ||
	       lab_git_run((const char *const[]){ "clone", "--quiet", "--shared", "--no-checkout",
						  gate->tree, folder, NULL });
}

static int take_commit(const struct lab_gate *gate, const char *folder)
{
	return lab_git_run((const char *const[]){ "-C", folder, "checkout", "--quiet", "--force",
						  "--detach", gate->commit, NULL });
}

/*
 * The base commit's files: a clone that borrows the tree's objects, so that the tree itself stays as
 * it is, and one folder for all base commits, so that make compiles what differs between them.
 */
static int check_out(const struct lab_gate *gate, const char *folder)
{
	char *git = mb_format("%s/.git", folder), *lock = mb_format("%s/index.lock", git);
	/* What was killed while it checked out leaves the latter; while it cloned, less than a clone. */
	int bad = mb_exists(git) && !mb_exists(lock) ? 0 : clone(gate, folder);

	if (!bad && take_commit(gate, folder))
		bad = lab_interrupted || clone(gate, folder) || take_commit(gate, folder);
	free(lock);
	free(git);
	return bad ? -1 : 0;
}

static int make_base(const struct lab_gate *gate, char **run)
{
	char hex[MB_DIGEST_HEX], *relative, *folder;
	int status = MB_OK;

	mb_digest(gate->tree, strlen(gate->tree), hex);
	relative = mb_format("gate/%.*s/base", LAB_KEY_DIGITS, hex);
	folder = mb_cache_path(relative);
	if (check_out(gate, folder))
		status = lab_interrupted ? MB_MACHINE
					 : mb_fail(MB_MACHINE,
						   "lab gate: commit %.12s cannot be "
						   "checked out in the cache",
						   gate->commit);
	if (!status)
		status = lab_gate_build(gate, folder, LAB_GATE_BASE);
	if (!status)
		status = lab_gate_measure(gate, LAB_GATE_BASE, "base");
	/* Bad news of the base are none of the commit that is judged, but nothing can be told then. */
	if (status == MB_BAD)
		status = mb_fail(MB_MACHINE,
				 "lab gate: the base commit %.12s is no measure: see "
				 "the line above",
				 gate->commit);
	*run = mb_format("%s/base.jsonl", gate->folder);
	free(folder);
	free(relative);
	return status;
}

int lab_gate_base(const struct lab_gate *gate, char **run)
{
	if (gate->commit)
		return make_base(gate, run);
	*run = mb_strdup(gate->baseline);
	return MB_OK;
}
