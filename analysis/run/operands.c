// SPDX-License-Identifier: GPL-2.0-or-later
/* The runs that a command line names, and whether they can be compared. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/run/environment.h"
#include "analysis/run/operands.h"
#include "analysis/run/read.h"
#include "core/status.h"

/* The parts of @list between commas, in place; NULL if one is empty. */
static char **split(char *list, size_t *count)
{
	char **parts = NULL, *part = list, *comma;
	size_t capacity = 0;

	*count = 0;
	/* A file may have a comma in its name. */
	comma = access(list, F_OK) ? strchr(list, ',') : NULL;
	for (;; part = comma + 1, comma = strchr(part, ',')) {
		parts = mb_grow(parts, &capacity, *count, sizeof(*parts));
		parts[(*count)++] = part;
		if (comma)
			*comma = '\0';
		if (!*part) {
			free(parts);
			return NULL;
		}
		if (!comma)
			return parts;
	}
}

/* What differs between the environments of one side's boots is said, not refused. */
static void note_environment(struct an_run *first, struct an_run *other)
{
	struct an_run *both[] = { first, other };
	json_t *differences = an_env_differences(both, 2), *value;
	char *keys = mb_strdup("");
	const char *key;

	json_object_foreach(differences, key, value)
		an_extend(&keys, "%s%s", *keys ? ", " : "", key);
	if (*keys)
		mb_note("%s: its environment is not that of %s: %s", other->files[0],
			first->files[0], keys);
	free(keys);
	json_decref(differences);
}

static const char *file_of(const struct an_run *run)
{
	return run->path;
}

int an_operands_check_nodes(struct an_run *const *runs, size_t count)
{
	const struct an_run *first = NULL;

	for (size_t i = 0; i < count; i++) {
		if (runs[i]->insns || !an_run_node(runs[i]))
			continue;
		if (first && an_run_other_node(first, runs[i]))
			return mb_fail(MB_REQUEST,
				       "%s was measured on node %s and %s on %s: under the clock "
				       "time one node has to measure both",
				       file_of(first), an_run_node(first), file_of(runs[i]),
				       an_run_node(runs[i]));
		first = runs[i];
	}
	return MB_OK;
}

static int append_all(struct an_run **runs, size_t count, char *const *paths)
{
	int status = an_operands_check_nodes(runs, count);

	for (size_t i = 1; i < count && !status; i++) {
		char *why = an_run_append(runs[0], runs[i]);

		if (why) {
			mb_fail(MB_REQUEST, "%s: no further boot of %s: %s", paths[i], paths[0],
				why);
			free(why);
			return MB_REQUEST;
		}
		note_environment(runs[0], runs[i]);
	}
	return status;
}

int an_operand_read(const char *list, struct an_run **run)
{
	char *copy = mb_strdup(list), **paths;
	struct an_run **runs = NULL;
	size_t count, run_count = 0;
	int status;

	*run = NULL;
	paths = split(copy, &count);
	if (!paths) {
		free(copy);
		return mb_fail(MB_REQUEST, "'%s': a file name is missing", list);
	}
	status = an_runs_read(paths, count, false, &runs, &run_count);
	if (!status)
		status = append_all(runs, run_count, paths);
	if (!status) {
		*run = runs[0];
		runs[0] = NULL;
	}
	an_runs_free(runs, run_count);
	free(paths);
	free(copy);
	return status;
}

/* A plan that differs moves medians: it is no longer the kernel alone that is compared. */
static int check_plan(const struct an_run *a, const struct an_run *b)
{
	if (a->has_seed != b->has_seed || a->seed != b->seed)
		return mb_fail(MB_REQUEST,
			       "%s has seed %lld and %s has %lld: under the clock insns both sides "
			       "need the same seed and plan",
			       file_of(a), a->seed, file_of(b), b->seed);
	if (!json_equal(a->config, b->config))
		return mb_fail(MB_REQUEST,
			       "%s and %s were measured with different \"config\": under the clock "
			       "insns both sides need the same plan",
			       file_of(a), file_of(b));
	for (int turn = 0; turn < 2; turn++) {
		const struct an_run *mine = turn ? b : a, *other = turn ? a : b;

		for (size_t i = 0; i < mine->point_count; i++)
			if (!an_run_point(other, mine->points[i].name))
				return mb_fail(MB_REQUEST,
					       "%s has no point %s and %s has: under the clock "
					       "insns both sides need the same plan",
					       file_of(other), mine->points[i].name, file_of(mine));
	}
	return MB_OK;
}

/* As long as the lab did not say it there was x86-64 alone. */
static bool knows_arch(const struct an_run *run)
{
	return run->lab || json_object_get(run->env, "arch");
}

static const char *arch_of(const struct an_run *run)
{
	const char *arch = json_string_value(json_object_get(run->env, "arch"));

	return arch ? arch : "x86_64";
}

/* What the module was loaded with; "usual" in runs that have no word of it. */
static const char *stamps_of(const struct an_run *run)
{
	const char *stamps = json_string_value(json_object_get(run->env, "stamps"));

	return stamps ? stamps : "usual";
}

int an_operands_check(struct an_run *const *runs, size_t count, bool force)
{
	for (size_t i = 1; i < count; i++)
		if (runs[i]->insns != runs[0]->insns)
			return mb_fail(MB_REQUEST,
				       "%s has the clock %s and %s has %s: different clocks can't "
				       "be compared",
				       file_of(runs[0]), an_run_clock(runs[0]), file_of(runs[i]),
				       an_run_clock(runs[i]));
	for (size_t i = 1; i < count; i++)
		if (runs[i]->x86 != runs[0]->x86 && knows_arch(runs[i]) && knows_arch(runs[0]))
			return mb_fail(
				MB_REQUEST,
				"%s is of %s and %s of %s: an instruction, or a page, of one "
				"architecture is not one of another; migbench report sets them "
				"side by side",
				file_of(runs[0]), arch_of(runs[0]), file_of(runs[i]),
				arch_of(runs[i]));
	for (size_t i = 1; i < count && !force; i++)
		if (strcmp(stamps_of(runs[i]), stamps_of(runs[0])))
			return mb_fail(MB_REQUEST,
				       "%s has %s stamps and %s %s ones: more than the kernel "
				       "differs; --force compares them all the same",
				       file_of(runs[0]), stamps_of(runs[0]), file_of(runs[i]),
				       stamps_of(runs[i]));
	for (size_t i = 0; i < count && !force; i++)
		if (!runs[i]->valid)
			return mb_fail(
				MB_REQUEST,
				"%s is invalid by its own account%s%s; --force uses it all the same",
				file_of(runs[i]), runs[i]->why_invalid ? ": " : "",
				runs[i]->why_invalid ? runs[i]->why_invalid : "");
	for (size_t i = 1; i < count && runs[0]->insns; i++) {
		int status = check_plan(runs[0], runs[i]);

		if (status)
			return status;
	}
	return an_operands_check_nodes(runs, count);
}
