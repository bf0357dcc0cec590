// SPDX-License-Identifier: GPL-2.0-or-later
/* The probes of several kernels: which answers differ, with the commits. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/report/behaviours.h"
#include "core/record/read.h"

void an_versions_header(FILE *out, const struct an_versions *versions, const char *first)
{
	fprintf(out, "\n| %s |", first);
	for (size_t v = 0; v < versions->count; v++) {
		putc(' ', out);
		an_md(out, versions->runs[v]->kernel);
		fputs(" |", out);
	}
	fputs("\n|---|", out);
	for (size_t v = 0; v < versions->count; v++)
		fputs("--:|", out);
	putc('\n', out);
}

static const json_t *probe_of(const struct an_run *run, const char *id)
{
	json_t *probe;
	size_t i;

	json_array_foreach(run->probes, i, probe)
		if (!strcmp(id, json_string_value(json_object_get(probe, "id"))))
			return probe;
	return NULL;
}

/* Whether the probe could be asked there, and was. */
static bool answers(const struct an_run *run, const char *id)
{
	const json_t *probe = probe_of(run, id);

	return probe && strcmp(mb_record_text(probe, "answer"), "skipped") != 0;
}

/* The nearest run before @v, and like it, that answers; some are run without any probe. NULL: none. */
static const struct an_run *run_before(const struct an_versions *versions, size_t v, const char *id)
{
	const struct an_run *of = versions->runs[v];

	while (v-- > 0)
		if (an_run_alike(versions->runs[v], of) && answers(versions->runs[v], id))
			return versions->runs[v];
	return NULL;
}

/* What the probe said on the run before @v that has it, where that is another answer; else NULL. */
static const json_t *answer_before(const struct an_versions *versions, size_t v, const char *id)
{
	const json_t *now = probe_of(versions->runs[v], id);
	const struct an_run *run =
		answers(versions->runs[v], id) ? run_before(versions, v, id) : NULL;
	const json_t *was = run ? probe_of(run, id) : NULL;

	return was && strcmp(mb_record_text(was, "answer"), mb_record_text(now, "answer")) ? was
											   : NULL;
}

static bool changes(const struct an_versions *versions, const char *id)
{
	for (size_t v = 1; v < versions->count; v++)
		if (answer_before(versions, v, id))
			return true;
	return false;
}

/* Does any run before @v have the probe? Then its row has been written. */
static bool is_told(const struct an_versions *versions, size_t v, const char *id)
{
	while (v-- > 0)
		if (probe_of(versions->runs[v], id))
			return true;
	return false;
}

/* "a30b48bf1b24, 6.19" */
static void commit(FILE *out, const json_t *probe)
{
	an_md(out, mb_record_text(probe, "commit"));
	if (*mb_record_text(probe, "release")) {
		fputs(", ", out);
		an_md(out, mb_record_text(probe, "release"));
	}
}

static void behaviour_row(FILE *out, const struct an_versions *versions, const json_t *probe)
{
	const char *id = mb_record_text(probe, "id");

	fputs("| ", out);
	an_md(out, *mb_record_text(probe, "title") ? mb_record_text(probe, "title") : id);
	fputs(" (", out);
	commit(out, probe);
	fputs(") |", out);
	for (size_t v = 0; v < versions->count; v++) {
		probe = probe_of(versions->runs[v], id);
		putc(' ', out);
		an_md(out, probe ? mb_record_text(probe, "answer") : "–");
		fputs(" |", out);
	}
	putc('\n', out);
}

/* The behaviours that are not the same on all kernels, each with the commit that changed it. */
void an_behaviours_table(FILE *out, const struct an_versions *versions)
{
	bool begun = false;
	json_t *probe;
	size_t i;

	for (size_t v = 0; v < versions->count; v++)
		json_array_foreach(versions->runs[v]->probes, i, probe) {
			const char *id = mb_record_text(probe, "id");

			if (is_told(versions, v, id) || !changes(versions, id))
				continue;
			if (!begun) {
				fputs("\nWhat these kernels do differently, as `migbench probe` saw it "
				      "there, and the commit that changed it:\n",
				      out);
				an_versions_header(out, versions, "behaviour");
			}
			begun = true;
			behaviour_row(out, versions, probe);
		}
}

static void short_row(FILE *out, const struct an_run *before, const struct an_run *after,
		      const json_t *was, const json_t *is)
{
	char *from = an_version_of(before), *to = an_version_of(after);

	fputs("| ", out);
	an_md(out, from);
	fputs(" → ", out);
	an_md(out, to);
	fputs(" | ", out);
	an_md(out, *mb_record_text(is, "title") ? mb_record_text(is, "title")
						: mb_record_text(is, "id"));
	fputs(" | ", out);
	an_md(out, mb_record_text(was, "answer"));
	fputs(" → ", out);
	an_md(out, mb_record_text(is, "answer"));
	fputs(" | ", out);
	commit(out, is);
	fputs(" |\n", out);
	free(from);
	free(to);
}

bool an_behaviours_short(FILE *out, const struct an_versions *versions, size_t most, size_t *rest)
{
	size_t told = 0;

	*rest = 0;
	for (size_t v = versions->count; v-- > 1;) {
		json_t *is;
		size_t i;

		json_array_foreach(versions->runs[v]->probes, i, is) {
			const char *id = mb_record_text(is, "id");
			const json_t *was = answer_before(versions, v, id);

			if (!was)
				continue;
			if (told == most) {
				++*rest;
				continue;
			}
			if (!told++)
				fputs("\n| between | behaviour | was → is | commit |\n|---|---|---|---|\n",
				      out);
			short_row(out, run_before(versions, v, id), versions->runs[v], was, is);
		}
	}
	return told;
}

char *an_behaviour_words(const struct an_run *before, const struct an_run *after, const char *id)
{
	const json_t *was = before ? probe_of(before, id) : NULL, *is = probe_of(after, id);

	if (!is || strcmp(mb_record_text(is, "answer"), "present") || (before && !was) ||
	    (was && !strcmp(mb_record_text(was, "answer"), "present")))
		return NULL;
	return mb_format("%s%s%s%s, %s", mb_record_text(is, "commit"),
			 *mb_record_text(is, "release") ? " (" : "", mb_record_text(is, "release"),
			 *mb_record_text(is, "release") ? ")" : "",
			 *mb_record_text(is, "title") ? mb_record_text(is, "title") : id);
}
