// SPDX-License-Identifier: GPL-2.0-or-later
/* The probes of several kernels: which answers differ, with the commits. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/report/behaviours.h"

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

static const char *text_of(const json_t *probe, const char *key)
{
	const char *text = json_string_value(json_object_get(probe, key));

	return text ? text : "";
}

static bool changes(const struct an_versions *versions, const char *id)
{
	for (size_t v = 1; v < versions->count; v++) {
		const json_t *before = probe_of(versions->runs[v - 1], id);
		const json_t *now = probe_of(versions->runs[v], id);

		if (before && now && strcmp(text_of(before, "answer"), text_of(now, "answer")))
			return true;
	}
	return false;
}

/* "a30b48bf1b24, 6.19" */
static void commit(FILE *out, const json_t *probe)
{
	an_md(out, text_of(probe, "commit"));
	if (*text_of(probe, "release")) {
		fputs(", ", out);
		an_md(out, text_of(probe, "release"));
	}
}

/* The behaviours that are not the same on all kernels, each with the commit that changed it. */
void an_behaviours_table(FILE *out, const struct an_versions *versions)
{
	bool begun = false;
	json_t *probe;
	size_t i;

	json_array_foreach(versions->runs[0]->probes, i, probe) {
		const char *id = text_of(probe, "id");

		if (!changes(versions, id))
			continue;
		if (!begun) {
			fputs("\nWhat these kernels do differently, as `migbench probe` saw it "
			      "there, and the commit that changed it:\n",
			      out);
			an_versions_header(out, versions, "behaviour");
		}
		begun = true;
		fputs("| ", out);
		an_md(out, *text_of(probe, "title") ? text_of(probe, "title") : id);
		fputs(" (", out);
		commit(out, probe);
		fputs(") |", out);
		for (size_t v = 0; v < versions->count; v++) {
			putc(' ', out);
			an_md(out, text_of(probe_of(versions->runs[v], id), "answer"));
			fputs(" |", out);
		}
		putc('\n', out);
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
	an_md(out, *text_of(is, "title") ? text_of(is, "title") : text_of(is, "id"));
	fputs(" | ", out);
	an_md(out, text_of(was, "answer"));
	fputs(" → ", out);
	an_md(out, text_of(is, "answer"));
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
		const struct an_run *before = versions->runs[v - 1], *after = versions->runs[v];
		json_t *is;
		size_t i;

		json_array_foreach(after->probes, i, is) {
			const json_t *was = probe_of(before, text_of(is, "id"));

			if (!was || !strcmp(text_of(was, "answer"), text_of(is, "answer")))
				continue;
			if (told == most) {
				++*rest;
				continue;
			}
			if (!told++)
				fputs("\n| between | behaviour | was → is | commit |\n|---|---|---|---|\n",
				      out);
			short_row(out, before, after, was, is);
		}
	}
	return told;
}

char *an_behaviour_words(const struct an_run *before, const struct an_run *after, const char *id)
{
	const json_t *was = before ? probe_of(before, id) : NULL, *is = probe_of(after, id);

	if (!is || strcmp(text_of(is, "answer"), "present") || (before && !was) ||
	    (was && !strcmp(text_of(was, "answer"), "present")))
		return NULL;
	return mb_format("%s%s%s%s, %s", text_of(is, "commit"), *text_of(is, "release") ? " (" : "",
			 text_of(is, "release"), *text_of(is, "release") ? ")" : "",
			 *text_of(is, "title") ? text_of(is, "title") : id);
}
